"""A project that people work on, from claim to judgement, through the actions only."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tagwerk.domain.accounts.rules import Channel
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.work import actions as work
from tests.orders import deposit, project
from tests.people import actor, person

Say = Callable[[Mapping[str, Any]], Mapping[str, Any]]
PAID = 1_000_000_000


def launched(rows: Iterable[Mapping[str, Any]], **changes: Any) -> ProjectView:
    """A running project of Ada's with these rows; `changes` replace keys of its file."""
    deposit(PAID)
    made = project(**changes)
    work.import_tasks(project_id=made.id, rows=[dict(row) for row in rows], actor_id=person("ada").id)
    work.launch(actor=actor("ada"), project_id=made.id)
    work.open_covered_tasks(project_id=made.id)
    return projects.project(made.id)


def do_work(
    project_id: int, name: str, say: Say, *, most: int = 10_000, active_ms: Callable[[], int] = lambda: 4_000
) -> int:
    """One person takes tasks and answers them until there are no more (or `most`); how many."""
    worker, done = person(name).id, 0
    held = work.claim(person_id=worker, project_id=project_id, channel=Channel.PAGE)
    while done < most and hasattr(held, "assignment_id"):
        done += 1
        reply = work.submit(
            person_id=worker,
            project_id=project_id,
            assignment_id=held.assignment_id,
            design_id=held.design_id,
            answers=say(held.data),
            active_ms=active_ms(),
            channel=Channel.PAGE,
            claim_next=done < most,
        )
        held = reply.next
    return done


def judge(project_id: int) -> int:
    """What is handed in is fed and judged, as the jobs would; how many tasks were looked at."""
    work.feed_answers(project_id=project_id)
    looked_at = quality.judge_answers(project_id=project_id)
    work.return_to_queue(project_id=project_id)
    return looked_at
