"""My work and earnings."""

import html
import json
import re

import pytest

from tagwerk.domain.community import actions as community
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tests.interfaces.web.worker.working import answered, hand_in, number_of, start, task_in
from tests.people import actor, person
from tests.workshop import do_work, launched

pytestmark = pytest.mark.django_db


def text_of(reply) -> str:
    return html.unescape(" ".join(reply.content.decode().split()))


def lines_of(reply) -> list[str]:
    return re.findall(r'<li class="line">', reply.content.decode())


def test_nothing_done_yet_says_where_work_is(ben):
    assert 'href="/work/"' in text_of(ben.get("/work/mine/"))
    page = text_of(ben.get("/work/earnings/"))
    assert "Nothing earned yet" in page


def test_what_was_done_and_what_became_of_it(ben, project):
    first = task_in(start(ben, project.public_id))
    second = task_in(hand_in(ben, first, sentiment="positive"))
    page = text_of(ben.get("/work/mine/"))
    assert "Handed in" in page
    assert "In your hands" in page
    assert "held until" in page
    assert f'/work/task/{first}/answer/">Change the answer' in page
    assert f'/work/task/{second}/">Go on' in page


def test_each_line_says_what_its_task_showed_and_nothing_else(ben):
    rows = [
        {"text": "<b onclick=x>Bold</b> & well", "hidden": "unseen-1"},
        {"text": "Long " * 60, "hidden": "unseen-2"},
    ]
    made = launched(rows)
    do_work(made.id, "ben", lambda data: {"sentiment": "positive"})
    page = ben.get("/work/mine/").content.decode()
    assert "unseen" not in page and "<b onclick" not in page
    one, other = sorted(re.findall(r'<p class="line-excerpt small" dir="auto">([^<]*)</p>', page))
    assert one.startswith("&lt;b onclick=x&gt;Bold&lt;/b&gt; &amp; well")
    assert other.startswith("Long Long") and other.endswith("…") and len(other) == 120


def test_what_may_disturb_stands_in_no_list(ben):
    made = launched([{"text": "Dreadful"}], sensitivity=2)
    task_in(start(ben, made.public_id, consent="on"))
    assert "Dreadful" not in text_of(ben.get("/work/mine/"))


def test_one_s_own_only(ben, as_person, project):
    start(ben, project.public_id)
    assert lines_of(as_person("cyn").get("/work/mine/")) == []


def test_pages_of_the_list_by_keyset(ben):
    made = launched([{"text": str(number)} for number in range(33)])
    do_work(made.id, "ben", lambda data: {"sentiment": "positive"})
    first = ben.get("/work/mine/")
    assert len(lines_of(first)) == 30
    older = re.search(r'rel="next" href="(/work/mine/\?before=asg_\w+)"', first.content.decode())[1]
    second = ben.get(older)
    assert len(lines_of(second)) == 3
    assert 'rel="prev"' in second.content.decode()
    assert 'rel="next"' not in second.content.decode()
    assert ben.get("/work/mine/?before=nonsense").status_code == 404


def test_a_rejection_with_its_reason_can_be_accepted(ben, project, settings):
    settings.UNDO_SECONDS = 0
    first = task_in(start(ben, project.public_id))
    hand_in(ben, first, sentiment="positive")
    work.feed_answers(project_id=project.id)
    work.reject(
        actor=actor("ada"),
        project_id=project.id,
        assignment_id=number_of(first),
        code="low_effort",
        reason="Not read at all",
    )
    page = text_of(ben.get("/work/mine/"))
    assert "Rejected" in page
    assert "Not read at all" in page
    assert "object until" in page
    assert "Not read at all" in text_of(ben.get(f"/work/task/{first}/answer/"))
    assert ben.post(f"/work/task/{first}/accept/").status_code == 303
    assert "Accept the rejection" not in text_of(ben.get("/work/mine/"))


def test_what_was_not_rejected_cannot_be_accepted(ben, project):
    first = task_in(start(ben, project.public_id))
    assert ben.post(f"/work/task/{first}/accept/").status_code == 404


def test_earnings_pending_and_available(ben, project, settings):
    settings.UNDO_SECONDS = 0
    first = task_in(start(ben, project.public_id))
    hand_in(ben, first, sentiment="positive")
    page = text_of(ben.get("/work/earnings/"))
    assert "1 answer waits for approval" in page
    assert "€0.10" in page
    assert "Nothing is approved yet" in page
    work.feed_answers(project_id=project.id)
    work.approve(project_id=project.id, assignment_ids=[number_of(first)], actor_id=person("ada").id)
    page = text_of(ben.get("/work/earnings/"))
    assert f'<a href="/work/task/{first}/">Approved answer</a>' in page
    assert "0 answers wait" in page


def test_what_an_hour_of_work_paid(ben, project, settings):
    settings.UNDO_SECONDS = 0
    assert "Pay for an hour of paid work" not in text_of(ben.get("/work/earnings/"))
    reply = start(ben, project.public_id)
    ids = []
    for active_ms in ("60000", "120000", ""):  # the last one is not known
        ids.append(task_in(reply))
        reply = ben.post(f"/work/task/{ids[-1]}/", answered(sentiment="positive") | {"_active_ms": active_ms})
    page = text_of(ben.get("/work/earnings/"))
    assert "€4.00" in page  # 0.20 in three minutes
    assert "from your last 2 answers with a known time, 3 min at work" in page
    work.feed_answers(project_id=project.id)
    work.reject(
        actor=actor("ada"),
        project_id=project.id,
        assignment_id=number_of(ids[0]),
        code="low_effort",
        reason="No answer at all.",
    )
    page = text_of(ben.get("/work/earnings/"))
    assert "€3.00" in page and "from your last answer with a known time, 2 min at work" in page
    assert "Pay for an hour, everything counted" in page and "with 1 min of rejected answers" in page
    assert "€2.00" in page
    assert queries.own_wage(person("ben").id, "CHF").answers == 0


def test_time_spent_on_a_change_counts_too(ben, project):
    first = task_in(start(ben, project.public_id))
    ben.post(f"/work/task/{first}/", answered(sentiment="positive") | {"_active_ms": "60000"})
    ben.post(f"/work/task/{first}/answer/", answered(sentiment="negative") | {"_active_ms": "30000"})
    assert queries.own_wage(person("ben").id, "EUR").paid_ms == 90_000


def test_earnings_by_keyset(ben, settings):
    settings.UNDO_SECONDS = 0
    made = launched([{"text": str(number)} for number in range(43)])
    do_work(made.id, "ben", lambda data: {"sentiment": "positive"})
    work.feed_answers(project_id=made.id)
    ids = [one.assignment_id for one in queries.my_work(person("ben").id, limit=100)]
    work.approve(project_id=made.id, assignment_ids=ids, actor_id=person("ada").id)
    first = ben.get("/work/earnings/").content.decode()
    assert first.count("Approved answer") == 40
    older = html.unescape(re.search(r'rel="next" href="([^"]+)"', first)[1])
    assert ben.get(older).content.decode().count("Approved answer") == 3


def test_some_of_one_s_work_and_what_was_written_about_it(ben, settings, monkeypatch):
    settings.UNDO_SECONDS = 0
    made = launched([{"text": str(number)} for number in range(4)])
    other = launched([{"text": "x"}], title="Another one")
    for project_id in (made.id, other.id):
        do_work(project_id, "ben", lambda data: {"sentiment": "positive"})
    work.feed_answers(project_id=made.id)
    ids = [one.assignment_id for one in queries.my_work(person("ben").id, project_id=made.id)]
    work.reject(
        actor=actor("ada"),
        project_id=made.id,
        assignment_id=ids[2],
        code="low_effort",
        reason="Not read at all",
    )
    community.write_to_worker(actor=actor("ada"), project_id=made.id, assignment_id=ids[2], text="Why?")
    shown = {
        name: ben.get(f"/work/mine/?state={name}") for name in ("rejected", "waiting", "held", "nonsense")
    }
    assert [len(lines_of(reply)) for reply in shown.values()] == [1, 4, 0, 5]
    assert "New message" in text_of(shown["rejected"])
    assert "None of your work is like that" in text_of(shown["held"])
    one = text_of(ben.get(f"/work/mine/?project={other.public_id}"))
    assert one.count('<li class="line">') == 1 and "take away" in one
    monkeypatch.setattr("tagwerk.domain.work.queries.workers.LOOKED_AT", 2)
    page = text_of(ben.get("/work/mine/?state=rejected"))
    assert "Nothing among your newest work" in page
    further = re.search(r'href="(\?state=rejected[^"]*before=asg_\w+)"', page)
    assert len(lines_of(ben.get("/work/mine/" + further[1]))) == 1


def test_earnings_by_day_week_and_project(ben, project, settings):
    settings.UNDO_SECONDS = 0
    do_work(project.id, "ben", lambda data: {"sentiment": "positive"}, most=3)
    for by, title in (("day", "Earned by day"), ("week", "Earned by week"), ("project", "Earned by project")):
        page = text_of(ben.get(f"/work/earnings/?by={by}"))
        assert title in page
        assert "€0.30" in page
        assert "€90.00" in page  # ten cents in four seconds
    assert f"/work/mine/?project={project.public_id}" in page


def test_movements_as_files(ben, project, settings):
    settings.UNDO_SECONDS = 0
    do_work(project.id, "ben", lambda data: {"sentiment": "positive"}, most=2)
    work.feed_answers(project_id=project.id)
    ids = [one.assignment_id for one in queries.my_work(person("ben").id)]
    work.approve(project_id=project.id, assignment_ids=ids, actor_id=person("ada").id)
    csv = b"".join(ben.get("/work/earnings/movements.csv").streaming_content).decode().splitlines()
    assert csv[0] == "id,at,kind,amount,currency,project,assignment,memo,operators_fee"
    assert len(csv) == 3 and csv[1].endswith(",,0.02") and ",approved,0.10,EUR,Sentiment,asg_" in csv[1]
    found = json.loads(b"".join(ben.get("/work/earnings/movements.json").streaming_content))
    assert [one["amount"] for one in found] == ["0.10", "0.10"]
    assert ben.get("/work/earnings/movements.exe").status_code == 404


def test_few_queries(ben, project, django_assert_max_num_queries):
    do_work(project.id, "ben", lambda data: {"sentiment": "positive"}, most=3)
    ben.get("/work/mine/")
    with django_assert_max_num_queries(7):
        ben.get("/work/mine/")
    with django_assert_max_num_queries(16):
        ben.get("/work/earnings/")
