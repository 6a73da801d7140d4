"""What is asked of judging: results, standing, workers' records, the review queue."""

from tagwerk.domain.quality.queries.ballots import ballots_of
from tagwerk.domain.quality.queries.feedback import Feedback, gold_feedback
from tagwerk.domain.quality.queries.gold import (
    Candidate,
    GivenAnswer,
    GoldTask,
    given_answers,
    gold_candidates,
    gold_counts,
    gold_for,
    gold_page,
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
    "Candidate",
    "Exclusion",
    "Feedback",
    "Figures",
    "GivenAnswer",
    "GoldRecord",
    "GoldTask",
    "JudgingProgress",
    "ProjectWorker",
    "QuestionProgress",
    "QueuedAnswer",
    "ResultView",
    "TaskResult",
    "accuracies_of",
    "agreement_of",
    "ballots_of",
    "exclusions",
    "figures",
    "given_answers",
    "gold_candidates",
    "gold_counts",
    "gold_feedback",
    "gold_for",
    "gold_of",
    "gold_page",
    "gold_records",
    "progress",
    "projects_to_judge",
    "questions",
    "result_for",
    "results_of",
    "results_page",
    "review_queue",
    "values_of",
    "worker_of_project",
    "workers_of_project",
]
