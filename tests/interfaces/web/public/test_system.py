"""Is the platform well; what a browser's policy stopped."""

import logging

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import Resolver404, resolve

from tagwerk.base import health
from tagwerk.config.urls import addresses
from tests.interfaces.web.visiting import plain_files, visitor

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db


def test_health_asks_the_database(django_assert_num_queries):
    with django_assert_num_queries(1):
        response = visitor().get("/healthz")
    assert (response.status_code, response.json()) == (200, {"database": "ok"})
    assert "no-store" in response.headers["Cache-Control"]


def test_health_tells_when_the_database_is_gone(monkeypatch):
    def gone(question):
        raise OperationalError("connection refused")

    monkeypatch.setattr(health, "one", gone)
    response = visitor().get("/healthz")
    assert (response.status_code, response.json()) == (503, {"database": "no answer"})


def test_a_report_is_one_line_in_the_log_whatever_it_is(caplog):
    client = Client(enforce_csrf_checks=True)
    with caplog.at_level(logging.WARNING):
        sent = client.post(
            "/csp", b'{"csp-report":\n\x1b[31m"x"}' + b"y" * 10_000, content_type="application/csp-report"
        )
    assert sent.status_code == 204
    (line,) = [record.getMessage() for record in caplog.records if "Content policy" in record.getMessage()]
    assert "\n" not in line and "\x1b" not in line and len(line) < 4_100


def test_reports_are_posted():
    assert visitor().get("/csp").status_code == 405


def test_browsers_are_told_where_to_report():
    assert "report-uri /csp" in visitor().get("/").headers["Content-Security-Policy"]


@pytest.mark.parametrize("address", ["/gallery/", "/gallery/task/"])
def test_the_gallery_is_there_while_building_and_never_in_production(address):
    assert visitor().get(address).status_code == 200
    assert resolve("/work/", urlconf=tuple(addresses(production=True))).url_name == "work"
    with pytest.raises(Resolver404):
        resolve(address, urlconf=tuple(addresses(production=True)))


def test_search_engines_may_read_what_is_for_everybody_and_on_a_trial_nothing(settings):
    trial = visitor().get("/robots.txt").content.decode()
    assert "Allow" not in trial and "Disallow: /" in trial
    settings.PRODUCTION = True
    real = visitor().get("/robots.txt").content.decode().splitlines()
    assert "Allow: /docs/" in real and "Allow: /$" in real and real[-1] == "Disallow: /"


def test_pages_for_everybody_say_what_they_are_about():
    page = visitor().get("/").content.decode()
    assert '<meta name="description" content="Teams order answers' in page
    assert '<meta property="og:url" content="http://testserver/">' in page


def test_the_foot_leads_to_what_people_look_for_there():
    foot = visitor().get("/terms/").content.decode().partition('<footer class="site-foot"')[2]
    for path in ("/docs/", "/pay/", "/status/", "/terms/", "/imprint/", "/privacy/"):
        assert f'href="{path}"' in foot
