"""What all pages of an organisation share: the gate, the tabs."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop

from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.queries import OrganisationView
from tagwerk.domain.accounts.rules import Permission, may
from tagwerk.interfaces.web.guards import ActorRequest
from tagwerk.interfaces.web.labels import translated

# Label, URL name, who sees it.
TABS = (
    (gettext_noop("Overview"), "organisation", Permission.PROJECT_VIEW),
    (gettext_noop("Members"), "organisation_members", Permission.PROJECT_VIEW),
    (gettext_noop("Teams"), "organisation_teams", Permission.PROJECT_VIEW),
    (gettext_noop("Balance"), "organisation_money", Permission.MONEY_VIEW),
    (gettext_noop("Invoices"), "organisation_invoices", Permission.MONEY_VIEW),
    (gettext_noop("Qualifications"), "organisation_qualifications", Permission.QUALIFICATION_MANAGE),
    (gettext_noop("API keys"), "organisation_keys", Permission.KEY_MANAGE),
    (gettext_noop("Webhooks"), "organisation_webhooks", Permission.WEBHOOK_MANAGE),
    (gettext_noop("Activity"), "organisation_activity", Permission.PROJECT_MANAGE),
    (gettext_noop("Settings"), "organisation_settings", Permission.PROJECT_VIEW),
)


def organisation_in(request: ActorRequest, org: str, permission: Permission) -> OrganisationView:
    """The organisation of the page's address, through the gate."""
    return accounts.organisation_for(request.actor, row_number("org", org), permission)


def frame(request: ActorRequest, organisation: OrganisationView, current: str) -> dict[str, Any]:
    """What `_organisation.html` needs: whose page it is, and the tabs that this member may open."""
    org = public_id("org", organisation.id)
    tabs = [
        {"label": translated(label), "href": reverse(name, args=[org]), "current": name == current}
        for label, name, permission in TABS
        if may(request.actor, organisation.id, permission)
    ]
    return {"organisation": organisation, "org": org, "tabs": tabs}
