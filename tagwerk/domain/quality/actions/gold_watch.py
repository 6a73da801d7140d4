"""The watch over gold: what has become known is retired, what good workers do not find is shown to members."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from tagwerk.base.events import record
from tagwerk.base.ids import public_id
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.quality.actions import gold_tables
from tagwerk.domain.quality.actions.gold import recount_gold
from tagwerk.domain.quality.actions.locking import wait_for_judge
from tagwerk.domain.quality.events import GoldRetired, GoldSuspected
from tagwerk.domain.quality.models import GoldStanding
from tagwerk.domain.quality.rules.leaks import (
    FEWEST_ELSEWHERE,
    LOOKED_BACK,
    Answered,
    Leak,
    WrongKey,
    due,
    leak_in,
    wrong_key_in,
)
from tagwerk.domain.quality.rules.words import WRONG_KEY, GoldState
from tagwerk.domain.work import actions as work

AT_ONCE = 1_000


def watch_gold(*, now: datetime) -> int:
    """Look at all gold that has a tenth more answers than when it was looked at last; how many were found out."""
    return sum(_look(project_id, task_id) for project_id, task_id in _due())


def _due() -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [AT_ONCE])
        return list(cursor.fetchall())


@transaction.atomic
def _look(project_id: int, task_id: int) -> bool:
    wait_for_judge(project_id=project_id)
    row = gold_tables.standing_of(project_id, task_id)
    if row.state != GoldState.SERVING or not due(row.seen, row.looked_at):
        return False
    look = row.looks + 1
    _write(project_id, task_id, looks=look, looked_at=row.seen)
    by_question = _answers(project_id, task_id)
    project = projects.project(project_id)
    for question, answers in by_question.items():
        if wrong := wrong_key_in(question, answers, look):
            _suspect(project, task_id, wrong)
            return True
    if leak := leak_in(_whole(by_question), look):
        _retire(project, task_id, leak)
        return True
    return False


def _answers(project_id: int, task_id: int) -> dict[str, list[Answered]]:
    """Question → the newest answers, the oldest of them first, each with how good its worker is on other gold."""
    found: dict[str, list[Answered]] = {}
    values = {"project": project_id, "task": task_id, "most": LOOKED_BACK, "fewest": FEWEST_ELSEWHERE}
    with connection.cursor() as cursor:
        cursor.execute(_ANSWERS, values)
        for question, seq, right, active_ms, elsewhere in cursor.fetchall():
            found.setdefault(question, []).append(Answered(seq, right, active_ms, elsewhere))
    return found


def _whole(by_question: Mapping[str, list[Answered]]) -> list[Answered]:
    """One answer each to all questions at once: right where every question is."""
    found: dict[int, Answered] = {}
    for answers in by_question.values():
        for one in answers:
            known = found.get(one.seq, one)
            found[one.seq] = Answered(one.seq, known.right and one.right, one.active_ms, one.elsewhere)
    return [found[seq] for seq in sorted(found)]


def _retire(project: ProjectView, task_id: int, leak: Leak) -> None:
    """What is known is served no more, and what was answered since then counts for nobody and against nobody."""
    work.retire_gold(project_id=project.id, task_id=task_id)
    evidence = asdict(leak)
    _write(
        project.id, task_id, state=GoldState.RETIRED, why=leak.why, evidence=evidence, counts_before=leak.since_seq
    )  # fmt: skip
    recount_gold(project, [task_id])
    record(
        GoldRetired(
            organisation_id=project.organisation_id, project_id=project.id, task_id=task_id, why=leak.why
        )
    )
    _tell(project, task_id, "gold_retired")


def _suspect(project: ProjectView, task_id: int, wrong: WrongKey) -> None:
    """A key that may be wrong counts against nobody, and is not served, until a member has looked at it."""
    work.retire_gold(project_id=project.id, task_id=task_id)
    _write(
        project.id, task_id, state=GoldState.SUSPICIOUS, why=WRONG_KEY, evidence=asdict(wrong), counts_before=0
    )  # fmt: skip
    recount_gold(project, [task_id])
    record(
        GoldSuspected(
            organisation_id=project.organisation_id, project_id=project.id, task_id=task_id,
            question=wrong.question,
        )
    )  # fmt: skip
    _tell(project, task_id, "gold_suspicious")


def _write(project_id: int, task_id: int, **columns: Any) -> None:
    GoldStanding.objects.filter(project_id=project_id, task_id=task_id).update(
        **columns, changed_at=gold_tables.NOW
    )


def _tell(project: ProjectView, task_id: int, kind: str) -> None:
    notices.tell_members(
        organisation_id=project.organisation_id, permission=Permission.ANSWER_REVIEW, kind=kind,
        params={"project": project.title},
        link=f"/projects/{project.public_id}/gold/{public_id('tsk', task_id)}/",
        key=f"{kind}/{project.id}/{task_id}/{gold_tables.standing_of(project.id, task_id).looks}",
        unless_unread=f"{kind}/{project.id}/",
    )  # fmt: skip


# A tenth more answers, ten at least: as `due` says it.
_DUE = """
SELECT project_id, task_id FROM gold_standing
WHERE state = 'serving' AND seen - looked_at >= greatest(10, looked_at / 10) ORDER BY project_id, task_id LIMIT %s
"""
_ANSWERS = """
WITH newest AS MATERIALIZED (
    SELECT question, seq, "right", active_ms, worker_id FROM gold_answer
    WHERE project_id = %(project)s AND task_id = %(task)s AND seq > coalesce((SELECT min(seq) FROM (
        SELECT DISTINCT seq FROM gold_answer WHERE project_id = %(project)s AND task_id = %(task)s
        ORDER BY seq DESC LIMIT %(most)s) last), 0) - 1
), elsewhere AS (
    SELECT worker_id, avg("right"::int)::float8 AS share FROM gold_answer
    WHERE project_id = %(project)s AND worker_id IN (SELECT worker_id FROM newest) AND task_id <> %(task)s AND counted
    GROUP BY worker_id HAVING count(DISTINCT task_id) >= %(fewest)s
)
SELECT n.question, n.seq, n."right", n.active_ms, e.share FROM newest n LEFT JOIN elsewhere e USING (worker_id)
ORDER BY n.question, n.seq
"""
