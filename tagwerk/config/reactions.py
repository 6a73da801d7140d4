"""A fact → the actions that follow. One of the three tables that start something (urls, reactions, schedule).

Reactions are repeatable. `once_per_project` reactions are coalesced: they look at the project as it is when they run.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tagwerk.base.events import Event
from tagwerk.domain.academy import events as academy_events
from tagwerk.domain.accounts import events as accounts_events
from tagwerk.domain.community import events as community_events
from tagwerk.domain.exports import actions as exports
from tagwerk.domain.exports import events as exports_events
from tagwerk.domain.notices import events as notices_events
from tagwerk.domain.payments import events as payments_events
from tagwerk.domain.projects import events as projects_events
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.quality import events as quality_events
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import events as work_events


@dataclass(frozen=True)
class Reaction:
    """An action under the name by which its jobs are known."""

    name: str
    action: Callable[[Any], Any]
    per_project: bool = False


def each(name: str, action: Callable[[Any], Any]) -> Reaction:
    """Carried out for every fact; the action gets the fact."""
    return Reaction(name, action)


def once_per_project(name: str, action: Callable[[int], Any]) -> Reaction:
    """Carried out once for all waiting facts of a project; the action gets the project's number."""
    return Reaction(name, action, per_project=True)


REACTIONS: dict[type[Event], list[Reaction]] = {}
BY_NAME: dict[str, Reaction] = {}
_ = (
    academy_events,
    accounts_events,
    community_events,
    exports,
    exports_events,
    notices_events,
    payments_events,
    projects_events,
    quality,
    quality_events,
    work,
    work_events,
)
