"""What the settings make of the environment, loaded as a process of the platform loads them."""

import json
import os
import subprocess
import sys

import pytest
from django.db.utils import ConnectionHandler

from tagwerk.config.settings import _database
from tests.cluster import ROOT

PRODUCTION = {
    "TAGWERK_MODE": "production",
    "TAGWERK_URL": "https://work.example.org",
    "TAGWERK_MEDIA_URL": "https://work-media.example.org",
    "TAGWERK_SECRET_KEY": "abcdefghij0123456789" * 3,
    "TAGWERK_ID_KEY": "0f" * 16,
    "TAGWERK_FIELD_KEY": "A" * 43 + "=",
}


def loaded(code: str, **environ: str):
    """What a process with this environment says when it has loaded the settings."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("TAGWERK_", "DATABASE_"))
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**kept, "PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "tagwerk.config.settings", **environ},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


SECURITY = """
import json
import django
django.setup()
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from django.conf import settings

def page(request):
    return HttpResponse()

def seen(secure):
    request = HttpRequest()
    request.META = {"HTTP_HOST": "work.example.org", "HTTP_X_FORWARDED_PROTO": "https" if secure else "http"}
    names = [name for name in settings.MIDDLEWARE if name.endswith("SecurityMiddleware")]
    return import_string(names[0])(page)(request).headers.get("Strict-Transport-Security")

print(json.dumps({
    "hsts": seen(True), "hsts_without_tls": seen(False),
    "cookies": [settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY],
    "hosts": settings.ALLOWED_HOSTS,
}))
"""


@pytest.mark.parametrize("serves", ["app", "media"])
def test_production_speaks_tls_only(serves, tmp_path):
    found = loaded(SECURITY, TAGWERK_SERVES=serves, TAGWERK_DATA=str(tmp_path), **PRODUCTION)
    assert found["hsts"] == "max-age=31536000; includeSubDomains" and found["hsts_without_tls"] is None
    assert found["cookies"] == [True, True, True]
    assert "*" not in found["hosts"]


def test_at_home_nothing_forces_tls(tmp_path):
    found = loaded(SECURITY, TAGWERK_DATA=str(tmp_path))
    assert found["hsts"] is None and found["cookies"] == [False, False, True]


MAIL = """
import json
from django.conf import settings as s
print(json.dumps([s.EMAIL_HOST, s.EMAIL_PORT, s.EMAIL_USE_TLS, s.EMAIL_USE_SSL, s.EMAIL_FILE_PATH]))
"""


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("smtps://u:p@mail.example.org", ["mail.example.org", 465, False, True]),
        ("smtp://u:p@mail.example.org", ["mail.example.org", 587, True, False]),
        ("smtp://mail.example.org:25", ["mail.example.org", 25, False, False]),
    ],
)
def test_where_mail_goes(url, wanted, tmp_path):
    assert loaded(MAIL, TAGWERK_EMAIL_URL=url, TAGWERK_DATA=str(tmp_path))[:4] == wanted


def test_mail_stays_in_the_data_folder_whatever_that_is_called(tmp_path):
    odd = tmp_path / "a#b ?c"
    assert loaded(MAIL, TAGWERK_DATA=str(odd))[4] == str(odd / "mail")


def test_everything_that_a_database_url_says_reaches_the_database(database_urls):
    url = database_urls.app + "&connect_timeout=7&application_name=night%20shift&options=-c%20work_mem%3D5MB"
    connection = ConnectionHandler({"default": _database(url, pooled=False)})["default"]
    try:
        with connection.cursor() as cursor:
            cursor.execute("select current_setting('application_name'), current_setting('work_mem')")
            assert cursor.fetchone() == ("night shift", "5MB")
    finally:
        connection.close()


def test_a_demand_for_tls_is_passed_on():
    url = "postgresql://me:p%40ss@db.example.org:5433/work?sslmode=verify-full&sslrootcert=/etc/ca.pem"
    database = _database(url, pooled=False)
    found = {key: database[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    assert found == {
        "NAME": "work",
        "USER": "me",
        "PASSWORD": "p@ss",
        "HOST": "db.example.org",
        "PORT": "5433",
    }
    assert database["OPTIONS"].items() >= {"sslmode": "verify-full", "sslrootcert": "/etc/ca.pem"}.items()


def test_the_version_is_said_once_and_the_same():
    import tomllib

    import tagwerk

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert tagwerk.__version__ == project["version"]
