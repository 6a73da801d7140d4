"""What is asked about work. Gates take the actor or the worker and refuse."""

from tagwerk.domain.work.queries.enrolments import (
    AvailableProject,
    EnrolmentView,
    available_projects,
    enrolment,
    project_with_answers,
    pseudonyms,
    worker_of_pseudonym,
    workers_page,
    works_among_members,
)
from tagwerk.domain.work.queries.feed import (
    FedAnswer,
    GivenUp,
    TaskAnswer,
    answer_for,
    answers_of_task,
    answers_page,
    feed,
    given_up,
    has_answers,
    last_seq,
)
from tagwerk.domain.work.queries.holding import Held, NoTask, held_for, holding, project_of_assignment
from tagwerk.domain.work.queries.late import LISTED_FOR as LATE_LISTED_FOR
from tagwerk.domain.work.queries.late import LateAnswer, late_answers
from tagwerk.domain.work.queries.money import Coverage, Estimate, coverage, estimate
from tagwerk.domain.work.queries.progress import Progress, progress
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
    "LATE_LISTED_FOR",
    "AvailableProject",
    "BatchView",
    "Coverage",
    "Earnings",
    "EnrolmentView",
    "Estimate",
    "FedAnswer",
    "GivenUp",
    "Held",
    "LateAnswer",
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
    "given_up",
    "has_answers",
    "held_for",
    "holding",
    "last_seq",
    "late_answers",
    "my_answer",
    "my_work",
    "progress",
    "project_of_assignment",
    "project_with_answers",
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
    "works_among_members",
]
