"""A million rows in and out, against PostgreSQL's own COPY of the same rows, and the memory that it takes."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.figures import Figure, Scale, median, note
from benchmarks.instance import Instance, running

NAMES = ("import", "export")
BLOCK = 1 << 20
IMPORTED = "project_id, id, batch_id, external_id, digest, data, prediction, is_gold, priority, deadline"
READ = {  # what an export needs to know of a project's tasks
    "task": "id, external_id, data, is_gold",
    "judgement": "task_id, state, answers, confidence",
    "result": "task_id, question, value, confidence, agreement, answers, tied, source, reason",
    "assignment": "task_id, state",
}


def figures(names: Collection[str], scale: Scale) -> Iterator[Figure]:
    """Import, export or both, each at two sizes."""
    sizes = (scale.of(100_000, 5_000), scale.of(1_000_000, 50_000))
    with running(web=False, jobs=False) as instance:
        bench = _Transfer(instance)
        done = [bench.bring_in(size, keep=size == sizes[-1]) for size in sizes]
        if "import" in names:
            yield from _figures("import", done)
        if "export" in names:
            yield from _figures("export", [bench.bring_out(made["project"]) for made in done])


class _Transfer:
    """Projects of several sizes on one instance: imported, measured, given results, exported."""

    def __init__(self, instance: Instance) -> None:
        from benchmarks import scene

        self.scene, self.instance = scene, instance
        self.requester = scene.requester()

    def bring_in(self, rows: int, *, keep: bool) -> dict[str, Any]:
        """Import a file of so many rows; then COPY the same rows, as another project's, into the same table."""
        file = self.instance.folder / f"{rows}.jsonl"
        with file.open("w") as out:
            for number in range(rows):
                row = {"_id": f"row-{number}", "text": f"{number}: {self.scene.TEXT}", "language": "en"}
                out.write(json.dumps(row) + "\n")
        project = self.scene.order(self.requester, f"{rows} rows", answers=1)
        note(f"importing {rows} rows")
        with self.instance.as_superuser() as connection:
            connection.execute("CHECKPOINT")
            done = _child("import", project.project_id, str(file))
            connection.execute("CHECKPOINT")
            bare = self._copy_in(connection, project.project_id)
        file.unlink()
        return {"project": project.project_id, "rows": rows, "bare": bare, **done}

    def _copy_in(self, connection: psycopg.Connection, project_id: int) -> float:
        """Seconds of a bare COPY of the project's rows, under another project's number and other ids."""
        file = self.instance.folder / "rows.copy"
        asked = f"SELECT -project_id, -id, batch_id, {IMPORTED.partition('batch_id, ')[2]} FROM task WHERE project_id = {project_id}"
        with file.open("wb") as out, connection.cursor().copy(f"COPY ({asked}) TO STDOUT") as copy:
            for block in copy:
                out.write(block)
        begin = time.perf_counter()
        with file.open("rb") as rows, connection.cursor().copy(f"COPY task ({IMPORTED}) FROM STDIN") as copy:
            while block := rows.read(BLOCK):
                copy.write(block)
        seconds = time.perf_counter() - begin
        connection.execute("DELETE FROM task WHERE project_id = %s", [-project_id])
        file.unlink()
        return seconds

    def bring_out(self, project_id: int) -> dict[str, Any]:
        """Give every task a result, export all; then COPY what was read."""
        note("giving every task a result")
        rows = self.scene.give_results(project_id)
        self.instance.settle()
        note(f"exporting {rows} results")
        bare = [self._copy_out(project_id)]
        done = _child("export", project_id)
        bare.append(self._copy_out(project_id))
        return {"rows": rows, "bare": median(bare), **done}

    def _copy_out(self, project_id: int) -> float:
        begin = time.perf_counter()
        with (
            self.instance.as_superuser() as connection,
            (self.instance.folder / "out.copy").open("wb") as out,
        ):
            for table, columns in READ.items():
                asked = (
                    f"SELECT {columns} FROM {table} WHERE project_id = {project_id} ORDER BY project_id, 1"
                )
                with connection.cursor().copy(f"COPY ({asked}) TO STDOUT") as copy:
                    for block in copy:
                        out.write(block)
        return time.perf_counter() - begin


def _figures(name: str, done: list[dict[str, Any]]) -> Iterator[Figure]:
    few, many = done
    against = "bare COPY of the same rows, same tables and indexes (rows per second / rows per second)"
    yield Figure(name, many["rows"] / many["seconds"], "rows/s", against, many["bare"] / many["seconds"])
    against = f"its peak memory at {few['rows']} rows"
    yield Figure(
        f"{name}.memory",
        many["peak_mb"],
        f"MB at {many['rows']} rows",
        against,
        many["peak_mb"] / few["peak_mb"],
    )


def _child(what: str, *words: Any) -> dict[str, Any]:
    """Done in a process of its own, whose peak memory is then known."""
    command = [sys.executable, "-m", "benchmarks.transfer", what, *map(str, words)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _import(project_id: int, file: str) -> None:
    from tagwerk.domain.work import actions as work
    from tagwerk.domain.work.rules.readers import rows_of

    with Path(file).open("rb") as stream:
        work.import_tasks(project_id=project_id, rows=rows_of(stream, "jsonl"))


def _export(project_id: int) -> None:
    from tagwerk.domain.accounts import queries as accounts
    from tagwerk.domain.exports import actions as exports

    actor = accounts.actor_of_person(accounts.person_id_of_email("bench@tagwerk.localhost"))
    number = exports.start_export(actor=actor, project_id=project_id, format="jsonl")
    exports.run_export(export_id=number)


def _main(what: str, project_id: int, *words: str) -> None:
    import resource

    import django

    from tagwerk.config.memory import keep_what_is_loaded

    django.setup()
    keep_what_is_loaded()  # as the job process does
    run: Callable[..., None] = _import if what == "import" else _export
    begin = time.perf_counter()
    run(project_id, *words)
    seconds = time.perf_counter() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
        1 << 20 if sys.platform == "darwin" else 1 << 10
    )
    print(json.dumps({"seconds": seconds, "peak_mb": peak}))


if __name__ == "__main__":
    _main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])
