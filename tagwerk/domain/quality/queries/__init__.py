"""What is asked of judging: results, standing, workers' records, the review queue."""

from tagwerk.domain.quality.queries.ballots import ballots_of
from tagwerk.domain.quality.queries.fitted import (
    ModelView,
    answer_weights,
    current_models,
    model_versions,
    projects_to_refit,
    refit_waits,
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
    FormerResult,
    ResultView,
    TaskResult,
    result_changes,
    result_for,
    results_of,
    results_page,
)
from tagwerk.domain.quality.queries.review import Exclusion, QueuedAnswer, exclusions, review_queue
from tagwerk.domain.quality.queries.standing import projects_to_judge
from tagwerk.domain.quality.queries.workers import (
    GoldRecord,
    ProjectWorker,
    accuracies_of,
    gold_records,
    worker_of_project,
    workers_of_project,
)

__all__ = [
    "Exclusion",
    "Figures",
    "FormerResult",
    "GoldRecord",
    "JudgingProgress",
    "ModelView",
    "ProjectWorker",
    "QuestionProgress",
    "QueuedAnswer",
    "ResultView",
    "TaskResult",
    "accuracies_of",
    "agreement_of",
    "answer_weights",
    "ballots_of",
    "current_models",
    "exclusions",
    "figures",
    "gold_of",
    "gold_records",
    "model_versions",
    "progress",
    "projects_to_judge",
    "projects_to_refit",
    "questions",
    "refit_waits",
    "result_changes",
    "result_for",
    "results_of",
    "results_page",
    "review_queue",
    "values_of",
    "worker_of_project",
    "workers_of_project",
]
