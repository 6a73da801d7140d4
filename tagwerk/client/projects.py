"""Projects and their tasks, media and money."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tqdm import tqdm

from tagwerk.client.errors import ApiError
from tagwerk.client.shapes import Estimate, ImportReport, Project, Task, Wages, read
from tagwerk.client.transport import Transport

CONTENT_TYPES = {
    ".jsonl": "application/x-ndjson",
    ".ndjson": "application/x-ndjson",
    ".csv": "text/csv",
    ".tsv": "text/csv",
    ".json": "application/json",
    ".parquet": "application/vnd.apache.parquet",
    ".pq": "application/vnd.apache.parquet",
}
ROWS_AT_ONCE = 500


class Projects:
    """From a project file to the archive."""

    def __init__(self, transport: Transport) -> None:
        self._api = transport

    def create(self, file: dict[str, Any] | str | Path) -> Project:
        """A draft of a project file: an object, the text of a YAML file, or the path of one."""
        content = file.read_text(encoding="utf-8") if isinstance(file, Path) else file
        return read(Project, self._api.post("/projects", {"file": content}))

    def get(self, project: str) -> Project:
        """A project with its file."""
        return read(Project, self._api.get(f"/projects/{project}"))

    def list(self, *, archived: bool = False) -> Iterator[Project]:
        """The organisation's projects, newest first."""
        query = {"archived": "true"} if archived else {}
        return (read(Project, facts) for facts in self._api.pages("/projects", **query))

    def revise(self, project: str, file: dict[str, Any] | str | Path) -> Project:
        """Give a project a new version of its file."""
        content = file.read_text(encoding="utf-8") if isinstance(file, Path) else file
        return read(Project, self._api.ask("PUT", f"/projects/{project}", body={"file": content}))

    def wages(self, project: str) -> Wages:
        """What an hour of work on the project pays, against the minimum wage of the organisation's country."""
        return read(Wages, self._api.get(f"/projects/{project}/wages"))

    def estimate(self, project: str, **given: int) -> Estimate:
        """What the project's tasks can cost, and what to expect; `given` replaces assumptions by name."""
        return read(Estimate, self._api.get(f"/projects/{project}/estimate", **given))

    def launch(self, project: str, *, tasks: int | None = None) -> Project:
        """Reserve the budget and open the tasks; with `tasks`, a pilot of so many first."""
        return self._do(project, "launch", {"tasks": tasks})

    def pause(self, project: str) -> Project:
        """Hand out no more tasks."""
        return self._do(project, "pause")

    def resume(self, project: str) -> Project:
        """Hand out tasks again."""
        return self._do(project, "resume")

    def finish(self, project: str) -> Project:
        """Want no more answers."""
        return self._do(project, "finish")

    def archive(self, project: str) -> Project:
        """Put a project out of sight."""
        return self._do(project, "archive")

    def raise_budget(self, project: str, budget: str) -> Project:
        """Set a larger budget, such as "500.00"."""
        return self._do(project, "budget", {"budget": budget})

    def progress(self, project: str) -> dict[str, Any]:
        """How far a project is."""
        facts: dict[str, Any] = self._api.get(f"/projects/{project}/progress")
        return facts

    def spending(self, project: str) -> dict[str, Any]:
        """Where a project's money is."""
        facts: dict[str, Any] = self._api.get(f"/projects/{project}/spending")
        return facts

    def give_bonuses(
        self, project: str, bonuses: Iterable[dict[str, str]], *, key: str, sure: bool = False
    ) -> int:
        """Pay bonuses, all of them or none; how many are new. Each has `amount`, `reason`, and `worker` or `answer`.

        The same key again pays nothing again. `sure`: bonuses of more than 20 times what an answer pays are meant.
        """
        body = {"key": key, "bonuses": list(bonuses), "sure": sure}
        return int(self._api.post(f"/projects/{project}/bonuses", body)["given"])

    def bonuses_by_rule(
        self,
        project: str,
        *,
        accuracy: float,
        answers: int,
        share: float,
        reason: str = "",
        pay: bool = False,
        sure: bool = False,
    ) -> dict[str, Any]:
        """Whom a rule gives what; with `pay` it is paid, and every worker reads the reason.

        `sure`: bonuses of more than 20 times what an answer pays are meant.
        """
        body = {
            "accuracy": accuracy, "answers": answers, "share": share, "reason": reason, "pay": pay, "sure": sure,
        }  # fmt: skip
        facts: dict[str, Any] = self._api.post(f"/projects/{project}/bonuses/rule", body)
        return facts

    def bonuses(self, project: str) -> Iterator[dict[str, Any]]:
        """What was given, the newest first."""
        return self._api.pages(f"/projects/{project}/bonuses")

    def times(self, project: str) -> Iterator[dict[str, Any]]:
        """Where work is paid by the hour: measured and stated time of the answers, the newest first."""
        return self._api.pages(f"/projects/{project}/times")

    def time_requests(self, project: str, *, state: str | None = None) -> Iterator[dict[str, Any]]:
        """Time that workers ask for beside what is paid, the newest first."""
        return self._api.pages(f"/projects/{project}/time-requests", state=state)

    def grant_time(self, project: str, request: str, *, reply: str = "") -> dict[str, Any]:
        """Pay time that was asked for."""
        facts: dict[str, Any] = self._api.post(
            f"/projects/{project}/time-requests/{request}/grant", {"reply": reply}
        )
        return facts

    def refuse_time(self, project: str, request: str, *, code: str, reply: str) -> dict[str, Any]:
        """Refuse time that was asked for; `code` is of a closed list, and the worker reads both."""
        body = {"code": code, "reply": reply}
        facts: dict[str, Any] = self._api.post(f"/projects/{project}/time-requests/{request}/refuse", body)
        return facts

    def _do(self, project: str, what: str, body: Any = None) -> Project:
        return read(Project, self._api.post(f"/projects/{project}/{what}", body))


class Tasks:
    """The rows of a project."""

    def __init__(self, transport: Transport) -> None:
        self._api = transport

    def add(self, project: str, rows: Iterable[dict[str, Any]], *, on_bad: str = "refuse") -> ImportReport:
        """Add tasks, 500 rows at a time: all or nothing of each 500, or with on_bad="skip" all that fit."""
        reports = []
        for piece in tqdm(_pieces(rows), desc="tasks", disable=not self._api.progress, leave=False):
            body = {"tasks": piece, "on_bad": on_bad}
            reports.append(read(ImportReport, self._api.post(f"/projects/{project}/tasks", body)))
        return _sum(reports)

    def upload(
        self, project: str, file: str | Path, *, on_bad: str = "refuse", replace: bool = False
    ) -> ImportReport:
        """Add the rows of a file (.jsonl, .csv, .json, .parquet), all or nothing ("refuse" raises, "report" says what is
        wrong), or with on_bad="skip" all that fit.

        `replace`: a row with the `_id` of a task that nobody has taken yet, and other content, replaces it.
        """
        path = Path(file)
        content_type = CONTENT_TYPES.get(path.suffix.lower())
        if content_type is None:
            raise ValueError(f"{path.name}: one of {', '.join(CONTENT_TYPES)} is needed")
        facts = self._api.upload(
            f"/projects/{project}/tasks/upload",
            path,
            content_type,
            on_bad=on_bad,
            name=path.name,
            replace="true" if replace else None,
        )
        return read(ImportReport, facts)

    def bad_rows(self, project: str, upload: str, path: str | Path) -> Path:
        """Write the rows of an upload that did not fit to `path` (JSONL): as they came, with `_row` and `_reason`."""
        self._api.download(f"/projects/{project}/imports/{upload}/bad-rows", Path(path))
        return Path(path)

    def list(self, project: str) -> Iterator[Task]:
        """The project's tasks, oldest first."""
        return (read(Task, facts) for facts in self._api.pages(f"/projects/{project}/tasks", limit=200))

    def get(self, project: str, task: str) -> Task:
        """One task."""
        return read(Task, self._api.get(f"/projects/{project}/tasks/{task}"))


class Media:
    """Files that tasks show."""

    def __init__(self, transport: Transport) -> None:
        self._api = transport

    def upload(self, project: str, file: str | Path, *, name: str | None = None) -> dict[str, Any]:
        """Upload one file; tasks name it `media:<name>`."""
        path = Path(file)
        facts: dict[str, Any] = self._api.upload(
            f"/projects/{project}/media", path, "application/octet-stream", name=name or path.name
        )
        return facts

    def upload_archive(self, project: str, file: str | Path) -> dict[str, Any]:
        """Upload every file of a ZIP archive."""
        facts: dict[str, Any] = self._api.upload(
            f"/projects/{project}/media/archive", Path(file), "application/zip"
        )
        return facts

    def upload_folder(self, project: str, folder: str | Path) -> dict[str, Any]:
        """Upload every file of a folder under its path within it, such as `birds/017.png`; what cannot be shown is
        named with the reason, as of an archive. Hidden files stay."""
        root, stored, refused = Path(folder), [], []
        for path in files_below(root):
            name = path.relative_to(root).as_posix()
            try:
                stored.append(self.upload(project, path, name=name)["name"])
            except ApiError as error:
                if error.status not in (409, 413, 422):
                    raise
                refused.append({"name": name, "reason": error.message})
        return {"stored": stored, "refused": refused}

    def list(self, project: str) -> Iterator[dict[str, Any]]:
        """The project's uploaded files."""
        return self._api.pages(f"/projects/{project}/media", limit=200)


def files_below(folder: Path) -> Iterator[Path]:
    """The files of a folder and the folders in it, in order; hidden ones stay where they are."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir():
            yield from files_below(path)
        elif path.is_file():
            yield path


def _pieces(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    piece: list[dict[str, Any]] = []
    for row in rows:
        piece.append(row)
        if len(piece) == ROWS_AT_ONCE:
            yield piece
            piece = []
    if piece:
        yield piece


def _sum(reports: list[ImportReport]) -> ImportReport:
    """One report of several; row numbers count from the first row of all."""
    bad = [
        type(row)(row.number + place * ROWS_AT_ONCE, row.reason)
        for place, report in enumerate(reports)
        for row in report.bad
    ]
    return ImportReport(
        batch=reports[-1].batch if reports else None,
        imported=sum(report.imported for report in reports),
        gold=sum(report.gold for report in reports),
        unchanged=sum(report.unchanged for report in reports),
        replaced=sum(report.replaced for report in reports),
        bad=bad,
        bad_count=sum(report.bad_count for report in reports),
    )
