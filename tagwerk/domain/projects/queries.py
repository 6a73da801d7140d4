"""What is asked of projects; the gates through which one is fetched."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core import signing
from django.db.models import Q, QuerySet

from tagwerk.base.errors import NotFound
from tagwerk.base.ids import public_id, row_number
from tagwerk.base.money import micros_of
from tagwerk.domain.accounts.rules import Actor, Permission, may, require
from tagwerk.domain.designs.rules.pay import HOUR, SURCHARGE_BP
from tagwerk.domain.designs.rules.project_file import gold_cost_bp
from tagwerk.domain.ledger import queries as ledger_queries
from tagwerk.domain.ledger import rules as ledger_rules
from tagwerk.domain.projects.models import MediaFile, Project, ProjectVersion
from tagwerk.domain.projects.rules import OVER, Price, State, price

MEDIA_SALT = "media"
MEDIA_LINK_SECONDS = 6 * 3600  # longer than a page stays open; loading it again makes new ones


@dataclass(frozen=True)
class ProjectView:
    """A project as others see it; the fields are those of the table."""

    id: int
    organisation_id: int
    name: str
    title: str
    state: State
    design_id: int
    version: int
    instructions_version: int
    file: dict[str, Any]
    paid: bool
    currency: str
    reward_micros: int
    task_micros: int | None
    fee_bp: Decimal
    client_micros: int | None
    budget_micros: int | None
    hour_guarantee: bool
    hour_micros: int
    most_seconds: int
    answers_min: int
    answers_max: int
    confidence: float
    gold_share_bp: int
    gold_start_bp: int
    gold_start_tasks: int
    hold_tasks: int
    hold_seconds: int
    estimate_seconds: int
    approve_after_seconds: int
    sensitivity: int
    api_work: bool
    audience: dict[str, Any]
    source_project_id: int | None
    source_when: Any
    source_each: str
    answers_a_day: int | None
    open_limit: int | None
    prepared: list[str]
    created_at: datetime
    launched_at: datetime | None
    finished_at: datetime | None

    @property
    def public_id(self) -> str:
        return public_id("prj", self.id)

    @property
    def gold_cost_bp(self) -> int:
        """The share of gold for which money is set aside, in basis points."""
        return gold_cost_bp(self.gold_share_bp, self.gold_start_bp)

    @property
    def pay_per(self) -> str:
        """What one unit of the rate is: answer, hour, audio_minute, word, deliverable, milestone; or none."""
        return str((self.file.get("pay") or {}).get("per", "answer"))

    @property
    def amount_micros(self) -> int:
        """What the file pays for one unit; 0 where each task has an amount of its own, or nothing is paid."""
        amount = (self.file.get("pay") or {}).get("amount")
        return micros_of(amount) if amount else 0

    @property
    def measures(self) -> bool:
        """Whether tasks can pay anything but the rate."""
        pay = self.file.get("pay") or {}
        of_tasks = (pay.get("multipliers") or {}).keys() - {"level"}  # which is of workers
        by_task = self.pay_per not in ("answer", HOUR) or bool(of_tasks)
        return self.paid and (by_task or self.sensitivity in SURCHARGE_BP)

    @property
    def usual_micros(self) -> int:
        """What a task pays: all of them, or where they differ, one on average; by the hour, in the estimated time."""
        found = self.task_micros if self.measures and self.task_micros is not None else self.reward_micros
        if not self.most_seconds or not self.estimate_seconds:
            return found
        return (2 * found * self.estimate_seconds + self.most_seconds) // (2 * self.most_seconds)

    @property
    def price(self) -> Price:
        """The price of an answer; where tasks differ, of one on average."""
        return price(reward_micros=self.usual_micros, fee_bp=self.fee_bp, currency=self.currency)

    @property
    def unit_price(self) -> Price:
        """The most that an answer to a task of one unit costs: less is paid for less time."""
        return price(reward_micros=self.reward_micros, fee_bp=self.fee_bp, currency=self.currency)


_FIELDS = tuple(ProjectView.__dataclass_fields__)


def view_of(row: Project) -> ProjectView:
    """The frozen view of a row."""
    values = {name: getattr(row, name) for name in _FIELDS}
    return ProjectView(**{**values, "state": State(row.state)})


def project(project_id: int) -> ProjectView:
    """A project by number, for rooms above that have passed a gate already."""
    row = Project.objects.filter(id=project_id).first()
    if row is None:
        raise _missing()
    return view_of(row)


def project_for(actor: Actor, project_id: int | str, permission: Permission) -> ProjectView:
    """The gate: the project, if the actor's role in its organisation allows this; a stranger's does not exist."""
    number = row_number("prj", project_id) if isinstance(project_id, str) else project_id
    row = Project.objects.filter(id=number).first()
    if row is None or (row.organisation_id not in actor.roles and not actor.is_operator):
        raise _missing()
    if not (actor.is_operator and permission is Permission.PROJECT_VIEW):
        require(actor, row.organisation_id, permission)
    return view_of(row)


def projects_of(
    organisation_ids: Collection[int], *, before: int | None = None, limit: int = 50, archived: bool = False
) -> list[ProjectView]:
    """The newest projects of some organisations, by keyset."""
    rows = Project.objects.filter(organisation_id__in=organisation_ids).order_by("-id")
    rows = rows.filter(state=State.ARCHIVED) if archived else rows.exclude(state=State.ARCHIVED)
    if before is not None:
        rows = rows.filter(id__lt=before)
    return [view_of(row) for row in rows[:limit]]


def projects_found(actor: Actor, text: str, *, limit: int = 5) -> list[ProjectView]:
    """The gate of a search: projects of the actor's organisations by a part of the title, by name or public id; the
    newest first. Operators find any project by its public id."""
    seen = [number for number in actor.roles if may(actor, number, Permission.PROJECT_VIEW)]
    wanted = Q(title__icontains=text) | Q(name=text.lower())
    among = Q(organisation_id__in=seen)
    if text.startswith("prj_"):
        try:
            wanted = Q(id=row_number("prj", text))
        except NotFound:
            return []
        among = Q() if actor.is_operator else among
    rows = Project.objects.filter(wanted, among) if text and (seen or not among) else Project.objects.none()
    return [view_of(row) for row in rows.order_by("-id")[:limit]]


def titles_of(project_ids: Collection[int]) -> dict[int, str]:
    """The titles of projects by number, for lists whose gate was passed."""
    return dict(Project.objects.filter(id__in=project_ids).values_list("id", "title"))


def project_named(organisation_id: int, name: str) -> ProjectView | None:
    """The organisation's project that a file calls by this name or public id."""
    wanted = Q(name=name) | Q(title=name)
    if name.startswith("prj_"):
        try:
            wanted = Q(id=row_number("prj", name))
        except NotFound:
            return None
    row = Project.objects.filter(wanted, organisation_id=organisation_id).order_by("-id").first()
    return view_of(row) if row else None


def projects_fed_by(project_id: int) -> list[ProjectView]:
    """The next stages: projects whose tasks come from this one's results or answers."""
    rows = Project.objects.filter(source_project_id=project_id).exclude(state=State.ARCHIVED)
    return [view_of(row) for row in rows.order_by("id")]


def open_projects(
    email: str,
    teams: Mapping[int, Collection[str]],
    *,
    known: Collection[int] = (),
    before: int | None = None,
    limit: int = 50,
) -> list[ProjectView]:
    """The newest open projects, by keyset: those for everybody, those that invite this address or are for one of
    these teams (organisation → slugs), and those `known` by number."""
    asked = ~Q(audience__has_key="invited") | Q(audience__invited=[]) | Q(audience__invited__contains=[email])
    team = ~Q(audience__has_key="team")
    for organisation_id, slugs in teams.items():
        team |= Q(organisation_id=organisation_id, audience__team__in=sorted(slugs))
    rows = Project.objects.filter((team & asked) | Q(id__in=known), state=State.OPEN).order_by("-id")
    if before is not None:
        rows = rows.filter(id__lt=before)
    return [view_of(row) for row in rows[:limit]]


def titles_for_team(organisation_id: int, slug: str) -> list[str]:
    """The titles of the organisation's projects that are for a team and not over, the newest first."""
    rows = Project.objects.filter(organisation_id=organisation_id, audience__team=slug).exclude(
        state__in=OVER
    )
    return list(rows.order_by("-id").values_list("title", flat=True))


def titles_with_qualification(organisation_id: int, slug: str) -> list[str]:
    """The titles of the organisation's launched projects that ask for a qualification, or pay more for it, and are not over."""
    named = Q(audience__qualifications__has_key=slug) | Q(file__pay__multipliers__level__qualification=slug)
    rows = Project.objects.filter(named, organisation_id=organisation_id, launched_at__isnull=False)
    return list(rows.exclude(state__in=OVER).order_by("-id").values_list("title", flat=True))


def projects_numbered(project_ids: Collection[int]) -> dict[int, ProjectView]:
    """Projects by number, the oldest first, for rooms above that have passed a gate already."""
    return {row.id: view_of(row) for row in Project.objects.filter(id__in=project_ids).order_by("id")}


def project_ids_in(states: Collection[State]) -> list[int]:
    """The numbers of all projects in these states, for sweepers."""
    return list(Project.objects.filter(state__in=states).order_by("id").values_list("id", flat=True))


def reserved_micros(project_id: int, currency: str) -> int:
    """The money that is set aside for a project and not yet paid."""
    return reserved_of({project_id: currency})[project_id]


def reserved_of(currencies: Mapping[int, str]) -> dict[int, int]:
    """The same for several projects, each with its currency."""
    codes = {number: ledger_rules.reserved(number, currency).code for number, currency in currencies.items()}
    found = ledger_queries.balances(codes.values())
    return {number: found[code].available for number, code in codes.items()}


@dataclass(frozen=True)
class VersionView:
    """One version of a project's file."""

    number: int
    file: dict[str, Any]
    design_id: int
    created_at: datetime


def versions_of(project_id: int) -> list[VersionView]:
    """All versions of the project's file, the newest first."""
    rows = ProjectVersion.objects.filter(project_id=project_id).order_by("-number")
    return [VersionView(row.number, row.file, row.design_id, row.created_at) for row in rows]


def has_design(project_id: int, design_id: int) -> bool:
    """Whether some version of the project shows and asks what this design does."""
    return ProjectVersion.objects.filter(project_id=project_id, design_id=design_id).exists()


@dataclass(frozen=True)
class MediaView:
    """An uploaded file of a project."""

    id: int
    project_id: int
    name: str
    media_type: str
    size_bytes: int
    stored_as: str


def media_page(project_id: int, *, after: str = "", limit: int = 200) -> list[MediaView]:
    """The project's uploaded files by name."""
    rows = MediaFile.objects.filter(project_id=project_id, name__gt=after).order_by("name")[:limit]
    return [_media(row) for row in rows]


def media_named(project_id: int, names: Sequence[str]) -> dict[str, MediaView]:
    """Uploaded files by the names that a task's data uses."""
    return {row.name: _media(row) for row in _media_rows(project_id).filter(name__in=names)}


def media_links(project_id: int, names: Sequence[str]) -> dict[str, str]:
    """Short-lived addresses of uploaded files on the media origin, by the names that a task's data uses."""
    return {name: media_link(view) for name, view in media_named(project_id, names).items()}


def media_link(view: MediaView) -> str:
    """The address under which whoever holds it sees the file for the next hours."""
    token = signing.dumps(view.id, salt=MEDIA_SALT)
    return f"{settings.MEDIA_ORIGIN}/m/{token}/{quote(view.name.rpartition('/')[2])}"


def media_behind(token: str) -> MediaView:
    """The file behind a signed link that is not too old."""
    try:
        return media(signing.loads(token, salt=MEDIA_SALT, max_age=MEDIA_LINK_SECONDS))
    except signing.BadSignature:
        raise NotFound(
            "media_link_over", "This link is no longer valid; reload the page it came from."
        ) from None


def media(media_id: int) -> MediaView:
    """An uploaded file by number; whoever asks has passed a gate or holds a signed link."""
    row = MediaFile.objects.filter(id=media_id).first()
    if row is None:
        raise NotFound("media_not_found", "There is no such file.")
    return _media(row)


def _media_rows(project_id: int) -> QuerySet[MediaFile]:
    return MediaFile.objects.filter(project_id=project_id)


def _media(row: MediaFile) -> MediaView:
    return MediaView(row.id, row.project_id, row.name, row.media_type, row.size_bytes, row.stored_as)


def _missing() -> NotFound:
    return NotFound("project_not_found", "There is no such project.")
