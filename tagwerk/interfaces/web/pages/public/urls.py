"""Addresses of the pages for everybody."""

from django.urls import path

from tagwerk.interfaces.web.pages.public import (
    found,
    inbox,
    invitations,
    profile,
    start,
    system,
    task_page,
    terms,
    worker_keys,
)

urlpatterns = [
    path("", start.start, name="start"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.read_all, name="inbox_read"),
    path("inbox/<str:notice>/", inbox.notice, name="notice"),
    path("invitations/", invitations.invitations, name="invitations"),
    path("invitations/<str:invitation>/accept/", invitations.accept, name="invitation_accept"),
    path("invitations/<str:invitation>/decline/", invitations.decline, name="invitation_decline"),
    path("profile/", profile.profile, name="profile"),
    path("profile/change/", profile.change_profile, name="profile_change"),
    path("profile/languages/", profile.change_languages, name="profile_languages"),
    path("profile/keys/", worker_keys.worker_keys, name="worker_keys"),
    path("profile/keys/<str:key>/replace/", worker_keys.replace_key, name="worker_key_replace"),
    path("profile/keys/<str:key>/revoke/", worker_keys.revoke_key, name="worker_key_revoke"),
    path("profile/keys-of-the-task-page/", task_page.settings, name="task_page_settings"),
    path("terms/", terms.terms, name="terms"),
    path("terms/consent/", terms.consent, name="terms_consent"),
    path("found/", found.found, name="found"),
    path("healthz", system.healthz, name="healthz"),
    path("csp", system.csp_report, name="csp_report"),
]
