"""What is asked of judging: results, standing, workers' records, the review queue."""

from tagwerk.domain.quality.queries.ballots import ballots_of
from tagwerk.domain.quality.queries.control import (
    Met,
    PauseView,
    Preview,
    other_work_offered,
    pause_figures,
    preview_rule,
    rules_of,
    running_pause,
)
from tagwerk.domain.quality.queries.figures import Share, WorkerFigures, figures_of
from tagwerk.domain.quality.queries.noticed import open_objections, open_signals
from tagwerk.domain.quality.queries.objections import (
    ObjectionView,
    objection_of,
    objections_of_project,
)
from tagwerk.domain.quality.queries.progress import (
    Figures,
    JudgingProgress,
    QuestionProgress,
    agreement_of,
    figures,
    gold_of,
    progress,
    questions,
    values_of,
)
from tagwerk.domain.quality.queries.results import (
    ResultView,
    TaskResult,
    result_for,
    results_of,
    results_page,
)
from tagwerk.domain.quality.queries.review import Exclusion, QueuedAnswer, exclusions, review_queue
from tagwerk.domain.quality.queries.signals import (
    Evidence,
    ShownAnswer,
    SignalView,
    StepView,
    signals_about,
    signals_of_worker,
    signals_page,
    steps_of_worker,
)
from tagwerk.domain.quality.queries.standing import projects_to_judge, projects_to_watch
from tagwerk.domain.quality.queries.workers import (
    GoldRecord,
    ProjectWorker,
    accuracies_of,
    gold_records,
    worker_of_project,
    workers_of_project,
)

__all__ = [
    "Evidence",
    "Exclusion",
    "Figures",
    "GoldRecord",
    "JudgingProgress",
    "Met",
    "ObjectionView",
    "PauseView",
    "Preview",
    "ProjectWorker",
    "QuestionProgress",
    "QueuedAnswer",
    "ResultView",
    "Share",
    "ShownAnswer",
    "SignalView",
    "StepView",
    "TaskResult",
    "WorkerFigures",
    "accuracies_of",
    "agreement_of",
    "ballots_of",
    "exclusions",
    "figures",
    "figures_of",
    "gold_of",
    "gold_records",
    "objection_of",
    "objections_of_project",
    "open_objections",
    "open_signals",
    "other_work_offered",
    "pause_figures",
    "preview_rule",
    "progress",
    "projects_to_judge",
    "projects_to_watch",
    "questions",
    "result_for",
    "results_of",
    "results_page",
    "review_queue",
    "rules_of",
    "running_pause",
    "signals_about",
    "signals_of_worker",
    "signals_page",
    "steps_of_worker",
    "values_of",
    "worker_of_project",
    "workers_of_project",
]
