"""A launched project with tasks, and workers in it, made through the actions."""

from typing import Any

from tagwerk.domain.ledger import queries as ledger
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.queries.holding import Held, NoTask
from tests import orders
from tests.people import actor, email_of, person

ANSWER = {"sentiment": "positive"}


def rows(count: int, start: int = 1, **more: Any) -> list[dict[str, Any]]:
    """Rows of the sample design."""
    return [{"text": f"text {number}", "_id": f"t{number}", **more} for number in range(start, start + count)]


def gold_rows(count: int) -> list[dict[str, Any]]:
    """Gold of the sample design; the right answer is always the same."""
    return [
        {"text": f"gold {n}", "_id": f"g{n}", "_gold": {"sentiment": "negative"}} for n in range(1, count + 1)
    ]


def running(
    tasks: int = 5, *, gold: int = 0, deposit: int = 10_000_000_000, launch: bool = True, **changes: Any
) -> ProjectView:
    """A project of Ada's with so many tasks; launched, so that all of them are open."""
    orders.deposit(deposit)
    project = orders.project(**changes)
    if tasks or gold:
        work.import_tasks(project_id=project.id, rows=[*rows(tasks), *gold_rows(gold)])
    if launch:
        work.launch(actor=actor("ada"), project_id=project.id)
        work.open_covered_tasks(project_id=project.id)
    return project


def answers(least: int, most: int | None = None) -> dict[str, Any]:
    """`quality` of a project file."""
    return {"answers": {"min": least, "max": most or least, "confidence": 0.9}}


def without_pay(*names: str) -> dict[str, Any]:
    """`pay` and `audience` of a project file: these people work on it for nothing."""
    return {"pay": {"per": "none"}, "audience": {"invited": [email_of(name) for name in names]}}


def worker(name: str, project: ProjectView | None = None) -> int:
    """The id of a worker, enrolled where a project is named."""
    person_id = person(name).id
    if project:
        work.enrol(person_id=person_id, project_id=project.id)
    return person_id


def claim(person_id: int, project: ProjectView, channel: int = 1) -> Held | NoTask:
    """Claim as a page does."""
    return work.claim(person_id=person_id, project_id=project.id, channel=channel)


def taken(person_id: int, project: ProjectView) -> Held:
    """Claim, where a task must be there."""
    held = claim(person_id, project)
    assert isinstance(held, Held), held
    return held


def submit(
    held: Held, person_id: int, answer: dict[str, Any] | None = None, *, then: bool = False, **more: Any
):
    """Hand in."""
    return work.submit(
        person_id=person_id, project_id=held.project_id, assignment_id=held.assignment_id, design_id=held.design_id,
        answers=answer or ANSWER, channel=1, claim_next=then, **{"active_ms": 1500, **more},
    )  # fmt: skip


def done(person_id: int, project: ProjectView, answer: dict[str, Any] | None = None) -> int:
    """Claim and hand in; the assignment."""
    held = taken(person_id, project)
    submit(held, person_id, answer)
    return held.assignment_id


def taken_and_done(person_id: int, project: ProjectView) -> int:
    """Claim and hand in; what it pays."""
    held = taken(person_id, project)
    submit(held, person_id)
    return held.reward_micros


def all_done(person_id: int, project: ProjectView, *, gold_always_due: bool = False) -> list[int]:
    """Work until there is nothing left; the assignments."""
    found = []
    while True:
        if gold_always_due:
            sql.write("UPDATE enrolment SET gold_due = 0 WHERE project_id = %s", [project.id])
        held = claim(person_id, project)
        if isinstance(held, NoTask):
            return found
        submit(held, person_id)
        found.append(held.assignment_id)


def away(person_id: int) -> None:
    """All that a person did becomes two days old."""
    for column, table in (("enrolled_at", "enrolment"), ("claimed_at", "assignment")):
        sql.write(
            f"UPDATE {table} SET {column} = {column} - interval '2 days' WHERE worker_id = %s", [person_id]
        )


def state_of(project: ProjectView, assignment_id: int) -> int:
    """The state of an assignment."""
    return sql.value(
        "SELECT state FROM assignment WHERE project_id = %s AND id = %s", [project.id, assignment_id]
    )


def open_slots(project: ProjectView) -> int:
    """How often a task can still be taken."""
    return sql.value(
        "SELECT coalesce((SELECT sum(open) FROM queue WHERE project_id = %s), 0)"
        " + coalesce((SELECT sum(open) FROM short_queue WHERE project_id = %s), 0)",
        [project.id, project.id],
    )


def check_money(project: ProjectView) -> None:
    """Reserved is enough, the book is right, and what is committed is exactly what can still be paid."""
    cover = queries.coverage(project.id)
    assert cover.covered, cover
    committed, paid = sql.row(
        "SELECT committed_micros, paid_micros FROM opening WHERE project_id = %s", [project.id]
    )
    assert committed - paid == cover.needed_micros, (committed, paid, cover)
    assert ledger.drift_micros() == 0


def check_slots(project: ProjectView) -> None:
    """No task has more takers than wanted, and every slot is somewhere: in a queue, in a hand, answered or on its way."""
    wrong = sql.rows(
        """SELECT o.task_id, o.wanted, o.most, coalesce(a.live, 0), coalesce(q.open, 0) + coalesce(s.open, 0)
            FROM opened_task o
            LEFT JOIN (SELECT task_id, count(*) AS live FROM assignment a WHERE a.project_id = %(p)s AND NOT is_gold AND
                (state IN (0, 1, 2) OR (state = 3 AND EXISTS (SELECT 1 FROM rejection j WHERE j.project_id = a.project_id
                    AND j.assignment_id = a.id AND j.ended_at IS NULL))
                OR EXISTS (SELECT 1 FROM returned_slot r WHERE r.project_id = a.project_id AND r.assignment_id = a.id))
                GROUP BY task_id) a USING (task_id)
            LEFT JOIN queue q ON q.project_id = o.project_id AND q.task_id = o.task_id
            LEFT JOIN short_queue s ON s.project_id = o.project_id AND s.task_id = o.task_id
            WHERE o.project_id = %(p)s AND NOT o.closed
                AND coalesce(a.live, 0) + coalesce(q.open, 0) + coalesce(s.open, 0) <> o.wanted""",
        {"p": project.id},
    )
    assert wrong == []


def earned(name: str) -> int:
    """What a person has to be paid out."""
    return sum(one.available_micros for one in queries.earnings(person(name).id))
