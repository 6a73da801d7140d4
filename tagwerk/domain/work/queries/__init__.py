"""What is asked about work. Gates take the actor or the worker and refuse."""

from tagwerk.domain.work.queries.enrolments import (
    AvailableProject,
    EnrolmentView,
    available_projects,
    enrolment,
    pseudonyms,
    worker_of_pseudonym,
    workers_page,
)
from tagwerk.domain.work.queries.feed import (
    FedAnswer,
    TaskAnswer,
    answer_for,
    answers_of_task,
    answers_page,
    feed,
    has_answers,
    last_seq,
)
from tagwerk.domain.work.queries.holding import Held, NoTask, held_for, holding, project_of_assignment
from tagwerk.domain.work.queries.money import Coverage, Estimate, coverage, estimate
from tagwerk.domain.work.queries.progress import Progress, progress, progress_of
from tagwerk.domain.work.queries.tasks import (
    BatchView,
    TaskView,
    batches_of,
    task_for,
    task_named,
    tasks_after,
    tasks_page,
)
from tagwerk.domain.work.queries.waiting import (
    projects_with_expired,
    projects_with_inbox,
    projects_with_returns,
)
from tagwerk.domain.work.queries.workers import Earnings, MyAnswer, MyWork, earnings, my_answer, my_work

__all__ = [
    "AvailableProject",
    "BatchView",
    "Coverage",
    "Earnings",
    "EnrolmentView",
    "Estimate",
    "FedAnswer",
    "Held",
    "MyAnswer",
    "MyWork",
    "NoTask",
    "Progress",
    "TaskAnswer",
    "TaskView",
    "answer_for",
    "answers_of_task",
    "answers_page",
    "available_projects",
    "batches_of",
    "coverage",
    "earnings",
    "enrolment",
    "estimate",
    "feed",
    "has_answers",
    "held_for",
    "holding",
    "last_seq",
    "my_answer",
    "my_work",
    "progress",
    "progress_of",
    "project_of_assignment",
    "projects_with_expired",
    "projects_with_inbox",
    "projects_with_returns",
    "pseudonyms",
    "task_for",
    "task_named",
    "tasks_after",
    "tasks_page",
    "worker_of_pseudonym",
    "workers_page",
]
