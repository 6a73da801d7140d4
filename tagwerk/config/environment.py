"""The settings an operator can make: one table, read once, documented in docs/reference/settings.md."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict


class SettingWrong(SystemExit):
    """A setting cannot be used; the start ends with this one sentence."""


@dataclass(frozen=True)
class Setting:
    """One environment variable: its name, how its text is read, its default as text, and what it does."""

    name: str
    read: Callable[[str], Any]
    default: str
    help: str


def _whole(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not re.fullmatch(r"\d+", text) or not low <= int(text) <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return int(text)

    return read


def _one_of(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in words:
            raise ValueError("one of: " + ", ".join(words))
        return text

    return read


def _yes(text: str) -> bool:
    return _one_of("yes", "no")(text) == "yes"


def _origin(text: str) -> str:
    """A host on the web: no folder, no user, no question behind it."""
    parts = _parts(text)
    good = parts.scheme in ("http", "https") and parts.hostname and not parts.username
    if text and not (good and parts.path in ("", "/") and not parts.query and not parts.fragment):
        raise ValueError("an address such as https://work.example.org")
    return text.rstrip("/")


def _page(text: str) -> str:
    parts = _parts(text)
    if text and not (parts.scheme in ("http", "https") and parts.hostname):
        raise ValueError("an address such as https://login.example.org/realm")
    return text


def _mail(text: str) -> str:
    parts = _parts(text)
    wanted = {
        "smtp": parts.hostname,
        "smtps": parts.hostname,
        "file": parts.path.startswith("/"),
        "console": True,
    }
    if text and not wanted.get(parts.scheme):
        raise ValueError(
            "an address such as smtp://user:password@host:587, smtps://…, file:/folder or console:"
        )
    return text


def _parts(text: str) -> SplitResult:
    """The parts of an address whose host and port can be one."""
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError as error:
        raise ValueError(f"an address ({error})") from None
    if re.search(r"[\s\x00-\x1f]", text):
        raise ValueError("an address without spaces")
    return parts


def _host(text: str) -> str:
    if not re.fullmatch(r"[\w.:\-]+", text):
        raise ValueError("an address of this machine, such as 127.0.0.1 or 0.0.0.0")
    return text


def _version(text: str) -> str:
    if not re.fullmatch(r"\S{1,40}", text):
        raise ValueError("a word of up to 40 characters, such as 2026-11")
    return text


def _postgres(text: str) -> str:
    """What libpq understands, whole; it must say which database, since each of its readers would guess another one."""
    try:
        parts = conninfo_to_dict(text) if text.startswith(("postgresql://", "postgres://")) else {}
    except ProgrammingError as error:
        raise ValueError(f"an address that PostgreSQL understands ({' '.join(str(error).split())})") from None
    if text and not parts.get("dbname") and not parts.get("service"):
        raise ValueError("an address such as postgresql://user:password@host/name")
    return text


def _currency(text: str) -> str:
    if not re.fullmatch(r"[A-Z]{3}", text):
        raise ValueError("a currency code such as EUR")
    return text


def _data_folder() -> str:
    return "/var/lib/tagwerk" if os.geteuid() == 0 else "~/.local/share/tagwerk"


SETTINGS = (
    Setting("TAGWERK_MODE", _one_of("development", "production"), "development", "In production only https addresses, secrets made for production, secure cookies and HSTS are accepted, and there is no demo."),
    Setting("TAGWERK_DATA", str, "", "The folder of the embedded database, uploaded files, exports and secrets. Default: `/var/lib/tagwerk` for root, `~/.local/share/tagwerk` for others."),
    Setting("DATABASE_URL", _postgres, "", "An outside PostgreSQL (15 or newer), as `postgresql://user:password@host/name`, with parameters of libpq such as `?sslmode=verify-full&sslrootcert=/path`. Empty: an embedded one is started in the data folder."),
    Setting("DATABASE_OWNER_URL", _postgres, "", "The role that migrates an outside database, where it is another one than that of DATABASE_URL."),
    Setting("TAGWERK_HOST", _host, "127.0.0.1", "The address to listen on. `0.0.0.0` listens to everybody: put a TLS proxy in front."),
    Setting("TAGWERK_PORT", _whole(1, 65534), "8000", "The port of the pages and the API. When it is taken, the next free one is used and printed; in production the start ends instead."),
    Setting("TAGWERK_MEDIA_PORT", _whole(0, 65535), "0", "The port of uploaded files, an origin of its own. 0: the port after that of the pages."),
    Setting("TAGWERK_URL", _origin, "", "The address under which people reach the pages, such as `https://work.example.org`. Empty: `http://localhost:PORT`."),
    Setting("TAGWERK_MEDIA_URL", _origin, "", "The address of uploaded files; another host name than that of TAGWERK_URL, so that no file finds a cookie. Empty: `http://127.0.0.1:MEDIA_PORT`."),
    Setting("TAGWERK_TRUSTED_PROXIES", _whole(0, 10), "0", "How many proxies of yours a request passes. That many addresses from the right of `X-Forwarded-For` are believed, so that limits on sign-in count visitors and not the proxy. 0: the header is ignored."),
    Setting("TAGWERK_SECRET_KEY", str, "", "Signs sessions and links, at least 50 characters. Empty: generated at the first start, kept in the data folder. Several machines need the same."),
    Setting("TAGWERK_ID_KEY", str, "", "Makes public ids opaque, 32 hexadecimal digits. Empty: generated at the first start. Changing it changes every id."),
    Setting("TAGWERK_FIELD_KEY", str, "", "Encrypts recoverable secrets such as those of webhooks, a Fernet key. Empty: generated at the first start."),
    Setting("TAGWERK_WEB_PROCESSES", _whole(1, 256), "2", "Web processes on this machine."),
    Setting("TAGWERK_WEB_THREADS", _whole(1, 256), "8", "Threads of each web process, each with at most one database connection."),
    Setting("TAGWERK_JOB_THREADS", _whole(1, 64), "4", "Background jobs that run at the same time in one job process."),
    Setting("TAGWERK_PAPER_FONTS", str, "", "A folder with fonts (OpenType, TrueType) for papers, such as those of Chinese or Thai names. Empty: only the fonts that come along, with Latin, Greek, Cyrillic, Hebrew and Arabic."),
    Setting("TAGWERK_EMAIL_URL", _mail, "", "Where e-mail goes: `smtp://user:password@host:587`, `smtps://…:465`, `file:/folder` or `console:`. Empty: files in the data folder."),
    Setting("TAGWERK_EMAIL_FROM", str, "tagwerk <tagwerk@localhost>", "The sender of e-mail."),
    Setting("TAGWERK_SIGN_UP", _one_of("open", "invitation"), "open", "Who may sign up as a worker: everybody, or invited people only."),
    Setting("TAGWERK_CURRENCY", _currency, "EUR", "The currency of new organisations. Set here, it is what counts; else operators choose it on their page."),
    Setting("TAGWERK_FEE_BP", _whole(0, 10_000), "2000", "The operator's fee in basis points of the workers' pay (2000: 20 % on top, which is 16.7 % of the price), for new projects. Set here, it is what counts; else operators choose it on their page."),
    Setting("TAGWERK_UNDO_SECONDS", _whole(0, 3600), "10", "How long an answer waits before it is judged, so that it can be undone."),
    Setting("TAGWERK_APPEAL_SECONDS", _whole(1_209_600, 31_536_000), "1209600", "How long a worker can object to a rejection before it is final; 14 days at least."),
    Setting("TAGWERK_TERMS_VERSION", _version, "2026-11", "The version of the terms that people agree to; a new one asks everybody again."),
    Setting("TAGWERK_UPLOAD_LIMIT_MB", _whole(1, 100_000), "512", "The largest file that can be uploaded, in megabytes."),
    Setting("TAGWERK_STATIC_ROOT", str, "", "Where this machine collects the pages' static files. Empty: `static` in the data folder."),
    Setting("TAGWERK_API_REQUESTS_PER_MINUTE", _whole(0, 10_000_000), "6000", "How many API requests a minute one key may send; more get status 429 and `Retry-After`. Each web process counts for itself. 0: no limit. Simulated people have none."),
    Setting("TAGWERK_ALLOW_PRIVATE_ADDRESSES", _yes, "no", "`yes` lets webhooks go to private and loopback addresses. For trials on one machine only."),
    Setting("TAGWERK_PAYPAL_CLIENT_ID", str, "", "The client id of your app at developer.paypal.com; PayPal has to have enabled Payouts for it. Empty: nobody is paid by PayPal."),
    Setting("TAGWERK_PAYPAL_SECRET", str, "", "The secret of that app."),
    Setting("TAGWERK_PAYPAL_WEBHOOK_ID", str, "", "The id of the webhook registered there for `/webhooks/paypal/`, with all events of payouts. Without it webhooks are refused, and news come by asking."),
    Setting("TAGWERK_PAYPAL_URL", _origin, "https://api-m.paypal.com", "PayPal's API; `https://api-m.sandbox.paypal.com` to try it without money."),
    Setting("TAGWERK_OIDC_NAME", str, "", "The name on the button of an OpenID Connect sign-in. Empty: none."),
    Setting("TAGWERK_OIDC_ISSUER", _page, "", "The issuer's address of the OpenID Connect provider."),
    Setting("TAGWERK_OIDC_CLIENT_ID", str, "", "The client id registered there."),
    Setting("TAGWERK_OIDC_SECRET", str, "", "The client secret registered there."),
    Setting("TAGWERK_LOG_LEVEL", _one_of("DEBUG", "INFO", "WARNING", "ERROR"), "INFO", "How much is written to the log."),
)  # fmt: skip


def read_environment(environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """All settings with their values; the first wrong one ends the start with a sentence that names it."""
    values = {}
    for setting in SETTINGS:
        text = environ.get(setting.name, setting.default)
        try:
            values[setting.name] = setting.read(text)
        except ValueError as error:
            raise SettingWrong(
                f"{setting.name} is “{_without_password(text)}”, but must be {error}."
            ) from None
    _refuse_misspelt(environ)
    values["TAGWERK_DATA"] = Path(values["TAGWERK_DATA"] or _data_folder()).expanduser().absolute()
    values["TAGWERK_MEDIA_PORT"] = values["TAGWERK_MEDIA_PORT"] or values["TAGWERK_PORT"] + 1
    if values["TAGWERK_MODE"] == "production":
        _require_production(values)
    if values["TAGWERK_OIDC_NAME"] and not (
        values["TAGWERK_OIDC_ISSUER"] and values["TAGWERK_OIDC_CLIENT_ID"]
    ):
        raise SettingWrong(
            "TAGWERK_OIDC_NAME needs TAGWERK_OIDC_ISSUER and TAGWERK_OIDC_CLIENT_ID: without them nobody can sign in by it."
        )
    values["TAGWERK_URL"] = values["TAGWERK_URL"] or f"http://localhost:{values['TAGWERK_PORT']}"
    media_port = values["TAGWERK_MEDIA_PORT"]
    values["TAGWERK_MEDIA_URL"] = values["TAGWERK_MEDIA_URL"] or f"http://127.0.0.1:{media_port}"
    return values


def _require_production(values: dict[str, Any]) -> None:
    """What is bearable on one's own machine and not for strangers."""
    for name in ("TAGWERK_URL", "TAGWERK_MEDIA_URL"):
        if not values[name].startswith("https://"):
            now = f"is “{values[name]}”" if values[name] else "is not set"
            raise SettingWrong(f"{name} {now}, but production needs an address that begins with https://.")
    if urlsplit(values["TAGWERK_URL"]).hostname == urlsplit(values["TAGWERK_MEDIA_URL"]).hostname:
        raise SettingWrong(
            "TAGWERK_MEDIA_URL has the host name of TAGWERK_URL, but production needs another one: "
            "uploaded files must not share an origin with the pages."
        )


def _without_password(text: str) -> str:
    return re.sub(r"(//[^/@]*?:).*@", r"\1…@", text)


def _refuse_misspelt(environ: Mapping[str, str]) -> None:
    known = {setting.name for setting in SETTINGS} | {
        SAID,
        "TAGWERK_SERVES",
        "TAGWERK_APP_ROLE",
        "TAGWERK_PICTURES",
        "TAGWERK_TEST_DATABASE_URL",
    }
    for name in sorted(environ):
        if name.startswith("TAGWERK_") and name not in known:
            raise SettingWrong(f"There is no setting {name}; docs/reference/settings.md lists them all.")


@dataclass(frozen=True)
class ShownSetting:
    """A setting as operators see it: what it is, and who says so; of a secret only whether it is there."""

    name: str
    value: str
    source: str  # "environment", "generated" or "default"
    help: str


SAID = "TAGWERK_SAID"  # the settings that whoever started the house made, before the house adds its own for its children
SECRET = {"TAGWERK_SECRET_KEY", "TAGWERK_ID_KEY", "TAGWERK_FIELD_KEY", "TAGWERK_OIDC_SECRET", "TAGWERK_PAYPAL_SECRET", "DATABASE_URL", "DATABASE_OWNER_URL"}  # fmt: skip
GENERATED = {"TAGWERK_SECRET_KEY", "TAGWERK_ID_KEY", "TAGWERK_FIELD_KEY"}


def said_settings(environ: Mapping[str, str] = os.environ) -> frozenset[str]:
    """The settings that the environment makes, not the house itself."""
    said = environ[SAID].split(",") if SAID in environ else environ
    return frozenset({setting.name for setting in SETTINGS} & set(said))


def shown_settings(values: Mapping[str, Any], environ: Mapping[str, str] = os.environ) -> list[ShownSetting]:
    """All settings with their source. Nothing secret is in them."""
    said = said_settings(environ)
    return [
        ShownSetting(
            setting.name,
            _shown(setting.name, values[setting.name], setting.name in said or setting.name in GENERATED),
            "environment"
            if setting.name in said
            else "generated"
            if setting.name in GENERATED
            else "default",
            setting.help,
        )
        for setting in SETTINGS
    ]


def _shown(name: str, value: Any, there: bool) -> str:
    if name in SECRET:
        return "•••" if there else ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _without_password(str(value))


def settings_reference() -> str:
    """docs/reference/settings.md."""
    lines = [
        "# Settings",
        "",
        "All come from the environment. A wrong one stops the start with a sentence that names it.",
        "",
    ]
    lines += ["| Variable | Default | What it does |", "|---|---|---|"]
    lines += [f"| `{s.name}` | {f'`{s.default}`' if s.default else '–'} | {s.help} |" for s in SETTINGS]
    return "\n".join(lines) + "\n"
