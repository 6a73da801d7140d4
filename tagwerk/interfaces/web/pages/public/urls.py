"""Addresses of the pages for everybody."""

from django.urls import path

from tagwerk.interfaces.web.pages.public import (
    app,
    found,
    inbox,
    invitations,
    looked,
    preferences,
    privacy,
    profile,
    search,
    start,
    system,
    terms,
    worker_keys,
)

urlpatterns = [
    path("", start.start, name="start"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.read_all, name="inbox_read"),
    path("inbox/<str:notice>/", inbox.notice, name="notice"),
    path("inbox/<str:notice>/read/", inbox.read_one, name="notice_read"),
    path("invitations/", invitations.invitations, name="invitations"),
    path("invitations/<str:invitation>/accept/", invitations.accept, name="invitation_accept"),
    path("invitations/<str:invitation>/decline/", invitations.decline, name="invitation_decline"),
    path("profile/", profile.profile, name="profile"),
    path("profile/change/", profile.change_profile, name="profile_change"),
    path("profile/languages/", profile.change_languages, name="profile_languages"),
    path("profile/looked/", looked.looked, name="looked"),
    path("profile/keys/", worker_keys.worker_keys, name="worker_keys"),
    path("profile/keys/<str:key>/replace/", worker_keys.replace_key, name="worker_key_replace"),
    path("profile/keys/<str:key>/revoke/", worker_keys.revoke_key, name="worker_key_revoke"),
    path("settings/", preferences.preferences, name="settings"),
    path("settings/privacy/", privacy.privacy_of_mine, name="privacy_of_mine"),
    path("settings/data/", privacy.data_of_mine, name="data_of_mine"),
    path("search/", search.search, name="search"),
    path("terms/", terms.terms, name="terms"),
    path("terms/consent/", terms.consent, name="terms_consent"),
    path("found/", found.found, name="found"),
    path("manifest.webmanifest", app.manifest, name="manifest"),
    path("service-worker.js", app.service_worker, name="service_worker"),
    path("offline/", app.offline, name="offline"),
    path("healthz", system.healthz, name="healthz"),
    path("csp", system.csp_report, name="csp_report"),
]
