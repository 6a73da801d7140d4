"""The list of tasks: each filter, together, page by page; what it reads does not grow with the project."""

import pytest
from django.db import connection

from tagwerk.base.errors import NotAllowed, NotFound
from tagwerk.domain.community import actions as community
from tagwerk.domain.exports.queries import Between, Order, TaskFilter, find_tasks, listing
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.quality.rules.words import Source, TaskState
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries as work_queries
from tagwerk.domain.work.models import Task
from tests.people import actor, member
from tests.workshop import do_work, judge, launched

pytestmark = pytest.mark.django_db
ROWS = [{"_id": f"{'ab'[n % 2]}-{n}", "text": f"Text {n}"} for n in range(8)]
GOLD = [{"_id": f"gold-{n}", "text": "gold", "_gold": {"sentiment": "neutral"}} for n in range(2)]


def say(data):
    return {"sentiment": "negative" if data["text"] == "Text 3" else "positive"}


@pytest.fixture
def project(settings):
    settings.UNDO_SECONDS = 0
    made = launched(ROWS)
    for name in ("ben", "bea", "bob"):
        do_work(made.id, name, say)
        judge(made.id)
    work.import_tasks(project_id=made.id, rows=[{"_id": "a-late", "text": "later"}, *GOLD])
    return made


def found(project, limit=50, **wanted):
    """The own ids of what is found, in the order of the pages."""
    names, after = [], 0
    while after is not None:
        page = find_tasks(actor(), project.id, TaskFilter(**wanted), after=after, limit=limit)
        rows = dict(
            Task.objects.filter(project_id=project.id, id__in=page.ids).values_list("id", "external_id")
        )
        assert len(page.ids) <= limit
        names += [rows[number] for number in page.ids]
        after = page.next_after
    return names


ALL = [row["_id"] for row in ROWS]
FILTERS = [
    ({}, [*ALL, "a-late", "gold-0", "gold-1"]),
    ({"state": TaskState.DONE}, ALL),
    ({"state": TaskState.EXHAUSTED}, []),
    ({"gold": True}, ["gold-0", "gold-1"]),
    ({"gold": False}, [*ALL, "a-late"]),
    ({"prefix": "a-"}, ["a-0", "a-2", "a-4", "a-6", "a-late"]),
    ({"prefix": "a%"}, []),
    ({"question": "sentiment", "value": "negative"}, ["b-3"]),
    ({"question": "sentiment", "value": "positive", "prefix": "b"}, ["b-1", "b-5", "b-7"]),
    ({"question": "sentiment", "value": "positive", "state": TaskState.DONE, "gold": True}, []),
    ({"state": TaskState.DONE, "order": Order.CERTAINTY, "prefix": "b"}, ["b-1", "b-3", "b-5", "b-7"]),
    ({"order": Order.CERTAINTY, "descending": True, "prefix": "a"}, ["a-6", "a-4", "a-2", "a-0"]),
    ({"order": Order.CERTAINTY, "sure": Between(high=0.5)}, []),
    ({"order": Order.CERTAINTY, "sure": Between(0.5), "of": "sentiment"}, ALL),
    ({"order": Order.CERTAINTY, "of": "sentiment", "descending": True, "prefix": "a"}, ["a-6", "a-4", "a-2", "a-0"]),
    ({"order": Order.AGREEMENT, "of": "sentiment", "agree": Between(1, 1)}, ALL),
    ({"order": Order.AGREEMENT, "of": "sentiment", "descending": True, "agree": Between(0, 0.9)}, []),
    ({"order": Order.AGREEMENT, "of": "sentiment", "sure": Between(0.5), "source": Source.VOTE, "prefix": "b"}, ["b-1", "b-3", "b-5", "b-7"]),
    ({"sure": Between(0.5)}, ALL),
    ({"sure": Between(high=0.5), "of": "sentiment"}, []),
    ({"agree": Between(0.9)}, ALL),
    ({"source": Source.VOTE, "of": "sentiment", "state": TaskState.DONE}, ALL),
    ({"source": Source.VOTE, "of": "other"}, []),
    ({"source": Source.OVERRULED}, []),
]  # fmt: skip


@pytest.mark.parametrize("limit", [50, 1])
def test_filters_alone_and_together_page_by_page(project, limit):
    for wanted, names in FILTERS:
        assert found(project, limit, **wanted) == names, wanted


def test_results_decided_by_hand(project):
    task = Task.objects.filter(project_id=project.id, external_id="b-5").values_list("id", flat=True)[0]
    quality.overrule_result(
        actor=actor(), project_id=project.id, task_id=task, question="sentiment", value="neutral"
    )
    assert found(project, source=Source.OVERRULED) == ["b-5"]
    assert found(project, source=Source.OVERRULED, of="sentiment") == ["b-5"]
    assert found(project, source=Source.OVERRULED, of="other") == []
    assert found(project, source=Source.VOTE) == [name for name in ALL if name != "b-5"]


def test_by_batch_and_by_message(project):
    first, second = sorted(one.id for one in work_queries.batches_of(project.id))
    assert found(project, batch_id=first) == ALL
    assert found(project, batch_id=second, gold=False) == ["a-late"]
    assert found(project, written_about=True) == []
    answer = work_queries.feed(project.id, 0)[0]
    community.write_to_worker(
        actor=actor(), project_id=project.id, assignment_id=answer.assignment_id, text="Are you sure?"
    )
    assert len(found(project, written_about=True)) == 1


def test_a_page_ends_where_enough_was_looked_at_and_the_next_goes_on(project, monkeypatch):
    monkeypatch.setattr(listing, "LOOKED_AT", 3)
    wanted = TaskFilter(state=TaskState.DONE, prefix="", gold=True)
    page = find_tasks(actor(), project.id, TaskFilter(batch_id=None, gold=False), limit=50)
    assert len(page.ids) == 3 and page.searching and page.next_after == page.ids[-1]
    assert found(project, gold=False) == [*ALL, "a-late"]
    assert find_tasks(actor(), project.id, wanted).ids == []
    assert found(project, order=Order.CERTAINTY, gold=False) == ALL


def test_who_works_here_or_is_a_stranger_sees_none(project):
    with pytest.raises(NotFound):
        find_tasks(actor("eve"), project.id, TaskFilter())
    member("ben", project.organisation_id, "viewer")
    with pytest.raises(NotAllowed):
        find_tasks(actor("ben"), project.id, TaskFilter())


def test_no_filter_reads_a_table_from_end_to_end(project):
    """Every row is reached through an index that begins with the project."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for wanted, _names in FILTERS:
            statement, values = listing._statement(project.id, TaskFilter(**wanted), 0, 51)
            cursor.execute(f"EXPLAIN {statement}", values)
            plan = "\n".join(line for (line,) in cursor.fetchall())
            assert "Seq Scan" not in plan and "Sort Key: task" not in plan, plan
