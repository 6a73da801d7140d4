"""What happens to notices, mail and webhooks. The only code that writes this room's tables."""

from tagwerk.domain.notices.actions.deliver import deliver_due, forget_old_deliveries
from tagwerk.domain.notices.actions.inbox import mark_all_read, mark_read, tell, tell_members
from tagwerk.domain.notices.actions.mail import mail_invitation, send_due_mail
from tagwerk.domain.notices.actions.news import (
    tell_approval,
    tell_operators_changed,
    tell_suspension,
    tell_suspension_lifted,
    tell_viewing,
)
from tagwerk.domain.notices.actions.queue import (
    queue_deliveries,
    queue_delivery,
    replay,
    replay_failed,
    send_test,
)
from tagwerk.domain.notices.actions.trial import MailTrial, try_mail
from tagwerk.domain.notices.actions.webhooks import (
    NewEndpoint,
    create_endpoint,
    disable_endpoint,
    enable_endpoint,
    remove_endpoint,
    rotate_secret,
    update_endpoint,
)

__all__ = [
    "MailTrial",
    "NewEndpoint",
    "create_endpoint",
    "deliver_due",
    "disable_endpoint",
    "enable_endpoint",
    "forget_old_deliveries",
    "mail_invitation",
    "mark_all_read",
    "mark_read",
    "queue_deliveries",
    "queue_delivery",
    "remove_endpoint",
    "replay",
    "replay_failed",
    "rotate_secret",
    "send_due_mail",
    "send_test",
    "tell",
    "tell_approval",
    "tell_members",
    "tell_operators_changed",
    "tell_suspension",
    "tell_suspension_lifted",
    "tell_viewing",
    "try_mail",
    "update_endpoint",
]
