import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageSequence

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


def test_what_phones_keep_behind_the_first_picture_stays_behind():
    out = io.BytesIO()
    first, second = Image.new("RGB", (5, 5), "red"), Image.new("RGB", (5, 5), "blue")
    first.save(out, format="MPO", save_all=True, append_images=[second])
    assert rules.media_type_of(out.getvalue()) == "image/jpeg"
    again = Image.open(io.BytesIO(rules.picture_again(out.getvalue())))
    assert again.format == "JPEG" and again.convert("RGB").getpixel((2, 2))[0] > 200


@pytest.mark.parametrize("kind", ["PNG", "GIF"])
def test_what_is_transparent_stays_so(kind):
    seen, out = Image.new("P", (2, 1)), io.BytesIO()
    seen.putpalette([255, 0, 0, 0, 255, 0])
    seen.putpixel((1, 0), 1)
    seen.save(out, format=kind, transparency=0)
    again = Image.open(io.BytesIO(rules.picture_again(out.getvalue()))).convert("RGBA")
    assert [again.getpixel((x, 0))[3] for x in (0, 1)] == [0, 255]
    assert again.getpixel((1, 0))[:3] == (0, 255, 0)


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP"])
def test_a_picture_that_moves_goes_on_moving_as_fast(kind):
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "lime", "blue")]
    out = io.BytesIO()
    options = {"comment": b"where I live"} if kind == "GIF" else {}
    frames[0].save(
        out, format=kind, save_all=True, append_images=frames[1:], duration=[200, 300, 400], **options
    )
    content = rules.picture_again(out.getvalue())
    assert b"where I live" not in content
    again, shown = Image.open(io.BytesIO(content)), []
    for frame in ImageSequence.Iterator(again):
        frame.load()
        shown.append((frame.convert("RGB").getpixel((1, 1)), frame.info["duration"]))
    assert again.format == kind and [duration for _, duration in shown] == [200, 300, 400]
    assert [max(range(3), key=lambda c: colour[c]) for colour, _ in shown] == [0, 1, 2]


@pytest.mark.parametrize("brand", [b"heic", b"mif1", b"avif"])
def test_a_picture_in_a_films_clothes_is_no_film(brand):
    with pytest.raises(Invalid, match="save it as JPEG"):
        rules.media_type_of(b"\0\0\0\x18ftyp" + brand + b"\0" * 40)
    assert rules.media_type_of(b"\0\0\0\x18ftypisom" + b"\0" * 40) == "video/mp4"


def test_a_broken_picture_is_refused():
    with pytest.raises(Invalid, match="cannot be read"):
        rules.picture_again(_png()[:40])


@pytest.mark.parametrize(
    ("later", "launched", "refused"),
    [("4 days", True, True), ("1 week", True, True), ("2 days", True, False), ("7 days", False, False)],
)
def test_who_has_begun_to_work_is_never_paid_later_than_was_promised(later, launched, refused):
    old, new = {"approve_after": "3 days"}, {"approve_after": later}
    if not refused:
        return rules.require_revisable(old, new, has_answers=launched, launched=launched)
    with pytest.raises(Conflict) as found:
        rules.require_revisable(old, new, has_answers=False, launched=launched)
    assert found.value.code == "project_approval_later" and "3 days" in str(found.value)
    return None
