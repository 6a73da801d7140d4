"""Designs are kept once."""

import json
import threading
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction

from tagwerk.base.errors import NotFound
from tagwerk.domain.designs import actions as designs
from tagwerk.domain.designs import queries
from tagwerk.domain.designs.models import Design
from tagwerk.domain.designs.rules.yaml_text import read_project_file
from tests.domain.designs.samples import WHOLE, file_with
from tests.people import organisation


@pytest.mark.django_db
def test_a_design_is_kept_and_read_back() -> None:
    file = read_project_file(WHOLE)
    saved = designs.save_design(organisation_id=organisation(), file=file)
    queries.design.cache_clear()
    found = queries.design(saved.id)
    assert found is not saved and found is queries.design(saved.id)
    assert found.spec == file.design and found.digest == saved.digest
    assert [question.name for question in found.questions] == ["better", "unsafe", "why"]
    assert list(found.by_name["unsafe"].options.options) == ["a", "b", "none"]  # type: ignore[attr-defined]
    assert found.decides == ("better",)
    assert found.instructions_html == "<p>Lesen Sie <strong>beide</strong> Antworten.</p>\n"
    assert found.organisation_id == organisation()


@pytest.mark.django_db
def test_the_same_content_is_the_same_design_within_an_organisation() -> None:
    first = designs.save_design(organisation_id=organisation(), file=file_with())
    again = designs.save_design(
        organisation_id=organisation(), file=file_with(title="Other", pay={"amount": "1"})
    )
    other = designs.save_design(organisation_id=organisation(), file=file_with(instructions="Read."))
    elsewhere = designs.save_design(organisation_id=organisation("umbrella", owner="eve"), file=file_with())
    assert first.id == again.id
    assert len({first.id, other.id, elsewhere.id}) == 3
    assert first.digest == elsewhere.digest
    assert first.instructions_digest != other.instructions_digest
    assert Design.objects.count() == 3


@pytest.mark.django_db
def test_an_unknown_design_does_not_exist() -> None:
    with pytest.raises(NotFound):
        queries.design(1)


@pytest.mark.django_db
def test_the_database_keeps_a_design_once_per_organisation() -> None:
    saved = designs.save_design(organisation_id=organisation(), file=file_with())
    with pytest.raises(IntegrityError, match="design_once_per_organisation"), transaction.atomic():
        Design.objects.create(id=1, organisation_id=organisation(), spec={}, digest=saved.digest)


@pytest.mark.django_db
def test_the_database_refuses_what_is_no_digest() -> None:
    with pytest.raises(IntegrityError, match="design_digest_is_sha256"), transaction.atomic():
        Design.objects.create(id=1, organisation_id=organisation(), spec={}, digest="short")


@pytest.mark.django_db(transaction=True)
def test_two_who_save_the_same_at_once_get_the_same() -> None:
    owner, found = organisation(), []
    start = threading.Barrier(4)

    def save() -> None:
        start.wait()
        try:
            found.append(designs.save_design(organisation_id=owner, file=file_with()).id)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=save) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4 and len(set(found)) == 1
    assert Design.objects.count() == 1


@pytest.mark.django_db
def test_the_order_of_options_and_questions_survives_the_database() -> None:
    ask: Any = {"zz": {"kind": "choice", "options": {"b": "1", "aaa": "2", "a": "3"}}, "a": {"kind": "text"}}
    show = [{"compare": {"new": "{{ x }}", "older": "{{ y }}", "b": "z"}}]
    with pytest.raises(Exception, match="two sides"):
        file_with(ask=ask, show=show)
    show = [{"compare": {"older": "{{ x }}", "new": "{{ y }}"}}]
    saved = designs.save_design(organisation_id=organisation(), file=file_with(ask=ask, show=show))
    with connection.cursor() as cursor:
        cursor.execute("SELECT spec::text FROM design WHERE id = %s", [saved.id])
        assert json.loads(cursor.fetchone()[0])
    queries.design.cache_clear()
    found = queries.design(saved.id)
    assert [question.name for question in found.questions] == ["zz", "a"]
    assert list(found.by_name["zz"].options.options) == ["b", "aaa", "a"]  # type: ignore[attr-defined]
    assert list(found.spec.show[0].compare.sides) == ["older", "new"]  # type: ignore[union-attr]
