"""Addresses of an organisation's pages."""

from django.urls import URLPattern, URLResolver, path

from tagwerk.interfaces.web.pages.requester import (
    organisation,
    organisation_activity,
    organisation_invoices,
    organisation_keys,
    organisation_members,
    organisation_money,
    organisation_qualification,
    organisation_qualifications,
    organisation_settings,
    organisation_teams,
    organisation_webhook,
    organisation_webhooks,
    organisations,
)

ONE = "organisation/<str:org>/"
WEBHOOK = f"{ONE}webhooks/<str:webhook>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("organisation/", organisations.organisations, name="organisations"),
    path(ONE, organisation.organisation, name="organisation"),
    path(f"{ONE}members/", organisation_members.members, name="organisation_members"),
    path(
        f"{ONE}members/<str:member>/role/", organisation_members.change_role, name="organisation_member_role"
    ),
    path(
        f"{ONE}members/<str:member>/remove/", organisation_members.remove, name="organisation_member_remove"
    ),
    path(
        f"{ONE}invitations/<str:invitation>/withdraw/",
        organisation_members.withdraw,
        name="organisation_invitation_withdraw",
    ),
    path(f"{ONE}teams/", organisation_teams.teams, name="organisation_teams"),
    path(f"{ONE}teams/<str:team>/", organisation_teams.team, name="organisation_team"),
    path(f"{ONE}balance/", organisation_money.money, name="organisation_money"),
    path(
        f"{ONE}balance/movements.csv", organisation_money.movements_file, name="organisation_movements_file"
    ),
    path(f"{ONE}invoices/", organisation_invoices.invoices, name="organisation_invoices"),
    path(
        f"{ONE}invoices/<str:invoice>.pdf",
        organisation_invoices.invoice_file,
        name="organisation_invoice_file",
    ),
    path(
        f"{ONE}qualifications/",
        organisation_qualifications.qualifications,
        name="organisation_qualifications",
    ),
    path(
        f"{ONE}qualifications/<str:qualification>/",
        organisation_qualification.qualification,
        name="organisation_qualification",
    ),
    path(f"{ONE}keys/", organisation_keys.keys, name="organisation_keys"),
    path(f"{ONE}keys/<str:key>/replace/", organisation_keys.replace_key, name="organisation_key_replace"),
    path(f"{ONE}keys/<str:key>/revoke/", organisation_keys.revoke_key, name="organisation_key_revoke"),
    path(f"{ONE}webhooks/", organisation_webhooks.webhooks, name="organisation_webhooks"),
    path(WEBHOOK, organisation_webhook.webhook, name="organisation_webhook"),
    path(f"{WEBHOOK}test/", organisation_webhook.test, name="organisation_webhook_test"),
    path(f"{WEBHOOK}switch/", organisation_webhook.switch, name="organisation_webhook_switch"),
    path(f"{WEBHOOK}secret/", organisation_webhook.rotate, name="organisation_webhook_rotate"),
    path(f"{WEBHOOK}remove/", organisation_webhook.remove, name="organisation_webhook_remove"),
    path(f"{WEBHOOK}replay/", organisation_webhook.replay_failed, name="organisation_webhook_replay_failed"),
    path(
        f"{WEBHOOK}messages/<str:delivery>/replay/",
        organisation_webhook.replay,
        name="organisation_webhook_replay",
    ),
    path(f"{ONE}settings/", organisation_settings.organisation_settings, name="organisation_settings"),
    path(f"{ONE}activity/", organisation_activity.activity, name="organisation_activity"),
]
