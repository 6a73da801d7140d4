"""What is asked about notices and webhooks. Gates take the actor and refuse."""

from tagwerk.domain.notices.queries.inbox import NoticeView, inbox, notice_for, unread_count
from tagwerk.domain.notices.queries.mail import MailState, mail_state, mail_way
from tagwerk.domain.notices.queries.secrets import opened, sealed, signing_secrets
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
    "MailState",
    "NoticeView",
    "deliveries_page",
    "delivery_for",
    "endpoint_for",
    "endpoint_secret",
    "endpoints_of",
    "endpoints_wanting",
    "inbox",
    "mail_state",
    "mail_way",
    "notice_for",
    "opened",
    "sealed",
    "signing_secrets",
    "unread_count",
]
