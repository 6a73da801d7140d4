"""Why there is no work: what would open most of it, and project by project what is missing or waited for."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tagwerk.domain.academy.queries import OfferedTest
from tagwerk.domain.work import queries as work
from tagwerk.domain.work.rules.audience import Reason
from tagwerk.interfaces.web.choices import LEVELS, language_name
from tagwerk.interfaces.web.guards import ActorRequest, signed_in
from tagwerk.interfaces.web.pages.worker.offers import Offer, offers_for
from tagwerk.interfaces.web.pages.worker.task import asking
from tagwerk.interfaces.web.pages.worker.words import WhyNot, why_not

MOST = 100  # projects listed one by one


@dataclass(frozen=True, slots=True)
class Step:
    """Something that the worker can do, and the projects for which nothing else is missing."""

    title: str
    why: WhyNot
    test: OfferedTest | None
    opens: list[Offer]
    helps: int  # projects that ask for something else too

    @property
    def best(self) -> Offer | None:
        """The best paid of them."""
        return next((one for one in self.opens if one.hourly_micros), None)


@signed_in
@require_safe
def why(request: ActorRequest) -> HttpResponse:
    """What stands between the worker and each project that exists for them; private ones do not."""
    offers = offers_for(asking(request))
    closed = [one for one in offers if not one.found.is_open_to_me]
    tests = work.tests_for(request.actor) if closed else []
    values = {
        "offers": offers,
        "ready": sum(one.is_ready for one in offers),
        "steps": _steps(closed, tests),
        "closed": closed[:MOST],
        "waiting": [one for one in offers if one.found.is_open_to_me and not one.is_ready][:MOST],
        "back": reverse("work_list"),
    }
    return render(request, "pages/worker/why.html", values)


def _steps(closed: list[Offer], tests: list[OfferedTest]) -> list[Step]:
    """What can be done, that which opens most before the rest."""
    asking_for = defaultdict(list)
    for one in closed:
        for reason in one.found.reasons:
            if reason.partition(":")[0] in (Reason.LANGUAGE, Reason.QUALIFICATION):
                asking_for[_key(reason, one)].append(one)
    steps = [_step(reason, those, tests) for (reason, _owner), those in asking_for.items()]
    return sorted(steps, key=lambda step: (-len(step.opens), -step.helps))


def _key(reason: str, offer: Offer) -> tuple[str, int]:
    """Qualifications of the same name can belong to several organisations."""
    is_own = reason.startswith(Reason.QUALIFICATION)
    return reason, offer.project.organisation_id if is_own else 0


def _step(reason: str, those: list[Offer], tests: list[OfferedTest]) -> Step:
    opens = [one for one in those if len(one.found.reasons) == 1 and not one.found.pause_reason]
    test = _test_for(reason, those[0].project.organisation_id, tests)
    (why,) = why_not([reason], those[0].titles)
    if reason.startswith(Reason.QUALIFICATION) and test is None:
        advice: Any = _("No test is offered for it: the requester grants it.")
        why = WhyNot(why.text, advice)
    return Step(_title(reason, test, those[0]), why, test, opens, len(those) - len(opens))


def _title(reason: str, test: OfferedTest | None, offer: Offer) -> str:
    """What there is to do, in a few words."""
    if test is not None:
        return _("Take the test “{title}”").format(title=test.title)
    kind, name, level = reason.split(":")
    if kind == Reason.LANGUAGE:
        words = {"language": language_name(name), "level": dict(LEVELS).get(level, level)}
        return _("Speak {language}: {level}").format(**words)
    return _("Get the qualification “{title}”").format(title=offer.titles.get(name, name))


def _test_for(reason: str, organisation_id: int, tests: list[OfferedTest]) -> OfferedTest | None:
    """The organisation's own test stands before one of the instance with the same name."""
    kind, _colon, rest = reason.partition(":")
    if kind != Reason.QUALIFICATION:
        return None
    slug = rest.partition(":")[0]
    found = {one.organisation_id: one for one in tests if one.slug == slug}
    return found.get(organisation_id) or found.get(None)
