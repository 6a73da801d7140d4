import json
import socket
from pathlib import Path

import pytest

from tagwerk.config.environment import SETTINGS, SettingWrong, read_environment, settings_reference
from tagwerk.config.processes import reserve_port
from tagwerk.config.secrets import ensure_secrets, read_secrets

ROOT = Path(__file__).resolve().parents[2]


def test_the_defaults_are_valid():
    values = read_environment({})
    assert values["TAGWERK_PORT"] == 8000 and values["TAGWERK_MEDIA_PORT"] == 8001
    assert values["TAGWERK_URL"] == "http://localhost:8000"
    assert values["TAGWERK_MEDIA_URL"] == "http://127.0.0.1:8001"
    assert values["TAGWERK_HOST"] == "127.0.0.1"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("TAGWERK_PORT", "80000", "whole number"),
        ("TAGWERK_PORT", "-1", "whole number"),
        ("TAGWERK_MODE", "prod", "development, production"),
        ("DATABASE_URL", "mysql://x", "postgresql:"),
        ("DATABASE_URL", "postgresql://host/", "host/name"),
        ("DATABASE_URL", "postgresql://host/name?sslmod=verify-full", "sslmod"),
        ("DATABASE_OWNER_URL", "postgresql://[::1/name", "PostgreSQL understands"),
        ("TAGWERK_CURRENCY", "Euro", "EUR"),
        ("TAGWERK_URL", "https://h:abc", "address"),
        ("TAGWERK_URL", "https:", "https://work.example.org"),
        ("TAGWERK_URL", "ftp://host", "https://work.example.org"),
        ("TAGWERK_URL", "https://host/folder", "https://work.example.org"),
        ("TAGWERK_URL", "https://ho st", "without spaces"),
        ("TAGWERK_MEDIA_URL", "https://x:99999", "address"),
        ("TAGWERK_MEDIA_URL", "https://[x", "address"),
        ("TAGWERK_EMAIL_URL", "smtp://h:abc", "address"),
        ("TAGWERK_EMAIL_URL", "smtp:", "smtp://user"),
        ("TAGWERK_EMAIL_URL", "file:folder", "file:/folder"),
        ("TAGWERK_EMAIL_URL", "mail.example.org", "smtp://user"),
        ("TAGWERK_OIDC_ISSUER", "login.example.org", "https://login.example.org"),
        ("TAGWERK_TERMS_VERSION", "", "2026-11"),
        ("TAGWERK_TERMS_VERSION", "x" * 41, "40 characters"),
        ("TAGWERK_HOST", "", "127.0.0.1"),
        ("TAGWERK_SIGN_UP", "closed", "open, invitation"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_a_sentence(name, value, says):
    with pytest.raises(SettingWrong, match=says) as stop:
        read_environment({name: value})
    assert str(stop.value).startswith(f"{name} is “{value}”")


def test_a_password_in_a_wrong_setting_is_not_told():
    with pytest.raises(SettingWrong) as stop:
        read_environment({"DATABASE_URL": "postgresql://me:hush@host/name?no=1"})
    assert "hush" not in str(stop.value) and "postgresql://me:…@host" in str(stop.value)


PRODUCTION = {
    "TAGWERK_MODE": "production",
    "TAGWERK_URL": "https://work.example.org",
    "TAGWERK_MEDIA_URL": "https://work-media.example.org/",
}


def test_production_with_what_it_needs():
    values = read_environment(PRODUCTION)
    assert values["TAGWERK_URL"] == "https://work.example.org"
    assert values["TAGWERK_MEDIA_URL"] == "https://work-media.example.org"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("TAGWERK_URL", "", "TAGWERK_URL is not set"),
        ("TAGWERK_URL", "http://work.example.org", "begins with https://"),
        ("TAGWERK_MEDIA_URL", "", "TAGWERK_MEDIA_URL is not set"),
        ("TAGWERK_MEDIA_URL", "http://work-media.example.org", "begins with https://"),
        ("TAGWERK_MEDIA_URL", "https://WORK.example.org:8443", "another one"),
    ],
)
def test_production_refuses_what_is_bearable_at_home(name, value, says):
    with pytest.raises(SettingWrong, match=says):
        read_environment({**PRODUCTION, name: value})


def test_a_sign_in_button_needs_somebody_behind_it():
    with pytest.raises(SettingWrong, match="TAGWERK_OIDC_ISSUER"):
        read_environment({"TAGWERK_OIDC_NAME": "Our login"})
    assert read_environment(
        {
            "TAGWERK_OIDC_NAME": "Our login",
            "TAGWERK_OIDC_ISSUER": "https://login.example.org/realms/work",
            "TAGWERK_OIDC_CLIENT_ID": "tagwerk",
        }
    )


@pytest.mark.parametrize("host", ["192.0.2.7", "no-such-host.invalid"])
def test_a_host_that_is_not_ours_is_named_and_not_the_port(host):
    with pytest.raises(SettingWrong, match="TAGWERK_HOST"):
        reserve_port(host, 8000)


def test_a_taken_port_is_named():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(SettingWrong, match="is taken"):
            reserve_port("127.0.0.1", taken.getsockname()[1], tries=1)


def test_a_misspelt_setting_is_not_ignored():
    with pytest.raises(SettingWrong, match="TAGWERK_PROT"):
        read_environment({"TAGWERK_PROT": "80"})


def test_every_setting_is_in_the_reference():
    assert (ROOT / "docs/reference/settings.md").read_text() == settings_reference()
    assert len({setting.name for setting in SETTINGS}) == len(SETTINGS)


def _environment(folder, **changes):
    return read_environment({"TAGWERK_DATA": str(folder), **changes})


def test_secrets_are_made_once_and_private(tmp_path):
    environment = _environment(tmp_path / "data")
    ensure_secrets(environment)
    first = read_secrets(environment)
    ensure_secrets(environment)
    assert read_secrets(environment) == first
    assert (tmp_path / "data/secrets.json").stat().st_mode & 0o777 == 0o600


def test_production_refuses_secrets_made_for_development(tmp_path):
    ensure_secrets(_environment(tmp_path))
    with pytest.raises(SettingWrong, match="made for development"):
        read_secrets(_environment(tmp_path, **PRODUCTION))


def test_production_makes_its_own(tmp_path):
    environment = _environment(tmp_path, **PRODUCTION)
    ensure_secrets(environment)
    assert json.loads((tmp_path / "secrets.json").read_text())["made_for"] == "production"
    assert read_secrets(environment)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TAGWERK_SECRET_KEY", "short"),
        ("TAGWERK_SECRET_KEY", "a" * 60),
        ("TAGWERK_ID_KEY", "xyz"),
        ("TAGWERK_FIELD_KEY", "no"),
    ],
)
def test_a_weak_secret_is_refused(tmp_path, name, value):
    with pytest.raises(SettingWrong, match=name):
        read_secrets(_environment(tmp_path, **{name: value}))
