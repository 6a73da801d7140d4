"""Whether one batch of labels more is worth its price."""

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.quality import queries as quality
from tagwerk.domain.work.rules.next_batch import LARGEST, MOST_LINES, next_batch
from tagwerk.interfaces.api.estimates import RangeOut
from tagwerk.interfaces.api.projects import VIEW, project_of
from tagwerk.interfaces.api.shapes import Body, Money, money

router = Router(tags=["projects"])


class PointIn(Body):
    """How right a model was."""

    labels: int = Field(ge=1, le=LARGEST, description="It had learned from so many")
    accuracy: float = Field(ge=0, le=1, allow_inf_nan=False, description="On a test set that it had not seen")


class NextBatchIn(Body):
    """What was measured, and how many labels more are thought of."""

    points: list[PointIn] = Field(
        max_length=MOST_LINES,
        description="At least five numbers of labels, each measured three times or more",
    )
    more: int = Field(
        ge=1,
        le=LARGEST,
        description="Labels of the next batch, at most three times the largest number measured",
    )
    target: float | None = Field(
        None, gt=0, le=1, allow_inf_nan=False, description="The accuracy that is wanted"
    )


class NextBatchOut(BaseModel):
    """Advice about this batch, and nothing beyond it: no number of labels is promised for any target."""

    now: float = Field(description="The accuracy by the curve with the labels that there are")
    then: float = Field(description="With the batch")
    gain: RangeOut = Field(description="The difference, with its 90 % interval")
    cost: Money | None = Field(
        description="Of the batch at the likely cost of a task; null where nothing is paid"
    )
    per_point: Money | None = Field(
        description="What a point (0.01) of accuracy costs in this batch; null: it brings none"
    )
    target_out_of_reach: bool | None = Field(
        description="Whether the target probably is, with this model; null without one"
    )
    limit_unknown: bool = Field(description="Whether the points do not show yet where the curve flattens")


@router.post(
    "/projects/{project}/next-batch",
    auth=VIEW,
    response=NextBatchOut,
    operation_id="advise_next_batch",
    summary="Advise on the next batch",
)
def advise_next_batch(request: HttpRequest, project: str, data: NextBatchIn) -> NextBatchOut:
    """What one batch more would probably bring a model, from how right it was with fewer labels. Nothing is kept."""
    view = project_of(request, project, Permission.PROJECT_VIEW)
    estimate = quality.estimate_of(view, given={} if view.launched_at else {"tasks": 1_000})
    tasks = estimate.assumptions.tasks
    label = -(-estimate.forecast.mid.net_micros // tasks) if view.paid and tasks else 0
    points = [(one.labels, one.accuracy) for one in data.points]
    found = next_batch(points, more=data.more, label_micros=label, target=data.target)
    advice, gain = found.advice, found.advice.gain
    per_point = found.per_point_micros
    return NextBatchOut(
        now=round(advice.now, 4), then=round(advice.then, 4),
        gain=RangeOut(low=round(gain.low, 4), value=round(gain.value, 4), high=round(gain.high, 4)),
        cost=money(found.cost_micros, view.currency) if view.paid else None,
        per_point=money(per_point, view.currency) if view.paid and per_point is not None else None,
        target_out_of_reach=advice.out_of_reach, limit_unknown=advice.limit_unknown,
    )  # fmt: skip
