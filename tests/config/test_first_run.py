"""The code of the first run: the same on all machines with the secret key, kept private, gone with the first operator."""

import stat

import pytest
from django.conf import settings

from tagwerk.config.machinery import Machinery
from tagwerk.config.secrets import set_up_code
from tests.people import person


def test_the_code_hangs_on_the_secret_key_alone():
    assert set_up_code("a" * 50) == set_up_code("a" * 50) != set_up_code("b" * 50)
    assert len(set_up_code("a" * 50).replace("-", "")) == 16


@pytest.mark.django_db
def test_it_is_kept_until_somebody_operates(tmp_path, monkeypatch):
    monkeypatch.setenv("TAGWERK_SAID", "")
    machinery = Machinery()
    machinery.environment["TAGWERK_DATA"] = tmp_path
    (tmp_path / "setup-code").write_text("old")
    (tmp_path / "setup-code").chmod(0o644)
    assert machinery.first_run() == settings.SET_UP_CODE
    kept = tmp_path / "setup-code"
    assert kept.read_text().strip() == settings.SET_UP_CODE
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    person("dan")
    assert machinery.first_run() == "" and not kept.exists()
