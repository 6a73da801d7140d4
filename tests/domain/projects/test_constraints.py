import pytest
from django.db import IntegrityError, transaction

from tagwerk.domain.projects.models import MediaFile, Project, ProjectVersion
from tests.orders import project

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("project_state_known", {"state": "lost"}),
        ("project_answers_in_order", {"answers_min": 9}),
        ("project_paid_or_not", {"paid": False}),
        ("project_paid_or_not", {"reward_micros": -1}),
    ],
)
def test_the_database_refuses(name, change):
    made = project()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Project.objects.filter(id=made.id).update(**change)


def test_project_name_once():
    made, other = project(), project()
    with pytest.raises(IntegrityError, match="project_name_once"), transaction.atomic():
        Project.objects.filter(id=other.id).update(name=made.name)


def test_project_not_its_own_source():
    made = project()
    with pytest.raises(IntegrityError, match="project_not_its_own_source"), transaction.atomic():
        Project.objects.filter(id=made.id).update(source_project_id=made.id)


def test_project_version_once():
    made = project()
    with pytest.raises(IntegrityError, match="project_version_once"), transaction.atomic():
        ProjectVersion.objects.create(project_id=made.id, number=1, design_id=made.design_id, file={})


def test_media_name_once():
    made = project()
    facts = {"media_type": "image/png", "size_bytes": 1, "sha256": "", "stored_as": ""}
    MediaFile.objects.create(project_id=made.id, name="a.png", **facts)
    with pytest.raises(IntegrityError, match="media_name_once"), transaction.atomic():
        MediaFile.objects.create(project_id=made.id, name="a.png", **facts)
