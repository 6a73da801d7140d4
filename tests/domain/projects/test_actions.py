import io
import threading
import zipfile

import pytest
from django.core.files.storage import FileSystemStorage
from django.db import connection
from PIL import Image

from tagwerk.base.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal
from tagwerk.base.models import StoredEvent
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.ledger import queries as ledger
from tagwerk.domain.projects import actions as projects
from tagwerk.domain.projects import queries
from tests.orders import deposit, project, project_file
from tests.people import actor, member, organisation

pytestmark = pytest.mark.django_db
M = 1_000_000


def test_a_project_file_becomes_a_project():
    made = project()
    assert (made.title, made.state, made.reward_micros, made.answers_max) == (
        "Sentiment",
        "draft",
        100_000,
        4,
    )
    assert made.fee_bp == 2000 and made.name == "sentiment"
    assert project().name == "sentiment-2"
    assert StoredEvent.objects.filter(name="ProjectCreated", project_id=made.id).count() == 1
    assert [version.number for version in queries.versions_of(made.id)] == [1]


def test_only_those_who_may_order():
    acme = organisation()
    with pytest.raises(NotFound):
        projects.create_project(actor=actor("cyn"), organisation_id=acme, file=project_file())
    with pytest.raises(NotAllowed):
        projects.create_project(
            actor=member("rio", acme, "reviewer"), organisation_id=acme, file=project_file()
        )


def test_a_strangers_project_does_not_exist():
    made = project()
    organisation("other", "eve")
    for name in ("cyn", "eve"):
        with pytest.raises(NotFound, match="no such project"):
            queries.project_for(actor(name), made.id, Permission.PROJECT_VIEW)
        with pytest.raises(NotFound):
            queries.project_for(actor(name), made.public_id, Permission.PROJECT_VIEW)
    assert queries.project_for(actor("ada"), made.public_id, Permission.PROJECT_MANAGE).id == made.id
    assert queries.project_for(actor("dan"), made.id, Permission.PROJECT_VIEW).id == made.id
    with pytest.raises(NotFound):
        queries.project_for(actor("dan"), made.id, Permission.PROJECT_MANAGE)


def test_work_without_pay_is_for_people_of_ones_own():
    with pytest.raises(Invalid) as refusal:
        project(pay={"per": "none"}, audience={"countries": ["DE"]})
    assert (refusal.value.code, refusal.value.path) == ("unpaid_for_strangers", "audience")
    for audience in ({"team": "members"}, {"invited": ["ben@example.org"]}):
        made = project(pay={"per": "none"}, audience=audience)
        with pytest.raises(Invalid):
            projects.revise_project(
                actor=actor("ada"),
                project_id=made.id,
                file=project_file(pay={"per": "none"}),
                has_answers=False,
            )


def test_unknown_qualifications_and_teams_are_refused():
    for audience, code in (({"qualifications": {"no-such": 80}}, "no-such"), ({"team": "crowd"}, "crowd")):
        with pytest.raises(Invalid, match=code):
            project(audience=audience)


def test_a_team_that_a_project_is_for_is_not_deleted_until_the_project_is_over():
    org = organisation()
    team = {"actor": actor("ada"), "organisation_id": org, "slug": "night"}
    accounts.create_team(**team, name="Night shift")
    made = project(title="Nights", audience={"team": "night"})
    with pytest.raises(Invalid, match="members, reviewers, managers, owners, night"):
        project(audience={"team": "day"})
    with pytest.raises(Conflict, match="Nights"):
        projects.delete_team(**team)
    projects.archive_project(actor=actor("ada"), project_id=made.id)
    with pytest.raises(NotFound):
        projects.delete_team(**{**team, "actor": actor("cyn")})
    projects.delete_team(**team)
    with pytest.raises(NotFound):
        projects.delete_team(**team)


def test_a_stage_names_its_source():
    first = project()
    second = project(title="Check", **{"from": {"project": "Sentiment", "when": "sentiment != 'neutral'"}})
    assert second.source_project_id == first.id and second.source_when
    assert [view.id for view in queries.projects_fed_by(first.id)] == [second.id]
    with pytest.raises(Invalid, match="Nowhere"):
        project(**{"from": {"project": "Nowhere"}})


def test_revising_makes_a_version_and_counts_instructions():
    made = project()
    same = projects.revise_project(
        actor=actor("ada"), project_id=made.id, file=project_file(), has_answers=True
    )
    assert same.version == 1
    new = projects.revise_project(
        actor=actor("ada"), project_id=made.id, file=project_file(instructions="New."), has_answers=True
    )
    assert (new.version, new.instructions_version) == (2, 2) and new.design_id != made.design_id
    with pytest.raises(Conflict, match="pay"):
        projects.revise_project(
            actor=actor("ada"),
            project_id=made.id,
            file=project_file(pay={"per": "answer", "amount": "0.05"}),
            has_answers=True,
        )


def test_reserving_is_all_or_nothing_and_names_both_amounts():
    made = project()
    deposit(5 * M)
    with pytest.raises(Conflict, match=r"6\.00 EUR.*5\.00 EUR"):
        projects.reserve(project_id=made.id, amount_micros=6 * M, key="launch")
    projects.reserve(project_id=made.id, amount_micros=4 * M, key="launch")
    projects.reserve(project_id=made.id, amount_micros=4 * M, key="launch")
    assert queries.reserved_micros(made.id, "EUR") == 4 * M
    assert projects.release_rest(project_id=made.id, key="end") == 4 * M
    assert queries.reserved_micros(made.id, "EUR") == 0
    assert ledger.drift_micros() == 0


def test_the_life_of_a_project():
    made, ada = project(), actor("ada")
    with pytest.raises(Conflict):
        projects.pause_project(actor=ada, project_id=made.id)
    assert projects.mark_launched(actor=ada, project_id=made.id, open_limit=None).launched_at
    assert projects.pause_project(actor=ada, project_id=made.id).state == "paused"
    assert projects.pause_project(actor=ada, project_id=made.id).state == "paused"
    assert projects.resume_project(actor=ada, project_id=made.id).state == "open"
    with pytest.raises(Conflict):
        projects.resume_project(actor=ada, project_id=made.id)
    assert projects.finish_project(actor=ada, project_id=made.id).state == "finished"
    assert projects.archive_project(actor=ada, project_id=made.id).state == "archived"
    assert queries.projects_of([made.organisation_id]) == []
    assert [view.id for view in queries.projects_of([made.organisation_id], archived=True)] == [made.id]


def test_raising_the_budget_reserves_the_difference():
    made, ada = project(budget="3.00"), actor("ada")
    deposit(10 * M)
    projects.reserve(project_id=made.id, amount_micros=3 * M, key="launch")
    projects.mark_launched(actor=ada, project_id=made.id, open_limit=None)
    projects.raise_budget(actor=ada, project_id=made.id, amount_micros=5 * M)
    assert queries.reserved_micros(made.id, "EUR") == 5 * M
    with pytest.raises(Invalid):
        projects.raise_budget(actor=ada, project_id=made.id, amount_micros=5 * M)


def test_a_launched_projects_money_does_not_change_by_its_file():
    made, ada = project(), actor("ada")
    deposit(10 * M)
    projects.mark_launched(actor=ada, project_id=made.id, open_limit=None)
    for changes in ({"pay": {"per": "answer", "amount": "0.05"}}, {"budget": "9.00"}):
        with pytest.raises(Conflict, match="launched"):
            projects.revise_project(
                actor=ada, project_id=made.id, file=project_file(**changes), has_answers=False
            )


def test_a_new_version_does_not_bring_a_pilot_back():
    made, ada = project(pilot=3), actor("ada")
    assert made.open_limit == 3
    projects.mark_launched(actor=ada, project_id=made.id, open_limit=None)
    new = projects.revise_project(
        actor=ada, project_id=made.id, file=project_file(pilot=3, instructions="New."), has_answers=False
    )
    assert new.open_limit is None


def test_raising_counts_what_was_put_in_without_a_budget():
    made, ada = project(), actor("ada")
    deposit(10 * M)
    projects.reserve(project_id=made.id, amount_micros=4 * M, key="launch")
    projects.mark_launched(actor=ada, project_id=made.id, open_limit=None)
    projects.raise_budget(actor=ada, project_id=made.id, amount_micros=6 * M)
    assert queries.reserved_micros(made.id, "EUR") == 6 * M


def _png(colour=(1, 2, 3)):
    out = io.BytesIO()
    Image.new("RGB", (4, 4), colour).save(out, format="PNG")
    return out.getvalue()


def test_media_come_in_once_under_a_name(settings, tmp_path):
    made, ada = project(), actor("ada")
    first = projects.upload_media(actor=ada, project_id=made.id, name="a/cat.png", content=io.BytesIO(_png()))
    again = projects.upload_media(actor=ada, project_id=made.id, name="a/cat.png", content=io.BytesIO(_png()))
    assert first == again and first.media_type == "image/png"
    with pytest.raises(Conflict, match="another file"):
        projects.upload_media(
            actor=ada, project_id=made.id, name="a/cat.png", content=io.BytesIO(_png((9, 9, 9)))
        )
    with pytest.raises(NotFound):
        projects.upload_media(
            actor=actor("cyn"), project_id=made.id, name="x.png", content=io.BytesIO(_png())
        )
    link = queries.media_links(made.id, ["a/cat.png", "no.png"])
    assert list(link) == ["a/cat.png"]
    assert queries.media_behind(link["a/cat.png"].split("/m/")[1].split("/")[0]).id == first.id
    with pytest.raises(NotFound):
        queries.media_behind("forged:token")


def test_an_upload_has_a_limit_whatever_it_claims(settings):
    settings.UPLOAD_LIMIT_BYTES = 1000
    made = project()
    with pytest.raises(Invalid, match="larger"):
        projects.upload_media(
            actor=actor("ada"), project_id=made.id, name="a.mp3", content=io.BytesIO(b"ID3" + b"\0" * 5000)
        )


def test_an_archive_is_taken_in_file_by_file():
    made, out = project(), io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("../../evil.png", _png())
        archive.writestr("page.html", "<script>alert(1)</script>")
    out.seek(0)
    report = projects.upload_archive(actor=actor("ada"), project_id=made.id, content=out)
    assert report.stored == ["evil.png"] and report.refused[0][0] == "page.html"
    with pytest.raises(Invalid, match="ZIP"):
        projects.upload_archive(actor=actor("ada"), project_id=made.id, content=io.BytesIO(b"nothing"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("colour", [(0, 0, 0), (9, 9, 9)])
def test_two_uploads_of_one_name_at_once_leave_one_file(settings, tmp_path, monkeypatch, colour):
    """The same content comes in once, other content is refused; nothing lies about that no row names."""
    folder = {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": folder}
    made, ada, save = project(), actor("ada"), FileSystemStorage.save
    both_looked, outcomes = threading.Barrier(2, timeout=30), []

    def save_late(storage, name, content):
        both_looked.wait()
        return save(storage, name, content)

    def upload(content):
        try:
            stored = projects.upload_media(
                actor=ada, project_id=made.id, name="cat.png", content=io.BytesIO(content)
            )
            outcomes.append(stored.name)
        except Refusal as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    monkeypatch.setattr(FileSystemStorage, "save", save_late)
    threads = [threading.Thread(target=upload, args=[_png(c)]) for c in ((0, 0, 0), colour)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["cat.png", "cat.png" if colour == (0, 0, 0) else "media_exists"]
    [view] = queries.media_page(made.id)
    assert [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.png")] == [view.stored_as]
