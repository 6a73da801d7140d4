"""Who may claim: one row per worker and project that facts rewrite, so that a claim reads nothing else."""

import secrets
from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from tagwerk.base.errors import NotFound
from tagwerk.base.events import record
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.projects.rules import State as ProjectState
from tagwerk.domain.work.actions.opening import funds_of, gold_share_of, locked_opening
from tagwerk.domain.work.events import WorkerPaused, WorkerResumed
from tagwerk.domain.work.models import Enrolment, Opening
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.queries.enrolments import EnrolmentView, enrolment, reasons_now, reasons_of
from tagwerk.domain.work.queries.entering import project_for_worker
from tagwerk.domain.work.queries.factors import factors_in, factors_of_worker
from tagwerk.domain.work.queries.prices import gold_price
from tagwerk.domain.work.rules.coverage import GOLD_CHUNK, gold_covered

_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that could be taken for another


def enrol(*, person_id: int, project_id: int) -> EnrolmentView:
    """Enrol a worker in a project that exists for them, or look again whether they may work on it."""
    entered = project_for_worker(person_id, project_id)
    reasons = reasons_now(entered.project, person_id) if entered.enrolment else list(entered.reasons)
    level_bp, floor_bp = factors_of_worker(entered.project, person_id)
    known = Enrolment.objects.filter(project_id=project_id, worker_id=person_id).update(
        eligible=not reasons, reasons=reasons, level_bp=level_bp, floor_bp=floor_bp
    )
    if not known:
        _enrol_new(project_id, person_id, reasons, (level_bp, floor_bp))
    return enrolment(person_id, project_id)


def refresh_enrolments(*, person_id: int | None = None, project_id: int | None = None) -> int:
    """Look again who may work: all projects of a person, everybody in a project, or one in one; how many changed."""
    assert person_id is not None or project_id is not None
    rows = Enrolment.objects.all()
    if person_id is not None:
        rows = rows.filter(worker_id=person_id)
    if project_id is not None:
        rows = rows.filter(project_id=project_id)
    found = rows.order_by("worker_id", "project_id").values_list("worker_id", "project_id")
    return sum(
        _refresh(worker_id, [project for _worker, project in mine])
        for worker_id, mine in groupby(found, key=itemgetter(0))
    )


@transaction.atomic
def _refresh(worker_id: int, project_ids: Sequence[int]) -> int:
    """Write the reasons against one worker, and what they are paid more than others, where that has changed.

    The rows are locked before the facts are read: of two who look, the later one sees what is true later.
    """
    alive = [
        one
        for one in projects.projects_numbered(project_ids).values()
        if one.state is not ProjectState.ARCHIVED
    ]
    rows = Enrolment.objects.select_for_update().filter(
        worker_id=worker_id, project_id__in=[one.id for one in alive]
    )
    mine: dict[int, Mapping[str, Any]] = {
        one["project_id"]: one
        for one in rows.order_by("project_id").values(
            "project_id", "eligible", "reasons", "level_bp", "floor_bp"
        )
    }
    changed, who = 0, accounts.worker_profile(worker_id)
    reasons, factors = reasons_of(alive, who), factors_in(alive, who)
    for project in alive:
        level_bp, floor_bp = factors[project.id]
        against = reasons[project.id]
        found = {"reasons": against, "eligible": not against, "level_bp": level_bp, "floor_bp": floor_bp}
        if project.id in mine and any(mine[project.id][name] != value for name, value in found.items()):
            changed += Enrolment.objects.filter(project_id=project.id, worker_id=worker_id).update(**found)
    return changed


def consent(*, person_id: int, project_id: int) -> None:
    """Note that a worker was warned of a sensitive project, as it is now, and wants to work on it."""
    entered = project_for_worker(person_id, project_id)
    if entered.enrolment is None:
        enrol(person_id=person_id, project_id=project_id)
    Enrolment.objects.filter(project_id=project_id, worker_id=person_id).update(
        consented_at=Now(), consented_level=entered.project.sensitivity
    )


def ask_consent_again(*, project_id: int) -> int:
    """Forget the consent of those who were warned of less than the project shows now; of how many."""
    level = projects.project(project_id).sensitivity
    warned_of_less = Enrolment.objects.filter(
        project_id=project_id, consented_at__isnull=False, consented_level__lt=level
    )
    return warned_of_less.update(consented_at=None)


@transaction.atomic
def pause_worker(*, project_id: int, worker_id: int, reason: str, actor_id: int | None = None) -> bool:
    """Give a worker no more tasks of a project; what they hold they may hand in. False: they were paused already."""
    paused = Enrolment.objects.filter(project_id=project_id, worker_id=worker_id, pause_reason=None).update(
        pause_reason=reason, paused_at=Now()
    )
    if paused:
        record(
            WorkerPaused(
                actor_id=actor_id, organisation_id=projects.project(project_id).organisation_id,
                project_id=project_id, worker_id=worker_id, reason=reason,
            )
        )  # fmt: skip
        return True
    _require_enrolled(project_id, worker_id)
    return False


@transaction.atomic
def resume_worker(*, project_id: int, worker_id: int, actor_id: int | None = None) -> bool:
    """Give a paused worker tasks again. False: they were not paused."""
    row = Enrolment.objects.select_for_update().filter(project_id=project_id, worker_id=worker_id).first()
    if row is None or row.pause_reason is None:
        _require_enrolled(project_id, worker_id)
        return False
    Enrolment.objects.filter(project_id=project_id, worker_id=worker_id).update(
        pause_reason=None, paused_at=None
    )
    record(
        WorkerResumed(
            actor_id=actor_id, organisation_id=projects.project(project_id).organisation_id, project_id=project_id,
            worker_id=worker_id, paused_at=row.paused_at.isoformat() if row.paused_at else "",
        )
    )  # fmt: skip
    return True


def _require_enrolled(project_id: int, worker_id: int) -> None:
    if not Enrolment.objects.filter(project_id=project_id, worker_id=worker_id).exists():
        raise NotFound("worker_not_found", "This person does not work on this project.")


@transaction.atomic
def _enrol_new(project_id: int, person_id: int, reasons: list[str], more: tuple[int, int]) -> None:
    """Make the row; paid gold, if there is any, is committed at once."""
    opening = locked_opening(project_id=project_id)
    project = projects.project(project_id)
    share = gold_share_of(project=project, opening=opening)
    allowance = 0 if reasons else _first_allowance(project, opening, share)
    gold = sql.value("SELECT max(pos) FROM gold WHERE project_id = %s", [project_id]) or 0
    seed = secrets.randbits(62)
    made = sql.write(
        _ENROL,
        [project_id, person_id, seed, share, seed, max(project.gold_share_bp, project.gold_start_bp), seed % (gold + 1),
         allowance, not reasons, reasons, _pseudonym(), *more],
    )  # fmt: skip
    if made and allowance:
        opening.committed_micros += allowance
        opening.gold_micros += allowance
        opening.save(update_fields=["committed_micros", "gold_micros"])


def _first_allowance(project: ProjectView, opening: Opening, share: int) -> int:
    """What is set aside for the first gold of somebody who is new."""
    if not project.paid or not share or project.state is not ProjectState.OPEN:
        return 0
    answer_micros = gold_price(project)
    waiting = sql.value(
        "SELECT 1 FROM batch WHERE project_id = %s AND opened_to < last_id LIMIT 1", [project.id]
    )
    covered = gold_covered(
        funds_of(project=project, opening=opening), answer_micros=answer_micros, gold_share_bp=share,
        all_open=waiting is None,
    )  # fmt: skip
    return GOLD_CHUNK * answer_micros if covered >= GOLD_CHUNK else 0


def _pseudonym() -> str:
    """Eight of 31 signs: 10^11 of them, and the unique key refuses one that is taken."""
    return "W-" + "".join(secrets.choice(_SIGNS) for _ in range(8))


_ENROL = """
INSERT INTO enrolment (project_id, worker_id, seed, gold_due, gold_cursor, gold_micros, eligible, reasons, pseudonym,
    level_bp, floor_bp)
VALUES (%s, %s, %s, CASE WHEN %s > 0 THEN work_gold_gap(0, %s, %s) ELSE 0 END, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (project_id, worker_id) DO NOTHING
"""
