"""The Python client of tagwerk's API. It needs httpx and tqdm, and nothing else of tagwerk.

from tagwerk.client import Client

client = Client("https://work.example.org", key="twk_…")
project = client.projects.create(Path("project.yaml"))
client.tasks.upload(project.id, "tasks.jsonl")
client.projects.launch(project.id)
frame = client.results_frame(project.id)
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tagwerk.client.digest import data_digest
from tagwerk.client.endpoints import Account, Qualifications, Webhooks
from tagwerk.client.errors import ApiError, Unreachable
from tagwerk.client.projects import Media, Projects, Tasks
from tagwerk.client.results import AnswersOf, Exports, Results, Reviews, Workers
from tagwerk.client.shapes import (
    Answer,
    Assumption,
    Case,
    Design,
    Estimate,
    Export,
    Held,
    ImportReport,
    Money,
    NoTask,
    Project,
    Question,
    Result,
    Submitted,
    Suggestion,
    Task,
    Wages,
    Worker,
    WorkProject,
)
from tagwerk.client.transport import Transport
from tagwerk.client.work import Work

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Answer",
    "ApiError",
    "Assumption",
    "Case",
    "Client",
    "Design",
    "Estimate",
    "Export",
    "Held",
    "ImportReport",
    "Money",
    "NoTask",
    "Project",
    "Question",
    "Result",
    "Submitted",
    "Suggestion",
    "Task",
    "Unreachable",
    "Wages",
    "WorkProject",
    "Worker",
    "data_digest",
]


class Client:
    """A platform, spoken to under one key; safe to use from several threads.

    Requests are sent again (`retries` times, with growing pauses) when the connection breaks or the platform is
    busy; what creates something carries an idempotency key, so that it is created once. What is refused raises
    ApiError(code, message, path, status).
    """

    def __init__(self, url: str, key: str, **options: Any) -> None:
        """`options`: timeout_seconds, retries, language ("en" or "de"), progress (bars on long transfers), sleep."""
        self._api = Transport(url, key, **options)
        self.account = Account(self._api)
        self.projects = Projects(self._api)
        self.tasks = Tasks(self._api)
        self.media = Media(self._api)
        self.answers = AnswersOf(self._api)
        self.workers = Workers(self._api)
        self.reviews = Reviews(self._api)
        self.exports = Exports(self._api)
        self.webhooks = Webhooks(self._api)
        self.qualifications = Qualifications(self._api)
        self.work = Work(self._api)
        self._results = Results(self._api)

    def results(self, project: str, *, raw_answers: bool = False) -> Iterator[Result]:
        """One record per task of a project; with `raw_answers` every approved answer too."""
        return self._results.all(project, raw_answers)

    def results_frame(self, project: str, *, raw_answers: bool = False) -> "pd.DataFrame":
        """The results as a pandas frame: columns result.<question>, confidence.<question>, data.<column> …"""
        return self._results.frame(project, raw_answers)

    def results_table(self, project: str, *, raw_answers: bool = False) -> Any:
        """The results as a pyarrow.Table with the same columns; what is no number or text is JSON text."""
        return self._results.table(project, raw_answers)

    def close(self) -> None:
        """Close the connections."""
        self._api.close()

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
