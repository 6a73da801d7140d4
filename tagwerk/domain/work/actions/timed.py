"""The time of an assignment that is paid by the hour, locked for an action that changes what it pays."""

from dataclasses import dataclass
from datetime import datetime

from tagwerk.base.errors import NotFound
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.work.models import HourlyAnswer
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.rules.hours import pay_for_time
from tagwerk.domain.work.rules.states import State

PAID = (State.APPROVED, State.STOPPED)


@dataclass(slots=True)
class Time:
    """An assignment and what its time came to; `row` is not kept yet while the task is in hand for the first time.

    `most_seconds` are paid without asking, with what was agreed: for that, `agreed_micros` of `spare_micros` were set aside.
    `rework_seconds`: so long it was in hand for a better answer.
    """

    row: HourlyAnswer
    handed_in: bool
    state: State
    reward_micros: int
    fee_micros: int
    spare_micros: int
    is_gold: bool
    most_seconds: int
    claimed_at: datetime
    agreed_micros: int
    reworking: bool
    rework_seconds: int
    project: ProjectView

    @property
    def at_work(self) -> bool:
        """Whether its worker has the task in hand now: for the first time, or for a better answer."""
        return self.state is State.HELD or self.reworking

    @property
    def known_seconds(self) -> int:
        """The longest time that anybody measured or stated for it."""
        return max(self.row.measured_seconds + (self.row.active_seconds or 0), self.row.stated_seconds or 0)

    def pays(self, seconds: int) -> int:
        """What so much time pays, in micros."""
        found = pay_for_time(
            hour_micros=self.project.hour_micros, seconds=seconds,
            claimed_micros=self.row.claimed_micros, most_micros=self.project.reward_micros,
        )  # fmt: skip
        rounded = seconds <= self.most_seconds and not self.agreed_micros
        return min(found, self.row.claimed_micros) if rounded else found


def locked_time(*, project_id: int, assignment_id: int, worker_id: int) -> Time:
    """Lock an assignment of somebody's that is paid by the hour; refuses any other."""
    found = sql.row(_LOCK, [project_id, assignment_id, worker_id])
    if found is None:
        raise NotFound("time_not_found", "No time of yours is handed in here.")
    row = (
        HourlyAnswer.objects.select_for_update()
        .filter(project_id=project_id, assignment_id=assignment_id)
        .first()
    )
    state, reward, *rest = found
    given = row or HourlyAnswer(
        project_id=project_id, assignment_id=assignment_id, worker_id=worker_id, claimed_micros=reward,
        measured_seconds=0, paid_seconds=0,
    )  # fmt: skip
    values = [given, row is not None, State(state), reward, *rest, projects.project(project_id)]
    return Time(*values)


_LOCK = f"""
SELECT a.state, a.reward_micros, a.fee_micros, a.spare_micros, a.is_gold, a.most_seconds, a.claimed_at, {sql.AGREED},
    a.state = 1 AND EXISTS (SELECT FROM rework r WHERE r.project_id = a.project_id AND r.assignment_id = a.id
        AND r.state = 'asked'),
    coalesce((SELECT extract(epoch FROM r.ended_at - r.asked_at) FROM rework r
        WHERE r.project_id = a.project_id AND r.assignment_id = a.id), 0)::integer
FROM assignment a WHERE a.project_id = %s AND a.id = %s AND a.worker_id = %s AND a.most_seconds IS NOT NULL FOR NO KEY UPDATE
"""  # noqa: S608 (a constant)
