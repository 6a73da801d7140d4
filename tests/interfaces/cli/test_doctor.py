"""What doctor finds in the database."""

from datetime import timedelta

import pytest
from django.db import connection

from tagwerk.domain.ledger import actions as ledger
from tagwerk.domain.ledger.queries import checking
from tagwerk.domain.work.queries import sql
from tagwerk.interfaces.cli import doctor
from tests.domain.ledger.entries import deposit
from tests.workshop import launched

pytestmark = pytest.mark.django_db


def test_an_account_that_is_not_as_the_chart_has_it_is_named():
    assert doctor._accounts() == (True, "The accounts of the book are as they were sealed.")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_account (code, kind, currency) VALUES ('worker:7:available:EUR', 'liability', 'EUR')"
        )
    good, words = doctor._accounts()
    assert not good and "worker:7:available:EUR" in words


def test_a_book_that_is_not_sealed_any_more_is_said(monkeypatch):
    deposit(100)
    assert doctor._sealed() == (True, "The book is sealed.")
    monkeypatch.setattr(checking, "SEALED_WITHIN", timedelta(0))
    good, words = doctor._sealed()
    assert not good and "“tagwerk ledger seal” seals at once" in words
    ledger.seal()
    assert doctor._sealed()[0]


def test_a_project_whose_money_does_not_cover_it_is_named():
    project = launched([{"text": "good"}, {"text": "bad"}])
    assert doctor._covered() == (
        True,
        "What is set aside for each project covers all that it can still cost.",
    )
    sql.write("UPDATE opened_task SET most = most + 5 WHERE project_id = %s", [project.id])
    good, words = doctor._covered()
    assert not good
    assert f"“Sentiment” ({project.public_id}) lacks 1.20 EUR" in words
