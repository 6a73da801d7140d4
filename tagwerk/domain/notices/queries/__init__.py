"""What is asked about notices and webhooks. Gates take the actor and refuse."""

from tagwerk.domain.notices.queries.inbox import NoticeView, inbox, notice_for, unread_count
from tagwerk.domain.notices.queries.letters import letter_text
from tagwerk.domain.notices.queries.mail import (
    MailDelay,
    MailState,
    is_proved,
    mail_delay,
    mail_leaves,
    mail_proof,
    mail_state,
    mail_token,
    mail_way,
    person_of_mail_token,
)
from tagwerk.domain.notices.queries.secrets import signing_secrets
from tagwerk.domain.notices.queries.webhooks import (
    DeliveryView,
    EndpointView,
    deliveries_page,
    delivery_for,
    endpoint_for,
    endpoint_secret,
    endpoints_of,
    endpoints_wanting,
)

__all__ = [
    "DeliveryView",
    "EndpointView",
    "MailDelay",
    "MailState",
    "NoticeView",
    "deliveries_page",
    "delivery_for",
    "endpoint_for",
    "endpoint_secret",
    "endpoints_of",
    "endpoints_wanting",
    "inbox",
    "is_proved",
    "letter_text",
    "mail_delay",
    "mail_leaves",
    "mail_proof",
    "mail_state",
    "mail_token",
    "mail_way",
    "notice_for",
    "person_of_mail_token",
    "signing_secrets",
    "unread_count",
]
