import pytest

from tagwerk.base.errors import Invalid
from tagwerk.domain.community.rules import LONGEST_CHARS, message_text


def test_a_message_is_kept_without_white_space_at_its_ends():
    assert message_text("  Guten Tag\r\nund\0 auf Wiedersehen\n") == "Guten Tag\nund auf Wiedersehen"


@pytest.mark.parametrize("text", ["", " \n ", "\0", "x" * (LONGEST_CHARS + 1)])
def test_an_empty_or_endless_message_is_refused(text):
    with pytest.raises(Invalid) as refused:
        message_text(text)
    assert refused.value.code == "message_length" and str(LONGEST_CHARS) in str(refused.value)
