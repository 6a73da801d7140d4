"""What doctor finds in the database."""

import pytest

from tagwerk.domain.work.queries import sql
from tagwerk.interfaces.cli import doctor
from tests.workshop import launched

pytestmark = pytest.mark.django_db


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
