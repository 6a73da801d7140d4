"""The pages of reviewing in a project."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tagwerk.domain.quality import queries as quality
from tagwerk.domain.work import queries as work
from tagwerk.interfaces.web.pages.requester.frame import Frame

QUEUE, APPEALS, TIME, CONFIRM, REVIEWERS = (
    "project_review",
    "project_appeals",
    "project_time",
    "project_confirm",
    "project_reviewers",
)
TABS = (
    (QUEUE, gettext_noop("Answers")),
    (APPEALS, gettext_noop("Objections")),
    (TIME, gettext_noop("Time")),
    (CONFIRM, gettext_noop("Second person")),
    (REVIEWERS, gettext_noop("Reviewers")),
)


def review_tabs(frame: Frame, current: str) -> list[dict[str, Any]]:
    """What there is to review, with how much of it waits for somebody."""
    hourly = bool(frame.project.hour_micros)
    counts = {
        TIME: work.open_time_requests(frame.project.id) if hourly else 0,
        APPEALS: quality.open_appeals_count(frame.project.id),
        CONFIRM: quality.waiting_rejections_count(frame.project.id),
    }
    return [
        {
            "label": _(label),
            "href": frame.url(name),
            "current": name == current,
            "count": counts.get(name) or None,
        }
        for name, label in TABS
        if (name != REVIEWERS or frame.may_manage) and (name != TIME or hourly)
    ]
