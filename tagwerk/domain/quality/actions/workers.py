"""What members decide about workers: who gets no more tasks of a project for now, and who gets them again."""

from django.db import transaction

from tagwerk.domain.accounts.rules import Actor
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tagwerk.domain.work.rules.pausing import reason_of_member


@transaction.atomic
def pause_worker(*, actor: Actor, project_id: int, pseudonym: str, reason: str) -> bool:
    """Give a worker no more tasks, for a reason that they read. False: they were paused already."""
    worker_id = queries.worker_of_pseudonym(actor, project_id, pseudonym)
    why = reason_of_member(reason)
    return work.pause_worker(project_id=project_id, worker_id=worker_id, reason=why, actor_id=actor.person_id)


@transaction.atomic
def resume_worker(*, actor: Actor, project_id: int, pseudonym: str) -> bool:
    """Give a paused worker tasks again. False: they were not paused."""
    worker_id = queries.worker_of_pseudonym(actor, project_id, pseudonym)
    return work.resume_worker(project_id=project_id, worker_id=worker_id, actor_id=actor.person_id)
