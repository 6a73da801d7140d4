"""What words of the rooms are called on pages: role → name and what it may, and the like."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

Label = str | Promise

ROLES: Mapping[str, tuple[Label, Label]] = {
    "owner": (_("Owner"), _("May do everything, members and money included.")),
    "manager": (_("Manager"), _("Runs projects, keys, webhooks and qualifications; sees money.")),
    "reviewer": (_("Reviewer"), _("Sees projects and judges answers.")),
    "finance": (_("Finance"), _("Sees projects and looks after money.")),
    "viewer": (_("Viewer"), _("Sees projects.")),
}

SCOPES: Mapping[str, Label] = {
    "projects:read": _("Read projects"),
    "projects:write": _("Create and run projects, review answers, grant qualifications"),
    "results:read": _("Export results"),
    "money:read": _("Read balance and movements"),
    "webhooks": _("Manage webhooks"),
    "teams": _("Make teams, change who is in them"),
    "work": _("Work: take and answer tasks"),
}

KEY_STATES: Mapping[str, tuple[str, Label]] = {
    "alive": ("ok", _("works")),
    "expired": ("wait", _("expired")),
    "revoked": ("neutral", _("revoked")),
}

MAIL_LEVELS: Mapping[str, Label] = {
    "all": _("Every notice"),
    "important": _("Important ones only"),
    "none": _("None"),
}

SOURCES: Mapping[str, Label] = {
    "granted": _("granted"),
    "test": _("by test"),
    "csv": _("by list"),
    "api": _("by API"),
}

WEBHOOK_EVENTS: Mapping[str, Label] = {
    "answer.submitted": _("A worker handed in an answer, or changed one."),
    "result.ready": _("A task has its result, and the answers behind it are approved."),
    "project.finished": _("All tasks of a project are done."),
    "budget.low": _("A tenth of a project's money is left, or its tasks wait for more."),
    "webhook.test": _("A test message."),
}

DELIVERY_STATES: Mapping[str, tuple[str, Label]] = {
    "waiting": ("wait", _("waiting")),
    "delivered": ("ok", _("received")),
    "failed": ("bad", _("given up")),
}

MOVEMENTS: Mapping[str, Label] = {
    "deposit": _("Deposit"),
    "refund": _("Refund"),
    "reserve": _("Reserved for a project"),
    "release": _("Released from a project"),
    "lend": _("Lent within the credit limit"),
    "repay": _("Paid back what was lent"),
    "test_pay": _("Entry test of a worker"),
    "fee": _("Fee for it"),
    "invoice": _("VAT given back by an invoice"),
    "correction": _("Correction"),
}

# What facts say beside who and where, in words; any other stands as programs have it.
KINDS: Mapping[str, Label] = {
    "person": _("person"),
    "model": _("model"),
    "simulation": _("simulation"),
}


def translated(text: str) -> str:
    """A text that was marked for translation elsewhere, in the reader's language."""
    return gettext(text)
