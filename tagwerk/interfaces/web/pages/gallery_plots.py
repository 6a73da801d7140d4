"""The plots of the gallery: figures without a project."""

from datetime import datetime, timedelta
from math import sin

from tagwerk.interfaces.web import plots


def sample_plots(now: datetime) -> dict[str, plots.Plot]:
    """Each sort of plot once, and what it looks like with one figure and with none."""
    hours = [
        now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=47 - hour) for hour in range(48)
    ]
    answers: list[plots.Value] = [round(30 + 20 * sin(hour / 6) + hour % 5) for hour in range(48)]
    answers[20] = None
    done = [("10", 0.55), ("20", 0.66), ("30", 0.71), ("40", 0.78), ("50", 0.81)]
    shares = plots.Measure("agreement, Krippendorff's alpha")
    return {
        "bars": plots.bars(
            title="Results so far", name_label="Mood", value_label="Tasks", basis="214 tasks",
            measure=plots.Measure("tasks"), bars=[("positive", 132), ("neutral", 45), ("negative", 37)],
        ),
        "parts": plots.parts(
            title="Tasks by state", name_label="State", value_label="Tasks", basis="300 tasks", whole=300,
            parts=[("certain", 190, "ok"), ("not certain", 24, "wait"), ("in work", 40, "info"), ("not begun", 46, "rest")],
        ),
        "intervals": plots.intervals(
            title="Right on gold", name_label="Worker", value_label="Right", low_label="At least", high_label="At most",
            measure=plots.Measure(percent=True), basis="95 % intervals",
            rows=[("W-2E6P5PX3", 0.81, 0.9, 0.95), ("W-GDM9EZNM", 0.52, 0.7, 0.84), ("W-8PLQ3T2C", 0.2, 1.0, 1.0)],
        ),
        "heat": plots.heat(
            title="What is answered where", row_label="Result", names=["positive", "neutral", "negative"], basis="198 tasks",
            shares=[[0.92, 0.07, 0.01], [0.2, 0.65, 0.15], [None, None, None]],
        ),
        "histogram": plots.histogram(
            title="Active time per answer", edges=[0, 10, 20, 30, 40, 50, 60], counts=[3, 41, 87, 52, 21, 10],
            of=plots.Measure("seconds"), basis="214 answers", count_label="Answers", from_label="From", to_label="To",
        ),
        "line": plots.line(
            title="Agreement", name_label="Tasks decided", names=[name for name, _ in done], measure=shares,
            series=[plots.Series("Alpha", [value for _, value in done])], basis="198 tasks with two answers",
            band=plots.Band("95 % interval", [v - 0.1 for _, v in done], [min(1, v + 0.08) for _, v in done]),
        ),
        "times": plots.time_series(
            title="Answers per hour", times=hours, time_label="Hour", measure=plots.Measure("answers"), basis="last two days",
            series=[plots.Series("Answers", answers), plots.Series("Tasks decided", [None if v is None else round(v * 0.4) for v in answers])],
        ),
        "one": plots.time_series(
            title="Spent per day", times=hours[:1], time_label="Day", by_day=True, basis="since the launch",
            measure=plots.Measure("per day", currency="EUR"), series=[plots.Series("Spent", [1_840_000])],
        ),
        "empty": plots.bars(title="Reasons for skipping", name_label="Reason", basis="no task was skipped", bars=[]),
    }  # fmt: skip
