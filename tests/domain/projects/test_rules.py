import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tagwerk.base.errors import Conflict, Invalid
from tagwerk.domain.projects import rules
from tagwerk.domain.projects.rules import State


def test_the_fee_is_shown_on_both_bases():
    price = rules.price(reward_micros=300_000, fee_bp=2000, currency="EUR")
    assert (price.fee_micros, price.total_micros, price.take_bp) == (60_000, 360_000, 1667)


def test_a_fee_is_never_rounded_away():
    assert rules.price(reward_micros=1, fee_bp=1, currency="EUR").fee_micros == 1


def test_a_finished_project_does_not_open_again():
    with pytest.raises(Conflict, match="finished"):
        rules.require_move("finished", State.OPEN)
    rules.require_move("paused", State.OPEN)


def test_questions_are_frozen_once_there_are_answers():
    old, new = {"ask": 1, "instructions": "a"}, {"ask": 2, "instructions": "b"}
    rules.require_revisable(old, new, has_answers=False)
    rules.require_revisable(old, {**old, "instructions": "b"}, has_answers=True)
    with pytest.raises(Conflict, match="ask"):
        rules.require_revisable(old, new, has_answers=True)


def test_a_budget_only_rises():
    rules.require_more(old_micros=1, new_micros=2, currency="EUR")
    with pytest.raises(Invalid, match="budget"):
        rules.require_more(old_micros=2, new_micros=2, currency="EUR")


@given(st.text(min_size=1, max_size=100))
def test_a_safe_name_leads_nowhere(name):
    try:
        safe = rules.safe_name(name)
    except Invalid:
        return
    assert not safe.startswith(("/", ".")) and ".." not in safe.split("/") and "\0" not in safe


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("/abs/cat.png", "abs/cat.png"),
        ("c:\\dir\\cat.png", "c_/dir/cat.png"),
        ("Kätzchen 1.jpg", "Kätzchen_1.jpg"),
        (".hidden", "hidden"),
    ],
)
def test_names_keep_what_is_harmless(given, kept):
    assert rules.safe_name(given) == kept


def _png(**options):
    out = io.BytesIO()
    Image.new("RGB", (4, 3), (200, 10, 10)).save(out, format="PNG", **options)
    return out.getvalue()


def test_a_file_is_what_its_bytes_say():
    assert rules.media_type_of(_png()) == "image/png"
    assert rules.media_type_of(b"ID3\x04" + b"\0" * 40) == "audio/mpeg"
    assert rules.media_type_of(b"RIFF\0\0\0\0WAVE" + b"\0" * 40) == "audio/wav"
    for hostile in (
        b"<svg onload=alert(1)>",
        b"<!doctype html>" + b" " * 40,
        b"%PDF-1.7" + b" " * 40,
        b"MZ" * 40,
    ):
        with pytest.raises(Invalid, match="no picture"):
            rules.media_type_of(hostile)


def test_a_picture_is_drawn_again_without_what_was_hidden_in_it():
    photo = Image.new("RGB", (5, 5))
    exif = photo.getexif()
    exif[0x010E] = "where I live"
    out = io.BytesIO()
    photo.save(out, format="JPEG", exif=exif)
    again = rules.picture_again(out.getvalue() + b"<script>behind</script>")
    assert b"where I live" not in again and b"script" not in again
    assert Image.open(io.BytesIO(again)).size == (5, 5)


def test_a_broken_picture_is_refused():
    with pytest.raises(Invalid, match="cannot be read"):
        rules.picture_again(_png()[:40])
