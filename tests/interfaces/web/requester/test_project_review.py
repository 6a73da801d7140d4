"""Tasks, their answers side by side, and what members decide about them."""

import re
from typing import Any

import pytest

from tagwerk.base.errors import NotAllowed
from tagwerk.base.ids import public_id
from tagwerk.domain.community import actions as community
from tagwerk.domain.community import queries as threads
from tagwerk.domain.notices.models import Notice
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.quality import queries as quality
from tagwerk.domain.work import actions as work_actions
from tagwerk.domain.work import queries as work
from tagwerk.domain.work.queries import sql
from tagwerk.interfaces.web.pages.requester import project_threads
from tests.interfaces.web.requester.reading import text_of
from tests.interfaces.web.visiting import visitor, words
from tests.people import actor, member, person
from tests.workshop import do_work, judge, launched

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

ROWS = [{"_id": f"row-{n}", "text": f"Text <b>{n}</b>"} for n in range(3)]
GOLD = [{"_id": "gold", "text": "Known", "_gold": {"sentiment": "neutral"}}]


@pytest.fixture
def answered(settings: Any) -> ProjectView:
    settings.UNDO_SECONDS = 0
    project = launched(ROWS)
    do_work(project.id, "ben", lambda data: {"sentiment": "positive"})
    do_work(project.id, "cyn", lambda data: {"sentiment": "negative"})
    judge(project.id)
    return project


def tasks_of(project: ProjectView) -> list[str]:
    return [public_id("tsk", one.id) for one in work.tasks_page(actor("ada"), project.id)]


def answers_of(project: ProjectView, task: int = 0) -> list[Any]:
    ids = [one.id for one in work.tasks_page(actor("ada"), project.id)]
    return work.answers_of_task(actor("ada"), project.id, ids[task])


def get(project: ProjectView, path: str, name: str = "ada") -> str:
    return text_of(visitor(name).get(f"/projects/{project.public_id}/{path}"))


def post(project: ProjectView, path: str, **given: Any) -> Any:
    return visitor("ada").post(f"/projects/{project.public_id}/{path}", given)


def test_the_list_shows_state_answers_and_result(answered: ProjectView) -> None:
    page = get(answered, "tasks/")
    assert "row-0" in page and "in work" in page
    assert "Text &lt;b&gt;0&lt;/b&gt;" in page


def test_filters_are_those_that_are_offered(answered: ProjectView) -> None:
    assert "row-0" in get(answered, "tasks/?state=open")
    assert "No tasks here" in get(answered, "tasks/?state=done")
    assert "row-0" in get(answered, "tasks/?state=anything&data__text=x&order_by=gold")


def test_a_task_is_found_by_its_own_id(answered: ProjectView) -> None:
    answer = visitor("ada").get(f"/projects/{answered.public_id}/tasks/?id=row-1")
    assert answer["Location"].endswith(f"/tasks/{tasks_of(answered)[1]}/")
    page = get(answered, "tasks/?id=row-9")
    assert "Your id begins with: row-9" in page and "No task fits all the filters" in page


def test_the_list_goes_on_by_keyset(settings: Any) -> None:
    project = launched([{"_id": f"n{n}", "text": "x"} for n in range(60)])
    first = visitor("ada").get(f"/projects/{project.public_id}/tasks/")
    assert "n49" in text_of(first) and "n50" not in text_of(first)
    assert "n50" in get(project, "tasks/" + first.context["older"])


def test_all_answers_stand_side_by_side_under_pseudonyms(answered: ProjectView) -> None:
    page = get(answered, f"tasks/{tasks_of(answered)[0]}/")
    for one in answers_of(answered):
        assert one.pseudonym in page
    for name in ("ben", "cyn"):
        assert person(name).email not in page and person(name).display_name not in page
    assert "positive" in page and "negative" in page


def test_own_staff_stands_there_by_name(answered: ProjectView) -> None:
    member("cyn", answered.organisation_id, "viewer")
    for path in (f"tasks/{tasks_of(answered)[0]}/", "review/"):
        page = get(answered, path)
        assert "Cyn" in page and "Ben" not in page
        for one in answers_of(answered):
            assert one.pseudonym in page


def test_who_works_on_a_project_sees_no_gold_and_no_answers_of_others(settings: Any) -> None:
    settings.UNDO_SECONDS = 0
    project = launched(ROWS + GOLD, quality={"answers": {"min": 2, "max": 4}, "gold_share": 0.5})
    task = f"tasks/{tasks_of(project)[0]}/"
    for name, role in (("vic", "viewer"), ("rob", "reviewer"), ("max", "manager")):
        member(name, project.organisation_id, role)
        assert visitor(name).get(f"/projects/{project.public_id}/{task}").status_code == 200
        do_work(project.id, name, lambda data: {"sentiment": "positive"}, most=2)
    judge(project.id)
    gold = f"tasks/{tasks_of(project)[3]}/"
    asg = public_id("asg", answers_of(project)[0].assignment_id)
    for name in ("vic", "rob"):
        client = visitor(name)
        shut = ("tasks/", "tasks/?id=gold", "tasks/?state=open", task, gold, "review/", "people/", "threads/")
        for path in shut:
            answer = client.get(f"/projects/{project.public_id}/{path}")
            assert answer.status_code == 403, (name, path)
            assert "neutral" not in text_of(answer) and "positive" not in text_of(answer)
        for path in (task, "review/"):
            for do in ("approve", "reject"):
                given = {"do": do, "answer": asg, "reason": "x"}
                assert client.post(f"/projects/{project.public_id}/{path}", given).status_code == 403
        overview = get(project, "", name)
        assert "/tasks/" not in overview and "/review/" not in overview and "/threads/" not in overview
        for panel, shown in (("pace", 200), ("results", 404), ("agreement", 404), ("gold", 404)):
            at = f"/projects/{project.public_id}/panels/{panel}/"
            assert client.get(at).status_code == shown
            assert (at in overview) == (shown == 200)
    assert "Right answer" in get(project, gold, "max")
    assert work.progress(project.id).approved == 0
    vic = actor("vic")
    for look in (
        lambda: work.task_for(vic, project.id, answers_of(project)[0].task_id),
        lambda: work.answers_page(vic, project.id),
        lambda: quality.results_page(vic, project.id),
        lambda: work.given_up(vic, project.id, 1),
    ):
        with pytest.raises(NotAllowed) as refused:
            look()
        assert refused.value.code == "works_here"


def test_who_gave_a_task_up_and_why_is_shown(settings: Any) -> None:
    project = launched(ROWS[:1], sensitivity=2)
    task = tasks_of(project)[0]
    for name, said in (("ben", "cannot_be_answered: No <text>."), ("cyn", "It is odd."), ("eve", "")):
        who = {"person_id": person(name).id, "project_id": project.id}
        sql.write("UPDATE person SET adult_confirmed_at = now()")
        work_actions.consent(**who)
        held = work_actions.claim(**who, channel=1)
        if said:
            work_actions.skip(**who, assignment_id=held.assignment_id, reason=said)
        else:
            work_actions.stop(**who, assignment_id=held.assignment_id)
        work_actions.return_to_queue(project_id=project.id)
    page = get(project, f"tasks/{task}/")
    assert "cannot be answered: No &lt;text&gt;." in page
    assert "It is odd." in page and "stopped, with pay" in page
    for one in work.given_up(actor("ada"), project.id, work.tasks_page(actor("ada"), project.id)[0].id):
        assert one.pseudonym in page


def test_gold_shows_who_was_right_by_the_distance_of_its_kind(settings: Any) -> None:
    settings.UNDO_SECONDS = 0
    project = launched(
        [*ROWS, {"text": "Known", "_gold": {"mood": ["a", "b"]}}],
        ask={"mood": {"kind": "choice", "options": ["a", "b", "c"], "many": True, "label": "Mood?"}},
        quality={"answers": {"min": 2, "max": 4}, "gold_share": 0.5},
    )
    do_work(project.id, "ben", lambda data: {"mood": ["b", "a"]})
    judge(project.id)
    page = get(project, f"tasks/{tasks_of(project)[3]}/")
    assert "badge-ok" in page and "badge-bad" not in page


def test_gold_shows_who_was_right(settings: Any) -> None:
    settings.UNDO_SECONDS = 0
    project = launched(ROWS + GOLD, quality={"answers": {"min": 2, "max": 4}, "gold_share": 0.5})
    do_work(project.id, "ben", lambda data: {"sentiment": "positive"})
    judge(project.id)
    page = get(project, f"tasks/{tasks_of(project)[3]}/")
    assert "Right answer" in page and "neutral" in page
    assert "Decide the result by hand" not in page


def test_approve_pays_and_stays_on_the_page(answered: ProjectView) -> None:
    path = f"tasks/{tasks_of(answered)[0]}/"
    asg = public_id("asg", answers_of(answered)[0].assignment_id)
    answer = post(answered, path, do="approve", answer=asg)
    assert answer.status_code == 303 and answer["Location"].endswith(path)
    assert work.progress(answered.id).approved == 1


def test_reject_needs_a_reason_and_keeps_what_was_typed(answered: ProjectView) -> None:
    path = f"tasks/{tasks_of(answered)[0]}/"
    asg = public_id("asg", answers_of(answered)[0].assignment_id)
    refused = post(answered, path, do="reject", answer=asg, code="low_effort", reason=" ")
    assert refused.status_code == 422
    assert "why the answer is rejected" in text_of(refused)
    assert (
        post(answered, path, do="reject", answer=asg, code="low_effort", reason="It is ironic.").status_code
        == 303
    )
    assert "It is ironic." in get(answered, path)
    assert work.progress(answered.id).rejected == 1


def test_a_result_is_decided_by_hand(answered: ProjectView) -> None:
    tsk = tasks_of(answered)[0]
    given = {"do": "overrule", "question": "sentiment", "answer.sentiment": '"neutral"'}
    assert visitor("ada").post(f"/projects/{answered.public_id}/tasks/{tsk}/", given).status_code == 303
    number = work.tasks_page(actor("ada"), answered.id)[0].id
    result = quality.result_for(actor("ada"), answered.id, number)
    assert result is not None and result.results["sentiment"].value == "neutral"
    assert "decided by hand" in get(answered, f"tasks/{tsk}/")
    wrong = given | {"answer.sentiment": '"splendid"'}
    assert visitor("ada").post(f"/projects/{answered.public_id}/tasks/{tsk}/", wrong).status_code == 422


def test_answers_of_other_projects_cannot_be_judged(answered: ProjectView) -> None:
    other = launched(ROWS)
    asg = public_id("asg", answers_of(answered)[0].assignment_id)
    path = f"tasks/{tasks_of(other)[0]}/"
    assert post(other, path, do="reject", answer=asg, code="low_effort", reason="x").status_code == 404
    post(other, path, do="approve", answer=asg)
    assert work.progress(answered.id).approved == 0
    assert post(other, path, do="anything").status_code == 422


def test_viewers_read_and_do_not_judge(answered: ProjectView) -> None:
    member("vic", answered.organisation_id, "viewer")
    path = f"tasks/{tasks_of(answered)[0]}/"
    assert "Approve" not in get(answered, path, "vic")
    asg = public_id("asg", answers_of(answered)[0].assignment_id)
    client = visitor("vic")
    for given in ({"do": "approve", "answer": asg}, {"do": "reject", "answer": asg, "reason": "x"}):
        assert client.post(f"/projects/{answered.public_id}/{path}", given).status_code == 403


def test_the_review_queue_approves_a_page(answered: ProjectView) -> None:
    page = get(answered, "review/")
    assert page.count('class="card review"') == 6
    ids = [public_id("asg", one.assignment_id) for one in quality.review_queue(actor("ada"), answered.id)]
    assert post(answered, "review/", do="approve", answer=ids).status_code == 303
    assert work.progress(answered.id).approved == 6
    assert "Nothing waits for review" in get(answered, "review/")


def test_the_review_queue_goes_on(answered: ProjectView, settings: Any) -> None:
    for name in ("dan", "eve"):
        do_work(answered.id, name, lambda data: {"sentiment": "positive"})
    judge(answered.id)
    first = visitor("ada").get(f"/projects/{answered.public_id}/review/")
    assert text_of(first).count('class="card review"') == 10
    assert "~asg_" in first.context["older"]
    rest = get(answered, "review/" + first.context["older"])
    assert rest.count('class="card review"') == 2
    for wrong in ("nan~asg_x", "x", "0.5~asg_x", "inf~"):
        assert visitor("ada").get(f"/projects/{answered.public_id}/review/?after={wrong}").status_code == 404


def test_pictures_at_an_address_are_let_in_on_this_page_only(settings: Any) -> None:
    settings.UNDO_SECONDS = 0
    project = launched(
        [{"picture": "https://pictures.example.org/a.png"}], show=[{"image": {"url": "{{ picture }}"}}]
    )
    do_work(project.id, "ben", lambda data: {"sentiment": "positive"})
    judge(project.id)
    for path in ("review/", f"tasks/{tasks_of(project)[0]}/"):
        answer = visitor("ada").get(f"/projects/{project.public_id}/{path}")
        assert "img-src 'self'" in answer["Content-Security-Policy"]
        assert "https://pictures.example.org" in answer["Content-Security-Policy"]
    plain = visitor("ada").get(f"/projects/{project.public_id}/tasks/")
    assert "pictures.example.org" not in plain["Content-Security-Policy"]


def test_threads_are_read_and_answered(answered: ProjectView) -> None:
    task = answers_of(answered)[0].task_id
    community.write_as_worker(
        person_id=person("ben").id, project_id=answered.id, task_id=task, text="Is irony positive?"
    )
    assert 'class="tabs-count">1<' in get(answered, "")
    [thread] = threads.threads_of_project(actor("ada"), answered.id)
    path = f"threads/{public_id('msg', thread.id)}/"
    assert path in get(answered, "threads/?show=unread")
    assert "Is irony positive?" in get(answered, path)
    assert "Nothing unread" in get(answered, "threads/?show=unread")
    community.write_as_worker(
        person_id=person("ben").id, project_id=answered.id, task_id=task, text="Or sarcasm?"
    )
    member("vic", answered.organisation_id, "viewer")
    assert "Or sarcasm?" in get(answered, path, "vic")
    assert "Nothing unread" not in get(answered, "threads/?show=unread")  # a viewer cannot answer
    assert post(answered, path, text="No.").status_code == 303
    assert "No." in get(answered, path)
    assert post(answered, path, text="  ").status_code == 422
    assert Notice.objects.filter(person=person("ada"), link__endswith=f"/{path}").exists()


def test_the_list_of_threads_goes_on_by_keyset(
    answered: ProjectView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(project_threads, "PAGE", 2)
    tasks = [one.id for one in work.tasks_page(actor("ada"), answered.id)]
    for task in tasks:
        community.write_as_worker(
            person_id=person("ben").id, project_id=answered.id, task_id=task, text="Hello"
        )
    seen, address = [], f"/projects/{answered.public_id}/threads/"
    for _page in range(2):
        shown = visitor("ada").get(address).context
        seen += [task for _thread, task, _view in shown["threads"]]
        address = shown["page"].older
    assert seen == [public_id("tsk", task) for task in reversed(tasks)] and address == ""
    asked = f"/projects/{answered.public_id}/threads/?before={public_id('msg', 10**9)}"
    assert visitor("ada").get(asked).status_code == 404


def test_threads_of_other_projects_are_not_found(answered: ProjectView) -> None:
    other = launched(ROWS)
    task = answers_of(answered)[0].task_id
    community.write_as_worker(person_id=person("ben").id, project_id=answered.id, task_id=task, text="Hello")
    [thread] = threads.threads_of_project(actor("ada"), answered.id)
    path = f"/projects/{other.public_id}/threads/{public_id('msg', thread.id)}/"
    assert visitor("ada").get(path).status_code == 404


def test_a_member_writes_to_a_worker_from_the_task(answered: ProjectView) -> None:
    path = f"tasks/{tasks_of(answered)[0]}/"
    asg = public_id("asg", answers_of(answered)[0].assignment_id)
    assert post(answered, path, do="write", answer=asg, text="Why?").status_code == 303
    assert len(threads.threads_of_project(actor("ada"), answered.id)) == 1


def test_members_take_answers_out_ask_for_more_and_find_all_of_it_in_the_history(
    answered: ProjectView,
) -> None:
    address = f"/projects/{answered.public_id}/tasks/{tasks_of(answered)[0]}/"
    client = visitor("ada")
    answer = re.findall(r'name="answer" value="(asg_\w+)"', client.get(address).content.decode())[0]
    refused = client.post(address, {"do": "exclude", "answer": answer, "reason": " "})
    assert refused.status_code == 422 and "why the answer does not count" in words(refused)
    assert client.post(address, {"do": "exclude", "answer": answer, "reason": "Guessed"}).status_code == 303
    judge(answered.id)
    page = words(client.get(address))
    assert "does not count “Guessed” Ada" in page and "paid all the same" in page
    assert "Ada took an answer out of a result" in page
    client.post(address, {"do": "include", "answer": answer})
    assert "does not count" not in words(client.get(address))
    assert "Raise the budget first" in words(client.post(address, {"do": "ask", "answers": "9"}))


def test_more_answers_are_asked_for_on_the_page_of_a_task() -> None:
    project = launched(ROWS[:1], budget="9.00")
    address = f"/projects/{project.public_id}/tasks/{tasks_of(project)[0]}/"
    client = visitor("ada")
    for many, status in (("1", 303), ("0", 422), ("٣", 422), ("", 422)):
        assert client.post(address, {"do": "ask", "answers": many}).status_code == status, many
    assert "Ada asked for more answers to a task +1" in words(client.get(address))


def test_a_task_needs_few_queries(answered: ProjectView, django_assert_max_num_queries: Any) -> None:
    address = f"/projects/{answered.public_id}/tasks/{tasks_of(answered)[0]}/"
    client = visitor("ada")
    client.get(address)
    with django_assert_max_num_queries(20):
        client.get(address)
