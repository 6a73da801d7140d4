"""Qualifications: what workers can hold, who holds it."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import AwareDatetime, BaseModel, Field

from tagwerk.base.errors import Invalid
from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.academy import actions, queries
from tagwerk.domain.academy.queries import HoldingView, QualificationView
from tagwerk.domain.academy.rules import GrantRow, Source, grants_of_csv
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.projects import actions as projects
from tagwerk.domain.work import actions as work
from tagwerk.interfaces.api.asking import Key, asking, organisation_asking
from tagwerk.interfaces.api.paging import Page, Paging, next_cursor, place_of
from tagwerk.interfaces.api.problems import words
from tagwerk.interfaces.api.shapes import Body

router = Router(tags=["qualifications"])
VIEW = Key(Permission.PROJECT_VIEW)
MANAGE = Key(Permission.QUALIFICATION_MANAGE)


class QualificationIn(Body):
    """A new qualification."""

    slug: str = Field(
        max_length=60, examples=["rlhf-basics"], description="What a project's audience calls it"
    )
    title: str = Field(max_length=200)
    description: str = Field("", max_length=2000)


class QualificationOut(BaseModel):
    """A qualification."""

    id: str
    slug: str
    title: str
    description: str
    own: bool = Field(description="Of this organisation; else of the whole instance")
    retired_at: datetime | None
    holders: int


class GrantIn(Body):
    """Who gets it."""

    worker: str = Field(max_length=254, description="A worker's code, or the address of a member")
    score: int = Field(100, ge=0, le=100)
    expires_at: AwareDatetime | None = None


class HolderOut(BaseModel):
    """Somebody who holds it."""

    id: str
    worker: str = Field(description="The name of a member, else the code that the worker told; may be empty")
    score: int
    source: str
    granted_at: datetime
    expires_at: datetime | None


class CsvIn(Body):
    """A list of grants."""

    csv: str = Field(
        max_length=2_000_000,
        description="With the columns worker (code or member's address), score and, optionally, expires and revoke (yes or no)",
    )


class BadGrantOut(BaseModel):
    """A row that changed nothing."""

    number: int
    reason: str


class GrantReportOut(BaseModel):
    """What became of a list of grants."""

    granted: int
    revoked: int
    unchanged: int
    bad: list[BadGrantOut]


@router.get(
    "/qualifications",
    auth=VIEW,
    response=Page[QualificationOut],
    operation_id="list_qualifications",
    summary="List qualifications",
)
def list_qualifications(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """What a project of the organisation can require: its own and those of the instance."""
    found = queries.qualifications_offered(organisation_asking(request))
    after = place_of(request, paging.cursor) or ["", 0]
    shown = [one for one in found if [one.slug, one.id] > after][: paging.limit]
    places = [[one.slug, one.id] for one in shown]
    return {
        "items": [_qualification(one) for one in shown],
        "next": next_cursor(request, places, paging.limit),
    }


@router.post(
    "/qualifications",
    auth=MANAGE,
    response={201: QualificationOut},
    operation_id="create_qualification",
    summary="Create a qualification",
)
def create_qualification(request: HttpRequest, data: QualificationIn) -> QualificationOut:
    """Make a qualification of the organisation's own."""
    number = projects.create_qualification(
        actor=asking(request),
        organisation_id=organisation_asking(request),
        slug=data.slug,
        title=data.title,
        description=data.description,
    )
    return _qualification(queries.qualification_for(asking(request), number))


@router.get(
    "/qualifications/{qualification}/holders",
    auth=MANAGE,
    response=Page[HolderOut],
    operation_id="list_holders",
    summary="List holders",
)
def list_holders(request: HttpRequest, qualification: str, paging: Query[Paging]) -> dict[str, Any]:
    """Who holds it now, the latest first."""
    found = queries.holders_page(
        asking(request),
        row_number("qlf", qualification),
        before=place_of(request, paging.cursor),
        limit=paging.limit,
    )
    places = [one.id for one in found]
    return {"items": [_holder(one) for one in found], "next": next_cursor(request, places, paging.limit)}


@router.post(
    "/qualifications/{qualification}/holders",
    auth=MANAGE,
    response=GrantReportOut,
    operation_id="grant_qualification",
    summary="Grant a qualification",
)
def grant_qualification(request: HttpRequest, qualification: str, data: GrantIn) -> GrantReportOut:
    """Grant it to one worker, in place of what they held of it before."""
    expires = data.expires_at.isoformat() if data.expires_at else ""
    report = _grant(request, qualification, [GrantRow(1, data.worker, data.score, expires)], Source.API)
    for bad in report.bad:
        raise bad.reason
    return _report(request, report)


@router.post(
    "/qualifications/{qualification}/holders/csv",
    auth=MANAGE,
    response=GrantReportOut,
    operation_id="grant_list",
    summary="Grant or revoke by a list",
)
def grant_list(request: HttpRequest, qualification: str, data: CsvIn) -> GrantReportOut:
    """Grant it to everybody on a list, or take it away where `revoke` is yes; wrong rows are reported, the others count."""
    return _report(request, _grant(request, qualification, grants_of_csv(data.csv), Source.CSV))


@router.delete(
    "/qualifications/{qualification}/holders/{holder}",
    auth=MANAGE,
    response={204: None},
    operation_id="revoke_qualification",
    summary="Revoke a qualification",
)
def revoke_qualification(request: HttpRequest, qualification: str, holder: str) -> None:
    """Take away what a line in the list of holders says; it counts from the next claim on."""
    queries.qualification_for(asking(request), row_number("qlf", qualification))
    person_id = actions.revoke_holding(actor=asking(request), holding_id=row_number("hld", holder))
    work.refresh_enrolments(person_id=person_id)


def _grant(
    request: HttpRequest, qualification: str, rows: list[GrantRow], source: Source
) -> actions.GrantReport:
    for row in rows:
        if "\0" in row.worker:
            raise Invalid("text_impossible", "A text holds characters that are none (NUL or half of a pair).")
    report = actions.grant_list(
        actor=asking(request), qualification_id=row_number("qlf", qualification), rows=rows, source=source
    )
    for person_id in report.people:
        work.refresh_enrolments(person_id=person_id)
    return report


def _report(request: HttpRequest, report: actions.GrantReport) -> GrantReportOut:
    bad = [BadGrantOut(number=one.number, reason=words(request, one.reason)) for one in report.bad]
    return GrantReportOut(granted=report.granted, revoked=report.revoked, unchanged=report.unchanged, bad=bad)


def _qualification(view: QualificationView) -> QualificationOut:
    return QualificationOut(
        id=public_id("qlf", view.id),
        slug=view.slug,
        title=view.title,
        description=view.description,
        own=view.organisation_id is not None,
        retired_at=view.retired_at,
        holders=view.holders,
    )


def _holder(view: HoldingView) -> HolderOut:
    return HolderOut(
        id=public_id("hld", view.id),
        worker=view.worker,
        score=view.score,
        source=view.source,
        granted_at=view.granted_at,
        expires_at=view.expires_at,
    )
