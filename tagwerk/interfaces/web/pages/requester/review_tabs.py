"""The pages of reviewing in a project."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tagwerk.domain.quality import queries as quality
from tagwerk.interfaces.web.pages.requester.frame import Frame

QUEUE, APPEALS, CONFIRM, REVIEWERS = (
    "project_review",
    "project_appeals",
    "project_confirm",
    "project_reviewers",
)
TABS = (
    (QUEUE, gettext_noop("Answers")),
    (APPEALS, gettext_noop("Objections")),
    (CONFIRM, gettext_noop("Second person")),
    (REVIEWERS, gettext_noop("Reviewers")),
)


def review_tabs(frame: Frame, current: str) -> list[dict[str, Any]]:
    """What there is to review, with how much of it waits for somebody."""
    counts = {
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
        if name != REVIEWERS or frame.may_manage
    ]
