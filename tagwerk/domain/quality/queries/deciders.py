"""Who may decide about answers, and whether there is a second person to do it."""

from tagwerk.base.errors import NotAllowed
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
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


def has_second_person(project: ProjectView, person_id: int) -> bool:
    """Whether anybody else could decide: another reviewer who does not work on the project, or another operator."""
    managers = set(accounts.members_with(project.organisation_id, Permission.PROJECT_MANAGE))
    reviewers = set(accounts.members_with(project.organisation_id, Permission.ANSWER_REVIEW))
    working = set(work.pseudonyms(project.id, sorted(reviewers - managers)))
    return bool((managers | reviewers - working | set(accounts.operator_ids())) - {person_id})
