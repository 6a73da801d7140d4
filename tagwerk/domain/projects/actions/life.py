"""What happens to a project."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils.text import slugify

from tagwerk.base.errors import Conflict, Invalid, NotAllowed
from tagwerk.base.events import record
from tagwerk.base.money import plain
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor, Permission, require
from tagwerk.domain.designs import actions as designs
from tagwerk.domain.designs.rules.pay import Pay
from tagwerk.domain.designs.rules.project_file import ProjectFile
from tagwerk.domain.ledger import actions as ledger
from tagwerk.domain.ledger import queries as ledger_queries
from tagwerk.domain.ledger import rules as ledger_rules
from tagwerk.domain.payments import actions as payment_actions
from tagwerk.domain.payments import queries as payments
from tagwerk.domain.projects import queries, rules
from tagwerk.domain.projects.actions.columns import columns_of, require_no_circle
from tagwerk.domain.projects.events import (
    BudgetRaised,
    ProjectArchived,
    ProjectCreated,
    ProjectFinished,
    ProjectLaunched,
    ProjectPaused,
    ProjectResumed,
    ProjectRevised,
)
from tagwerk.domain.projects.models import Project, ProjectVersion
from tagwerk.domain.projects.queries import ProjectView, view_of
from tagwerk.domain.projects.rules import State


@transaction.atomic
def create_project(
    *,
    actor: Actor,
    organisation_id: int,
    file: ProjectFile,
    prepared: Sequence[str] = rules.SAID_BY_A_FILE,
) -> ProjectView:
    """Make a draft project of a project file; `prepared`: the steps of setting it up that need no second look."""
    require(actor, organisation_id, Permission.PROJECT_MANAGE)
    design = designs.save_design(organisation_id=organisation_id, file=file)
    row = Project.objects.create(
        organisation_id=organisation_id,
        name=_free_name(organisation_id, file.title),
        design_id=design.id,
        fee_bp=accounts.fee_of(organisation_id).fee_bp,
        prepared=list(prepared),
        created_by_id=actor.person_id,
        **columns_of(organisation_id, file),
    )
    _keep_version(row, actor)
    record(ProjectCreated(actor_id=actor.person_id, organisation_id=organisation_id, project_id=row.id))
    row.refresh_from_db()
    return view_of(row)


@transaction.atomic
def revise_project(*, actor: Actor, project_id: int, file: ProjectFile, has_answers: bool) -> ProjectView:
    """Give a project a new version of its file; what answers rest on stays as it is."""
    queries.project_for(actor, project_id, Permission.PROJECT_MANAGE)
    row = _locked(project_id)
    new = columns_of(row.organisation_id, file)
    require_no_circle(project_id, new["source_project_id"])
    rules.require_revisable(
        row.file, new["file"], has_answers=has_answers, launched=row.launched_at is not None
    )
    changed = rules.changed_keys(row.file, new["file"])
    if not changed:
        return view_of(row)
    if row.launched_at:
        del new["open_limit"], new["budget_micros"]  # launching and raising have set them
    if "pay" not in changed:
        del new["task_micros"]  # measuring the tasks has set it
    if row.client_micros is not None:
        old_pay = Pay.model_validate(row.file["pay"])
        new["fee_bp"] = rules.fee_after_revision(row.client_micros, old_pay, file.pay)
    for name, value in new.items():
        setattr(row, name, value)
    row.design_id = designs.save_design(organisation_id=row.organisation_id, file=file).id
    row.version += 1
    row.instructions_version += "instructions" in changed
    row.save()
    _keep_version(row, actor)
    record(
        ProjectRevised(
            actor_id=actor.person_id,
            organisation_id=row.organisation_id,
            project_id=row.id,
            number=row.version,
        )
    )
    return view_of(row)


@transaction.atomic
def note_prepared(*, actor: Actor, project_id: int, step: str) -> ProjectView:
    """Note that one step of setting a draft up is done, so that who comes back finds the next one."""
    queries.project_for(actor, project_id, Permission.PROJECT_MANAGE)
    row = _locked(project_id)
    row.prepared = rules.prepared_with(row.prepared, step)
    row.save(update_fields=["prepared"])
    return view_of(row)


def note_task_pay(*, project_id: int, task_micros: int) -> None:
    """Note what a task of the project pays on average."""
    Project.objects.filter(id=project_id).update(task_micros=task_micros)


def reserve(*, project_id: int, amount_micros: int, key: str) -> None:
    """Set money aside for a project, all of it or none; what is missing is lent, where the organisation has a limit."""
    project = queries.project(project_id)
    prepaid = ledger_rules.prepaid(project.organisation_id, project.currency)
    target = ledger_rules.reserved(project_id, project.currency)
    there = payments.prepaid_micros(project.organisation_id, project.currency)
    if amount_micros <= 0 or ledger_queries.is_booked(ledger_rules.transfer_id("reserve", project_id, key)):
        return
    entry = ledger_rules.Entry(
        id=ledger_rules.transfer_id("reserve", project_id, key),
        event=ledger_rules.transfer_id("reserve", project_id, key),
        kind="single",
        debit=prepaid.code,
        credit=target.code,
        amount_micros=amount_micros,
        currency=project.currency,
        code="reserve",
        ref_type="project",
        ref_id=str(project_id),
    )
    try:
        with transaction.atomic():
            payment_actions.lend(
                organisation_id=project.organisation_id, currency=project.currency, needed_micros=amount_micros,
                key=f"reserve/{project_id}/{key}",
            )  # fmt: skip
            ledger.transfer(entries=[entry])
    except Conflict as refusal:
        if refusal.code != "not_enough_money":
            raise
        raise Conflict(
            "not_enough_money",
            "This needs {needed} {currency}, and the organisation has {there} {currency}: book a deposit, or set a smaller budget.",
            needed=plain(amount_micros),
            there=plain(there),
            currency=project.currency,
        ) from None


@transaction.atomic
def release_rest(*, project_id: int, key: str) -> int:
    """Give what is left of a project's reservation back to the organisation; returns how much."""
    project = queries.project(project_id)
    payment_actions.lock_money_of(
        organisation_id=project.organisation_id
    )  # before any account: repaying needs both
    source = ledger_rules.reserved(project_id, project.currency)
    rest = ledger_queries.balance(source.code).available
    if rest > 0:
        entry = ledger_rules.Entry(
            id=ledger_rules.transfer_id("release", project_id, key),
            event=ledger_rules.transfer_id("release", project_id, key),
            kind="single",
            debit=source.code,
            credit=ledger_rules.prepaid(project.organisation_id, project.currency).code,
            amount_micros=rest,
            currency=project.currency,
            code="release",
            ref_type="project",
            ref_id=str(project_id),
        )
        ledger.transfer(entries=[entry])
        payment_actions.repay(
            organisation_id=project.organisation_id,
            currency=project.currency,
            key=f"release/{project_id}/{key}",
        )
    return rest


@transaction.atomic
def mark_launched(*, actor: Actor, project_id: int, open_limit: int | None) -> ProjectView:
    """Open a project whose money is reserved; with a limit it is a pilot of so many tasks."""
    row = _locked(project_id)
    require_running(row.organisation_id)
    rules.require_move(row.state, State.OPEN)
    row.state = State.OPEN
    row.open_limit = open_limit
    row.save(update_fields=["state", "open_limit"])
    Project.objects.filter(id=row.id, launched_at=None).update(launched_at=Now())
    record(ProjectLaunched(actor_id=actor.person_id, organisation_id=row.organisation_id, project_id=row.id))
    row.refresh_from_db()
    return view_of(row)


def pause_project(*, actor: Actor, project_id: int) -> ProjectView:
    """Stop new claims; what is held may still be handed in."""
    return _move(actor, project_id, State.PAUSED, ProjectPaused)


@transaction.atomic
def pause_all(*, organisation_id: int) -> int:
    """Pause the open projects of an organisation that is suspended; how many those were."""
    if accounts.organisation(organisation_id).suspended_at is None:
        return 0  # lifted meanwhile
    mine = Project.objects.select_for_update().filter(organisation_id=organisation_id, state=State.OPEN)
    found = list(mine.order_by("id"))
    for row in found:
        row.state = State.PAUSED
        row.save(update_fields=["state"])
        record(ProjectPaused(organisation_id=organisation_id, project_id=row.id))
    return len(found)


def require_running(organisation_id: int) -> None:
    """Refuse to open projects of an organisation that is suspended."""
    if accounts.organisation(organisation_id).suspended_at is not None:
        raise NotAllowed(
            "organisation_suspended",
            "The organisation is suspended: nothing can be launched or resumed until an operator lifts it.",
        )


def resume_project(*, actor: Actor, project_id: int) -> ProjectView:
    """Let people claim again."""
    project = queries.project_for(actor, project_id, Permission.PROJECT_MANAGE)
    require_running(project.organisation_id)
    if project.state is not State.PAUSED:
        raise Conflict("project_not_paused", "Only a paused project can be resumed.")
    return _move(actor, project_id, State.OPEN, ProjectResumed)


@transaction.atomic
def finish_project(*, actor: Actor, project_id: int) -> ProjectView:
    """Want no more answers; what is held may still be handed in, then the rest of the money goes back."""
    _move(actor, project_id, State.FINISHED, ProjectFinished)
    Project.objects.filter(id=project_id, finished_at=None).update(finished_at=Now())
    return queries.project(project_id)


def archive_project(*, actor: Actor, project_id: int) -> ProjectView:
    """Put a draft or finished project out of sight."""
    return _move(actor, project_id, State.ARCHIVED, ProjectArchived)


@transaction.atomic
def raise_budget(*, actor: Actor, project_id: int, amount_micros: int) -> ProjectView:
    """Raise a project's budget to a new total; of a launched one the difference is reserved at once."""
    queries.project_for(actor, project_id, Permission.PROJECT_MANAGE)
    row = _locked(project_id)
    if not row.paid:
        raise Invalid("project_unpaid", "This project has no pay, so it has no budget.")
    rules.require_not_over(row.state)
    put_in = payments.project_money(row.id, row.currency).put_in_micros if row.launched_at else 0
    rules.require_more(
        old_micros=max(row.budget_micros or 0, put_in), new_micros=amount_micros, currency=row.currency
    )
    row.budget_micros = amount_micros
    row.save(update_fields=["budget_micros"])
    if row.launched_at and row.open_limit is None:  # a pilot's rest is set aside when the rest is launched
        reserve(
            project_id=row.id, amount_micros=amount_micros - put_in, key=f"raise:{put_in}:{amount_micros}"
        )
    record(
        BudgetRaised(
            actor_id=actor.person_id,
            organisation_id=row.organisation_id,
            project_id=row.id,
            amount_micros=amount_micros,
        )
    )
    return view_of(row)


@transaction.atomic
def _move(actor: Actor, project_id: int, to: State, event: type[Any]) -> ProjectView:
    queries.project_for(actor, project_id, Permission.PROJECT_MANAGE)
    row = _locked(project_id)
    if row.state == to:
        return view_of(row)
    rules.require_move(row.state, to)
    row.state = to
    row.save(update_fields=["state"])
    record(event(actor_id=actor.person_id, organisation_id=row.organisation_id, project_id=row.id))
    return view_of(row)


def _locked(project_id: int) -> Project:
    return Project.objects.select_for_update().get(id=project_id)


def _keep_version(row: Project, actor: Actor) -> None:
    ProjectVersion.objects.create(
        project=row,
        number=row.version,
        design_id=row.design_id,
        file=row.file,
        created_by_id=actor.person_id,
    )


def _free_name(organisation_id: int, title: str) -> str:
    stem = slugify(title)[:70] or "project"
    taken = set(
        Project.objects.filter(organisation_id=organisation_id, name__startswith=stem).values_list(
            "name", flat=True
        )
    )
    name, number = stem, 2
    while name in taken:
        name, number = f"{stem}-{number}", number + 1
    return name
