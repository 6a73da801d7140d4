"""Who may decide about answers, and whether there is a second person to do it."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from tagwerk.base.errors import NotAllowed
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.quality.models import ProposedRejection
from tagwerk.domain.quality.rules.appeals import ProposalState
from tagwerk.domain.work import queries as work


def project_to_decide_in(actor: Actor, project_id: int) -> ProjectView:
    """The gate of those who decide after somebody else: reviewers of the organisation, and the instance's operators."""
    if actor.is_operator and actor.scopes is None:
        return projects.project(project_id)
    return work.project_with_answers(actor, project_id, Permission.ANSWER_REVIEW)


def person_deciding(actor: Actor) -> int:
    """The person who answers for a decision; a decision about somebody's pay has one."""
    person_id = accounts.person_behind(actor)
    if person_id is None:
        raise NotAllowed("person_needed", "A person has to decide this: sign in on a page.")
    return person_id


@dataclass
class Deciders:
    """Who could decide in a project; asked of the database no more than it takes, and once."""

    project: ProjectView

    @cached_property
    def _sure(self) -> set[int]:
        managers = accounts.members_with(self.project.organisation_id, Permission.PROJECT_MANAGE)
        return {*managers, *accounts.operator_ids()}

    @cached_property
    def _reviewers(self) -> set[int]:
        """Those of them who do not work on the project."""
        found = accounts.members_with(self.project.organisation_id, Permission.ANSWER_REVIEW)
        return set(found) - set(work.pseudonyms(self.project.id, found))

    def must_leave_it(self, person_id: int | None, rejecters: Collection[int | None]) -> bool:
        """Whether somebody took part in a rejection, so that somebody else decides about it, where there is anybody else."""
        apart = set(rejecters)
        return (
            person_id is not None
            and person_id in apart
            and bool(self._sure - apart or self._reviewers - apart)
        )


def confirmers(project_id: int, assignment_ids: Collection[int]) -> dict[int, int]:
    """Assignment → who confirmed its rejection as the second person."""
    rows = ProposedRejection.objects.filter(
        project_id=project_id, assignment_id__in=assignment_ids, state=ProposalState.CONFIRMED
    )
    return {row.assignment_id: row.decided_by_id for row in rows if row.decided_by_id is not None}
