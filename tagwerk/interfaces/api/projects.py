"""Projects: from a project file to the archive."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import BaseModel, Field

from tagwerk.base.money import micros_of
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.designs.rules.pay import COUNTED
from tagwerk.domain.designs.rules.project_file import ProjectFile
from tagwerk.domain.designs.rules.yaml_text import project_file_of, read_project_file
from tagwerk.domain.projects import actions, queries
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.projects.rules import price as price_of
from tagwerk.domain.work import actions as work
from tagwerk.domain.work.rules.units import NONE_BP, times
from tagwerk.interfaces.api.asking import Key, asking, organisation_asking
from tagwerk.interfaces.api.paging import Page, Paging, next_cursor, place_of
from tagwerk.interfaces.api.shapes import Body, Json, Money, money

router = Router(tags=["projects"])
VIEW = Key(Permission.PROJECT_VIEW)
MANAGE = Key(Permission.PROJECT_MANAGE)


class PriceOut(BaseModel):
    """What one answer costs, where tasks differ on average, with the fee on both bases."""

    reward: Money
    fee: Money
    total: Money
    fee_bp: int = Field(description="The fee in basis points of the reward")
    take_bp: int = Field(description="The fee in basis points of the total")
    agreed: Money | None = Field(
        description="What the operator agreed that you pay for one unit of the pay plan; the fee is the difference to its pay"
    )
    per: str = Field(description="What is paid: answer, hour, audio_minute, word, deliverable or milestone")
    rate: Money | None = Field(description="For an hour, an audio minute or a word")
    most_seconds: int | None = Field(description="With `hour`: so much of a task is paid without asking")


class ProjectOut(BaseModel):
    """A project."""

    id: str
    name: str
    title: str
    state: str = Field(description="draft, open, paused, finished or archived")
    version: int
    price: PriceOut | None = Field(description="Of one answer; null where nothing is paid")
    budget: Money | None
    api_work: bool
    open_limit: int | None = Field(description="A pilot opens only so many tasks")
    created_at: datetime
    launched_at: datetime | None
    finished_at: datetime | None


class WholeProject(ProjectOut):
    """A project with its file."""

    file: Json


class FileIn(Body):
    """A project file."""

    file: Json | str = Field(description="The project file: as an object, or as the text of a YAML file")


class LaunchIn(Body):
    """How much of the project to open."""

    tasks: int | None = Field(
        None, ge=1, le=1_000_000_000, description="A pilot: open only so many tasks at first"
    )


class BudgetIn(Body):
    """A new budget."""

    budget: str = Field(
        max_length=40, examples=["500.00"], description="The new total, more than the old one"
    )


class ProjectPaging(Paging):
    """Which projects are asked for."""

    archived: bool = Field(False, description="The archived ones instead of the others")


@router.get(
    "/projects", auth=VIEW, response=Page[ProjectOut], operation_id="list_projects", summary="List projects"
)
def list_projects(request: HttpRequest, paging: Query[ProjectPaging]) -> dict[str, Any]:
    """The organisation's projects, newest first."""
    views = queries.projects_of(
        [organisation_asking(request)],
        before=place_of(request, paging.cursor),
        limit=paging.limit,
        archived=paging.archived,
    )
    items = [project_out(view) for view in views]
    return {"items": items, "next": next_cursor(request, [view.id for view in views], paging.limit)}


@router.post(
    "/projects",
    auth=MANAGE,
    response={201: WholeProject},
    operation_id="create_project",
    summary="Create a project",
)
def create_project(request: HttpRequest, data: FileIn) -> WholeProject:
    """Make a draft of a project file. Add tasks next, then launch it."""
    view = actions.create_project(
        actor=asking(request), organisation_id=organisation_asking(request), file=file_of(data)
    )
    return whole(view)


@router.get(
    "/projects/{project}",
    auth=VIEW,
    response=WholeProject,
    operation_id="get_project",
    summary="Get a project",
)
def get_project(request: HttpRequest, project: str) -> WholeProject:
    """A project with its file."""
    return whole(project_of(request, project, Permission.PROJECT_VIEW))


@router.put(
    "/projects/{project}",
    auth=MANAGE,
    response=WholeProject,
    operation_id="revise_project",
    summary="Revise a project",
)
def revise_project(request: HttpRequest, project: str, data: FileIn) -> WholeProject:
    """Give a project a new version of its file. Once there are answers, questions and pay stay as they are."""
    view = project_of(request, project, Permission.PROJECT_MANAGE)
    changed = work.revise(actor=asking(request), project_id=view.id, file=file_of(data))
    work.ask_consent_again(project_id=view.id)
    return whole(changed)


@router.post(
    "/projects/{project}/launch",
    auth=MANAGE,
    response=ProjectOut,
    operation_id="launch_project",
    summary="Launch a project",
)
def launch_project(request: HttpRequest, project: str, data: LaunchIn) -> ProjectOut:
    """Reserve the budget, all of it or nothing, and open the tasks; with `tasks`, a pilot of so many first."""
    view = project_of(request, project, Permission.PROJECT_MANAGE)
    work.launch(actor=asking(request), project_id=view.id, tasks=data.tasks)
    return project_out(queries.project(view.id))


@router.post(
    "/projects/{project}/pause",
    auth=MANAGE,
    response=ProjectOut,
    operation_id="pause_project",
    summary="Pause",
)
def pause_project(request: HttpRequest, project: str) -> ProjectOut:
    """Hand out no more tasks; what is held may still be submitted."""
    view = project_of(request, project, Permission.PROJECT_MANAGE)
    return project_out(actions.pause_project(actor=asking(request), project_id=view.id))


@router.post(
    "/projects/{project}/resume",
    auth=MANAGE,
    response=ProjectOut,
    operation_id="resume_project",
    summary="Resume",
)
def resume_project(request: HttpRequest, project: str) -> ProjectOut:
    """Hand out tasks again."""
    view = project_of(request, project, Permission.PROJECT_MANAGE)
    return project_out(actions.resume_project(actor=asking(request), project_id=view.id))


@router.post(
    "/projects/{project}/finish",
    auth=MANAGE,
    response=ProjectOut,
    operation_id="finish_project",
    summary="Finish",
)
def finish_project(request: HttpRequest, project: str) -> ProjectOut:
    """Want no more answers; what is held may still be submitted, then the rest of the money is released."""
    view = project_of(request, project, Permission.PROJECT_MANAGE)
    return project_out(actions.finish_project(actor=asking(request), project_id=view.id))


@router.post(
    "/projects/{project}/archive",
    auth=MANAGE,
    response=ProjectOut,
    operation_id="archive_project",
    summary="Archive",
)
def archive_project(request: HttpRequest, project: str) -> ProjectOut:
    """Put a draft or a finished project out of sight."""
    view = project_of(request, project, Permission.PROJECT_MANAGE)
    return project_out(actions.archive_project(actor=asking(request), project_id=view.id))


@router.post(
    "/projects/{project}/budget",
    auth=MANAGE,
    response=ProjectOut,
    operation_id="raise_budget",
    summary="Raise the budget",
)
def raise_budget(request: HttpRequest, project: str, data: BudgetIn) -> ProjectOut:
    """Set a larger budget; of a launched project the difference is reserved at once."""
    view = project_of(request, project, Permission.PROJECT_MANAGE)
    changed = actions.raise_budget(
        actor=asking(request), project_id=view.id, amount_micros=micros_of(data.budget, path="budget")
    )
    return project_out(changed)


def project_of(request: HttpRequest, project: str, permission: Permission) -> ProjectView:
    """The gate of every operation below a project."""
    return queries.project_for(asking(request), project, permission)


def project_out(view: ProjectView) -> ProjectOut:
    """A project as the API shows it."""
    return ProjectOut(**_facts(view))


def whole(view: ProjectView) -> WholeProject:
    """A project with its file as the API shows it."""
    return WholeProject(**_facts(view), file=view.file)


def _facts(view: ProjectView) -> dict[str, Any]:
    budget = None if view.budget_micros is None else money(view.budget_micros, view.currency)
    names = ("name", "title", "version", "api_work", "open_limit", "created_at", "launched_at", "finished_at")
    return {
        **{name: getattr(view, name) for name in names},
        "id": view.public_id,
        "state": view.state.value,
        "price": price_out(view),
        "budget": budget,
    }


def rate_of(view: ProjectView) -> Money | None:
    """What an hour, an audio minute or a word pays; None where a task is the unit."""
    if view.hour_micros:
        return money(view.hour_micros, view.currency)
    return money(view.reward_micros, view.currency) if view.pay_per in COUNTED else None


def price_out(view: ProjectView, own_bp: int = NONE_BP) -> PriceOut | None:
    """The price of one answer as the API shows it; None where nothing is paid. `own_bp`: how many times the price that
    a worker is paid, in basis points."""
    if not view.paid:
        return None
    price = view.price
    if own_bp != NONE_BP:
        price = price_of(
            reward_micros=times(price.reward_micros, own_bp), fee_bp=view.fee_bp, currency=view.currency
        )
    return PriceOut(
        reward=money(price.reward_micros, price.currency),
        fee=money(price.fee_micros, price.currency),
        total=money(price.total_micros, price.currency),
        fee_bp=price.fee_bp,
        take_bp=price.take_bp,
        agreed=None if view.client_micros is None else money(view.client_micros, view.currency),
        per=view.pay_per,
        rate=rate_of(view),
        most_seconds=view.most_seconds or None,
    )


def file_of(data: FileIn) -> ProjectFile:
    """The project file that was sent, checked."""
    if isinstance(data.file, str):
        return read_project_file(data.file)
    return project_file_of(data.file)
