"""What an instance needs around it, as doctor finds it: the post office, the sign-in provider, its own addresses."""

import os
import smtplib
from typing import Any

import httpx
from django.conf import settings
from django.core.mail import get_connection

Finding = tuple[bool, str]
PATIENCE_SECONDS = 5.0


def findings(environment: dict[str, Any]) -> list[Finding]:
    """Each with whether it is well; what is not configured is left out."""
    found = [_libraries(), _files(), *_post(), *_provider(environment["TAGWERK_OIDC_ISSUER"])]
    found.append(_answers("The pages", f"{settings.APP_URL}/healthz"))
    found.append(_answers("Uploaded files", f"{settings.MEDIA_ORIGIN}/", well=404))  # only links lead there
    return [*found, *_proxies(environment)]


def _libraries() -> Finding:
    there = (settings.HOUSE.parent / "node_modules" / "htmx.org").is_dir()
    return there, "The browser libraries are there." if there else "No browser libraries: run “make setup”."


def _files() -> Finding:
    folder = settings.DATA / "files"
    good = not folder.exists() or os.access(folder, os.W_OK | os.X_OK)
    return good, f"Files go to {folder}." if good else f"The folder {folder} cannot be written."


def _post() -> list[Finding]:
    """Whether the mail server takes us, with our password if there is one."""
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        return []
    where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    try:
        connection: Any = get_connection(timeout=PATIENCE_SECONDS)
        connection.open()
        connection.close()
    except (OSError, smtplib.SMTPException) as error:
        return [(False, f"The mail server {where} does not take us: {_reason(error)}")]
    return [(True, f"The mail server {where} takes us.")]


def _provider(issuer: str) -> list[Finding]:
    if not issuer:
        return []
    address = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
    try:
        said = httpx.get(address, timeout=PATIENCE_SECONDS)
        said.raise_for_status()
        good = "authorization_endpoint" in said.json()
    except (httpx.HTTPError, ValueError) as error:
        return [(False, f"The sign-in provider does not answer at {address}: {_reason(error)}")]
    words = f"The sign-in provider {issuer} answers" + ("." if good else ", but describes no sign-in.")
    return [(good, words)]


def _answers(what: str, address: str, *, well: int = 200) -> Finding:
    """A platform may well be stopped, so nobody there is no fault; somebody else there is one."""
    try:
        status = httpx.get(address, timeout=PATIENCE_SECONDS).status_code
    except httpx.HTTPError:
        return True, f"{what} do not answer now at {address}: “tagwerk serve” starts them."
    return status == well, f"{what} answer at {address}" + (
        "." if status == well else f", but with status {status}."
    )


def _proxies(environment: dict[str, Any]) -> list[Finding]:
    if environment["TAGWERK_MODE"] != "production" or environment["TAGWERK_TRUSTED_PROXIES"]:
        return []
    text = "TAGWERK_TRUSTED_PROXIES is 0: behind a proxy all visitors would share one limit on signing in."
    return [(False, text)]


def _reason(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
