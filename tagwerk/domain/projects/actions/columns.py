"""A project file as columns; what the file alone cannot know is checked here against the organisation."""

from typing import Any

from django.utils import timezone

from tagwerk.base.errors import Invalid
from tagwerk.domain.academy import queries as academy_queries
from tagwerk.domain.accounts import queries as accounts_queries
from tagwerk.domain.accounts.rules import TEAMS
from tagwerk.domain.designs import queries as designs
from tagwerk.domain.designs.rules.kinds import KINDS
from tagwerk.domain.designs.rules.pay import WHOLE
from tagwerk.domain.designs.rules.project_file import ProjectFile
from tagwerk.domain.designs.rules.question import QuestionOptions
from tagwerk.domain.projects import queries, rules
from tagwerk.domain.projects.queries import ProjectView


def columns_of(organisation_id: int, file: ProjectFile) -> dict[str, Any]:
    """All columns that come from the file; refused where it names what the organisation does not have."""
    _require_known_qualifications(organisation_id, file)
    _require_known_team(organisation_id, file)
    _require_own_people_without_pay(file)
    _require_own_qualifications_of_rules(organisation_id, file)
    _require_floor(file)
    pay, answers = file.pay, file.answers
    return {
        "title": file.title,
        "file": file.model_dump(mode="json", by_alias=True, exclude_none=True),
        "paid": file.paid,
        "currency": pay.currency,
        "reward_micros": pay.rate_micros,
        "task_micros": pay.reward_micros or None if pay.per in WHOLE else None,
        "budget_micros": file.budget_micros if file.paid else None,
        "hour_guarantee": bool(pay.hour_guarantee),
        "hour_micros": pay.hour_micros,
        "most_seconds": pay.most_seconds,
        "answers_min": answers.min,
        "answers_max": answers.max,
        "confidence": answers.confidence,
        "gold_share_bp": file.gold_share_bp,
        "gold_start_bp": file.gold_start_bp,
        "gold_start_tasks": file.gold_start_tasks,
        "hold_tasks": file.hold.tasks,
        "hold_seconds": file.hold_seconds,
        "estimate_seconds": pay.usual_seconds,
        "approve_after_seconds": file.approve_after_seconds,
        "sensitivity": file.sensitivity,
        "api_work": file.api_work,
        "audience": file.audience.model_dump(mode="json", exclude_none=True),
        "source_project_id": _source(organisation_id, file),
        "source_when": file.source_when,
        "source_each": file.from_.each if file.from_ else "result",
        "answers_a_day": file.answers_a_day,
        "open_limit": file.pilot,
    }


def _require_floor(file: ProjectFile) -> None:
    """A promise to pay the minimum wage needs one that is known in the project's currency."""
    by_country = file.pay.location == "floor_by_country"
    if not file.pay.hour_guarantee and not by_country:
        return
    floors = accounts_queries.floors(timezone.localdate())
    known = {country for country, wage in floors.items() if wage.currency == file.pay.currency}
    if file.pay.hour_guarantee and not known:
        raise Invalid(
            "guarantee_without_floor",
            "No minimum wage in {currency} is known here, so an hour cannot be guaranteed. An operator can put one in.",
            path="pay.hour_guarantee",
            currency=file.pay.currency,
        )
    named = set(file.audience.countries or known)
    if by_country and not named & known:
        raise Invalid(
            "location_without_floor",
            "No minimum wage in {currency} is known here for the countries of the audience, so pay cannot be raised to it. "
            "An operator can put one in.",
            path="pay.location",
            currency=file.pay.currency,
        )


def _source(organisation_id: int, file: ProjectFile) -> int | None:
    source = file.from_
    if source is None:
        return None
    found = queries.project_named(organisation_id, source.project)
    if found is None:
        raise Invalid(
            "source_unknown",
            "The organisation has no project “{name}”; write the id or the title of the one that comes before.",
            path="from.project",
            name=source.project,
        )
    if source.each == rules.UNRESOLVED:
        _require_shared_question(found, file)
    return found.id


def _require_shared_question(source: ProjectView, file: ProjectFile) -> None:
    """Experts' answers go back under the name of the question, so at least one of theirs must be asked before them."""
    asked = designs.design(source.design_id).by_name
    shared = [name for name in asked if name in file.ask]
    unlike = [name for name in shared if not _alike(asked[name].options, file.ask[name])]
    if unlike or not shared:
        raise Invalid(
            "experts_asked_otherwise",
            "What experts answer becomes the result of “{title}”, so they have to be asked at least one of its questions "
            "({names}), under the same name, of the same kind and with the same options.",
            path="ask", title=source.title, names=", ".join(unlike or asked),
        )  # fmt: skip


def _alike(one: QuestionOptions, other: QuestionOptions) -> bool:
    return one.kind == other.kind and KINDS[one.kind].labels(one) == KINDS[other.kind].labels(other)


def require_no_circle(project_id: int, source_id: int | None) -> None:
    """Refuse a stage that would feed itself, however many projects are in between."""
    while source_id is not None:
        if source_id == project_id:
            raise Invalid(
                "source_circle", "This project would take its own results, through the projects between.", path="from.project"
            )  # fmt: skip
        source_id = queries.project(source_id).source_project_id


def _require_known_qualifications(organisation_id: int, file: ProjectFile) -> None:
    level = file.pay.multipliers.level if file.pay.multipliers else None
    for path, named in (
        ("audience.qualifications", list(file.audience.qualifications)),
        ("pay.multipliers.level", [level.qualification] if level else []),
    ):
        unknown = academy_queries.unknown_qualifications(organisation_id, named) if named else []
        if unknown:
            raise Invalid(
                "qualification_unknown",
                "There is no qualification “{names}”; create it first, or correct its name.",
                path=path,
                names="”, “".join(sorted(unknown)),
            )


def _require_own_qualifications_of_rules(organisation_id: int, file: ProjectFile) -> None:
    """Rules give and take only what the organisation itself gives and takes."""
    named = {rule.qualification for rule in file.quality.rules if rule.qualification}
    foreign = named - academy_queries.own_qualifications(organisation_id) if named else set()
    tests = {rule.qualification for rule in file.quality.rules if rule.until == "test" and rule.qualification}
    without = tests - foreign - academy_queries.tested_qualifications(organisation_id) if tests else set()
    if foreign:
        raise Invalid(
            "qualification_not_own",
            "“{names}” is no qualification of your own organisation; a rule can use only those.",
            path="quality.rules", names="”, “".join(sorted(foreign)),
        )  # fmt: skip
    if without:
        raise Invalid(
            "qualification_untested",
            "“{names}” has no entry test that could end a pause; give it one first, or let a member look.",
            path="quality.rules", names="”, “".join(sorted(without)),
        )  # fmt: skip


def _require_known_team(organisation_id: int, file: ProjectFile) -> None:
    team = file.audience.team
    if team is None or team in TEAMS:
        return
    own = accounts_queries.team_names(organisation_id)
    if team not in own:
        raise Invalid(
            "team_unknown",
            "There is no team “{name}”; teams are: {known}.",
            path="audience.team",
            name=team,
            known=", ".join([*TEAMS, *own]),
        )


def _require_own_people_without_pay(file: ProjectFile) -> None:
    """Here and not where a file is read: an entry test takes its design from a file whose pay does not matter."""
    if not file.paid and not file.audience.team and not file.audience.invited:
        raise Invalid(
            "unpaid_for_strangers",
            "Work without pay is for people of your own: name them in the audience (“team: members”, or “invited”), "
            "or say in “pay” what an answer is paid.",
            path="audience",
        )
