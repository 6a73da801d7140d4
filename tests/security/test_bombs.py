"""Uploads made to fill memory or disk, or to reach a parser that nobody asked for."""

import io
import struct
import zipfile

import pytest
from PIL import Image

from tagwerk.base.errors import Invalid
from tagwerk.domain.projects import actions as projects
from tagwerk.domain.projects.rules import media as rules
from tests.orders import project
from tests.people import actor

SOUND = b"ID3" + b"\0" * 897


def moving(size: tuple[int, int], frames: int) -> bytes:
    """A GIF whose frames differ."""
    out = io.BytesIO()
    pictures = [Image.new("P", size, number % 2) for number in range(frames)]
    for picture in pictures:
        picture.putpalette([0, 0, 0, 255, 255, 255])
    pictures[0].save(out, format="GIF", save_all=True, append_images=pictures[1:])
    return out.getvalue()


def packed(**files: bytes) -> bytearray:
    """A ZIP archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"{name}.mp3", content)
    return bytearray(out.getvalue())


def taken(content: bytes) -> tuple[list[str], list[tuple[str, str]]]:
    """What of an archive came in, and what did not, with the code of the reason."""
    made = project()
    report = projects.upload_archive(actor=actor("ada"), project_id=made.id, content=io.BytesIO(content))
    return report.stored, [(name, refusal.code) for name, refusal in report.refused]


def test_frames_are_small_one_by_one_and_too_many_together(monkeypatch):
    monkeypatch.setattr(rules, "LARGEST_PICTURE_PIXELS", 1_000)
    assert rules.picture_again(moving((10, 10), 10))
    with pytest.raises(Invalid, match="all frames together"):
        rules.picture_again(moving((10, 10), 11))


def test_frames_of_next_to_nothing_have_an_end_too():
    with pytest.raises(Invalid, match="frames"):
        rules.picture_again(moving((1, 1), rules.MOST_FRAMES + 1))


def test_a_small_file_that_says_it_is_a_huge_picture():
    out = io.BytesIO()
    Image.new("L", (1, 1)).save(out, "PNG")
    huge = bytearray(out.getvalue())
    huge[16:24] = struct.pack(">II", 60_000, 60_000)
    for draw in (rules.picture_again, rules.media_type_of):
        with pytest.raises(Invalid) as refused:
            draw(bytes(huge))
        assert refused.value.code in ("media_too_many_pixels", "media_broken", "media_type")


def test_bytes_of_strangers_reach_the_parsers_of_our_formats_only():
    Image.init()
    seen: list[bytes] = []
    Image.register_open("FOREIGN", lambda *_: seen.append(b"parsed"), lambda head: bool(seen.append(head)))
    try:
        with pytest.raises(Invalid, match="no picture"):
            rules.media_type_of(b"something else" * 10)
        with pytest.raises(Invalid):
            rules.picture_again(b"something else" * 10)
    finally:
        Image.ID.remove("FOREIGN")
        del Image.OPEN["FOREIGN"]
    assert seen == []


@pytest.mark.django_db
def test_an_archive_that_unpacks_to_more_than_the_disk_has_to_hold(settings):
    settings.UPLOAD_LIMIT_BYTES = 1_000
    files = {f"sound{number}": SOUND + bytes([number]) for number in range(6)}
    stored, refused = taken(packed(**files))
    assert stored == [f"sound{number}.mp3" for number in range(4)]
    assert refused == [("sound4.mp3", "archive_too_large"), ("sound5.mp3", "archive_too_large")]


@pytest.mark.django_db
def test_a_file_that_is_larger_than_its_archive_says(settings):
    settings.UPLOAD_LIMIT_BYTES = 1_000
    content = packed(bomb=SOUND * 100, fine=SOUND)
    for place in (content.index(b"PK\x03\x04") + 22, content.index(b"PK\x01\x02") + 24):
        content[place : place + 4] = struct.pack("<I", 10)
    assert taken(content)[0] in ([], ["fine.mp3"])
    assert "bomb.mp3" in dict(taken(content)[1])


@pytest.mark.django_db
def test_an_archive_whose_list_of_files_would_fill_the_memory():
    contents = b"\0" * 7_000_000
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(contents), 0, 0)
    with pytest.raises(Invalid, match="at most"):
        taken(contents + end)


@pytest.mark.django_db
def test_what_cannot_be_unpacked_is_named_and_the_rest_comes_in():
    content = packed(locked=SOUND + b"1", torn=SOUND + b"2", strange=SOUND + b"3", fine=SOUND + b"4")
    for number, (here, there, change) in enumerate([(6, 8, 1), (14, 16, 0xFF), (8, 10, 77)]):
        inside = list_of(content, b"PK\x03\x04")[number] + here
        outside = list_of(content, b"PK\x01\x02")[number] + there
        for place in (inside, outside):
            content[place] ^= change
    stored, refused = taken(content)
    assert stored == ["fine.mp3"]
    assert refused == [(f"{name}.mp3", "archive_member") for name in ("locked", "torn", "strange")]


def list_of(content: bytearray, mark: bytes) -> list[int]:
    """Where a mark stands."""
    return [place for place in range(len(content)) if content[place : place + 4] == mark]


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\5\6" + b"\xff" * 18, b"no archive" * 20])
@pytest.mark.django_db
def test_what_is_no_archive(content):
    with pytest.raises(Invalid) as refused:
        taken(content)
    assert refused.value.code in ("archive_unreadable", "archive_too_many")
