"""Django's settings, made from the environment (see environment.py). Importing this changes nothing outside."""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from psycopg.conninfo import conninfo_to_dict

from tagwerk.config.environment import read_environment, said_settings, shown_settings
from tagwerk.config.secrets import read_secrets, set_up_code
from tagwerk.interfaces.web.allauth_settings import *  # noqa: F403 (allauth wants its settings as module constants)
from tagwerk.interfaces.web.csp import policy
from tagwerk.interfaces.web.oidc import providers

ENVIRONMENT = read_environment()
SET_BY_ENVIRONMENT = said_settings()
SHOWN_SETTINGS = shown_settings(ENVIRONMENT)
SECRETS = read_secrets(ENVIRONMENT)
HOUSE = Path(__file__).resolve().parent.parent
DATA = ENVIRONMENT["TAGWERK_DATA"]
PRODUCTION = ENVIRONMENT["TAGWERK_MODE"] == "production"
SERVES = os.environ.get("TAGWERK_SERVES", "app")  # "app" or "media": each origin has processes of its own

SECRET_KEY = SECRETS["TAGWERK_SECRET_KEY"]
SET_UP_CODE = set_up_code(SECRET_KEY)
ID_KEY = bytes.fromhex(SECRETS["TAGWERK_ID_KEY"])
FIELD_KEY = SECRETS["TAGWERK_FIELD_KEY"].encode()
DEBUG = False
APP_URL = ENVIRONMENT["TAGWERK_URL"]
MEDIA_ORIGIN = ENVIRONMENT["TAGWERK_MEDIA_URL"]
SIGN_UP = ENVIRONMENT["TAGWERK_SIGN_UP"]
FEE_BP = ENVIRONMENT["TAGWERK_FEE_BP"]  # ask accounts.queries.instance(): operators may say another one
CURRENCY = ENVIRONMENT["TAGWERK_CURRENCY"]
UNDO_SECONDS = ENVIRONMENT["TAGWERK_UNDO_SECONDS"]
APPEAL_SECONDS = ENVIRONMENT["TAGWERK_APPEAL_SECONDS"]
TERMS_VERSION = ENVIRONMENT["TAGWERK_TERMS_VERSION"]
UPLOAD_LIMIT_BYTES = ENVIRONMENT["TAGWERK_UPLOAD_LIMIT_MB"] * 1_000_000
API_REQUESTS_PER_MINUTE = ENVIRONMENT["TAGWERK_API_REQUESTS_PER_MINUTE"]
ALLOW_PRIVATE_ADDRESSES = ENVIRONMENT["TAGWERK_ALLOW_PRIVATE_ADDRESSES"]
PAYPAL_URL = ENVIRONMENT["TAGWERK_PAYPAL_URL"]
PAYPAL_CLIENT_ID = ENVIRONMENT["TAGWERK_PAYPAL_CLIENT_ID"]
PAYPAL_SECRET = ENVIRONMENT["TAGWERK_PAYPAL_SECRET"]
PAYPAL_WEBHOOK_ID = ENVIRONMENT["TAGWERK_PAYPAL_WEBHOOK_ID"]
PAPER_FONTS = ENVIRONMENT["TAGWERK_PAPER_FONTS"]
PROVIDERS = {
    "http": "tagwerk.providers.http.GuardedHttp",
    "paypal": "tagwerk.providers.payouts.paypal.Paypal",
    "papers": "tagwerk.providers.papers.TypstPapers",
}

CONTENT_SECURITY_POLICY = policy(MEDIA_ORIGIN)

_app, _media = urlsplit(APP_URL), urlsplit(MEDIA_ORIGIN)
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", _app.hostname or "", _media.hostname or ""]
CSRF_TRUSTED_ORIGINS = [APP_URL]
ROOT_URLCONF = "tagwerk.config.media_urls" if SERVES == "media" else "tagwerk.config.urls"
WSGI_APPLICATION = "tagwerk.config.wsgi.application"

ROOMS = [
    "accounts", "ledger", "notices", "designs", "academy", "payments", "projects", "work", "quality",
    "community", "exports",
]  # fmt: skip
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "procrastinate.contrib.django",
    "csp",
    "tagwerk.base",
    *(f"tagwerk.domain.{room}" for room in ROOMS),
    "tagwerk.interfaces.web",
]
if SERVES == "media":  # nobody signs in there
    INSTALLED_APPS = [name for name in INSTALLED_APPS if not name.startswith("allauth")]
_MEDIA_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "tagwerk.interfaces.web.middleware.RefusalMiddleware",
]
_APP_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "tagwerk.interfaces.api.door.ApiDoor",  # before sessions, cookies and languages, which no API needs
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tagwerk.interfaces.web.middleware.TextMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tagwerk.interfaces.web.middleware.PersonalMiddleware",
    "tagwerk.interfaces.web.middleware.RefusalMiddleware",
    "tagwerk.interfaces.web.viewing.ViewingMiddleware",
]
MIDDLEWARE = _MEDIA_MIDDLEWARE if SERVES == "media" else _APP_MIDDLEWARE
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HOUSE / "interfaces" / "web", HOUSE / "interfaces" / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tagwerk.interfaces.web.context.everywhere",
            ]
        },
    }
]

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
FORM_RENDERER = "tagwerk.interfaces.web.renderer.Renderer"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "/accounts/login/"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_NAME = f"tagwerk-{_app.port or 443}"  # two instances on one machine do not sign each other out
CSRF_COOKIE_NAME = f"tagwerk-csrf-{_app.port or 443}"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
ALLAUTH_TRUSTED_PROXY_COUNT = ENVIRONMENT["TAGWERK_TRUSTED_PROXIES"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FILES = 1_000  # the media page takes 500 of them and names the others


def _database(url: str, *, pooled: bool) -> dict[str, object]:
    """Django's settings for a postgresql:// URL; all that it says beside the address (TLS, time limits) goes to libpq."""
    parts = conninfo_to_dict(url)
    address = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    found = {key: str(parts.pop(name, None) or "") for key, name in address.items()}
    # The hot path is one prepared statement with binary parameters: Django's defaults cost a factor of three.
    options: dict[str, object] = {**parts, "server_side_binding": True, "prepare_threshold": 1}
    if pooled:
        options["pool"] = {"min_size": 1, "max_size": ENVIRONMENT["TAGWERK_WEB_THREADS"] + 2, "timeout": 20}
    return {"ENGINE": "tagwerk.providers.database.lasting", **found, "OPTIONS": options}


DATABASES = {
    "default": _database(
        ENVIRONMENT["DATABASE_URL"]
        or "postgresql:///tagwerk",  # type checks and tests start before there is one
        pooled=os.environ.get("TAGWERK_SERVES") is not None,
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        # Beyond this many, counters of guessed passwords would be dropped before their time (expired ones go soon).
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    },
}

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [HOUSE / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = Path(ENVIRONMENT["TAGWERK_STATIC_ROOT"] or DATA / "static")
STATICFILES_FINDERS = [
    "tagwerk.interfaces.web.finders.BesideTheTemplate",
    "tagwerk.interfaces.web.finders.Packages",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",  # allauth's scripts for passkeys
]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": DATA / "files",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = False

_mail = urlsplit(ENVIRONMENT["TAGWERK_EMAIL_URL"] or "file:")
EMAIL_BACKEND = {
    "smtp": "django.core.mail.backends.smtp.EmailBackend",
    "smtps": "django.core.mail.backends.smtp.EmailBackend",
    "console": "django.core.mail.backends.console.EmailBackend",
    "file": "django.core.mail.backends.filebased.EmailBackend",
}[_mail.scheme]
EMAIL_FILE_PATH = unquote(_mail.path) or str(DATA / "mail")
EMAIL_HOST, EMAIL_PORT = _mail.hostname or "", _mail.port or (465 if _mail.scheme == "smtps" else 587)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.scheme == "smtp" and bool(_mail.username), _mail.scheme == "smtps"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENVIRONMENT["TAGWERK_EMAIL_FROM"]

SOCIALACCOUNT_PROVIDERS = providers(
    name=ENVIRONMENT["TAGWERK_OIDC_NAME"],
    issuer=ENVIRONMENT["TAGWERK_OIDC_ISSUER"],
    client_id=ENVIRONMENT["TAGWERK_OIDC_CLIENT_ID"],
    secret=ENVIRONMENT["TAGWERK_OIDC_SECRET"],
)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": ENVIRONMENT["TAGWERK_LOG_LEVEL"]},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "httpx": {"level": "WARNING"},
        "procrastinate": {"level": "WARNING"},
    },
}
