"""Experts: what a project took over because it was not certain elsewhere goes back there as the result."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction

from tagwerk.base.errors import Invalid
from tagwerk.base.events import record
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.rules import UNRESOLVED
from tagwerk.domain.quality.actions import tables
from tagwerk.domain.quality.actions.locking import wait_for_judge
from tagwerk.domain.quality.events import ResultsReady
from tagwerk.domain.quality.queries.answers import sources_of
from tagwerk.domain.quality.queries.ballots import ballots_of
from tagwerk.domain.quality.queries.results import TaskResult, results_of
from tagwerk.domain.quality.rules.judging import Ballot
from tagwerk.domain.quality.rules.words import Recheck, TaskState


@transaction.atomic
def give_back_results(*, project_id: int, task_ids: Collection[int]) -> int:
    """Make what was found in this project the result of the tasks that came to it unresolved; how many changed there.

    What a member decided there stays; and between answers that weigh the same, nobody has decided.
    """
    experts = projects.project(project_id)
    if experts.source_each != UNRESOLVED or experts.source_project_id is None:
        return 0
    source = projects.project(experts.source_project_id)
    came_from = sources_of(project_id, task_ids)
    ballots = {one.question: one for one in ballots_of(source.design_id)}
    decided = {
        (came_from[task_id], question): found
        for task_id, result in results_of(project_id, list(came_from)).items()
        for question, found in _decided(result, ballots).items()
    }
    wait_for_judge(project_id=source.id)
    changed = tables.write_by_experts(source.id, decided)
    if changed:
        tables.stand(source.id, changed, wanted=source.answers_min)
        tables.mark(source.id, changed, Recheck.REWEIGH)
        record(ResultsReady(organisation_id=source.organisation_id, project_id=source.id, task_ids=changed))
    return len(changed)


def _decided(result: TaskResult, ballots: Mapping[str, Ballot]) -> dict[str, tuple[Any, float | None]]:
    """Question → what experts answered, and how sure that is, of the questions that were asked before them too."""
    if result.state is TaskState.OPEN:
        return {}
    found = {}
    for name, one in result.results.items():
        if name in ballots and one.value is not None and not one.tied:
            try:
                value = ballots[name].kind.validate(ballots[name].options, one.value, path=name)
            except Invalid:
                continue  # an option that the question before them does not have
            found[name] = value, one.confidence
    return found
