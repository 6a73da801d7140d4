"""What workers are told of projects."""

import pytest
from django.urls import resolve

from tagwerk.domain.notices import queries as notices
from tagwerk.domain.projects import actions as projects
from tagwerk.domain.work import actions as work
from tests.domain.work import scene
from tests.people import actor

pytestmark = pytest.mark.django_db


def test_who_holds_a_task_of_a_paused_project_is_told_once():
    project = scene.running(3)
    ben, cyn = scene.worker("ben"), scene.worker("cyn")
    scene.taken(ben, project)
    scene.done(cyn, project)
    assert work.tell_project_paused(project_id=project.id) == 0
    projects.pause_project(actor=actor("ada"), project_id=project.id)
    for _ in range(2):
        assert work.tell_project_paused(project_id=project.id) == 1
    (notice,) = notices.inbox(actor("ben"))
    assert notice.title == "Sentiment is paused" and resolve(notice.link)
    assert notices.inbox(actor("cyn")) == []
