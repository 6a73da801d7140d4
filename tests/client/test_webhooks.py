import pytest

from tagwerk.client.webhooks import WebhookNotGenuine, verify
from tagwerk.domain.notices.rules import webhooks as rules

SECRET = rules.secret_text(b"s" * 32)
OTHER = rules.secret_text(b"o" * 32)
BODY = b'{"type":"result.ready","data":{}}'


def signed(*secrets: str, timestamp: int = 1_800_000_000) -> dict[str, str]:
    """The headers that the platform sends."""
    return rules.headers(secrets, message_id="dlv_x", timestamp=timestamp, body=BODY)


def test_what_the_platform_signs_is_genuine():
    assert verify(signed(SECRET), BODY, SECRET, now=1_800_000_010)["type"] == "result.ready"
    capitals = {name.title(): value for name, value in signed(SECRET).items()}
    assert verify(capitals, BODY.decode(), SECRET, now=1_800_000_010)


def test_either_secret_opens_it_while_they_change():
    headers = signed(OTHER, SECRET)
    assert verify(headers, BODY, SECRET, now=1_800_000_000) == verify(headers, BODY, OTHER, now=1_800_000_000)


@pytest.mark.parametrize(
    ("headers", "body", "now"),
    [
        (signed(OTHER), BODY, 1_800_000_000),
        (signed(SECRET), BODY + b" ", 1_800_000_000),
        (signed(SECRET), BODY, 1_800_000_301),
        (signed(SECRET), BODY, 1_799_999_699),
        ({}, BODY, 1_800_000_000),
        (signed(SECRET) | {"webhook-timestamp": "x"}, BODY, 1_800_000_000),
        (signed(SECRET) | {"webhook-id": "dlv_y"}, BODY, 1_800_000_000),
        (signed(SECRET) | {"webhook-signature": "v1,"}, BODY, 1_800_000_000),
    ],
)
def test_anything_else_is_not(headers, body, now):
    with pytest.raises(WebhookNotGenuine):
        verify(headers, body, SECRET, now=now)


def test_a_secret_that_is_none_says_so():
    with pytest.raises(ValueError, match="whsec_"):
        verify(signed(SECRET), BODY, "whsec_ü", now=1_800_000_000)
