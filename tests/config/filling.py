"""Run inside an instance: `python -m tests.config.filling fill | look | rest | rewrite`."""

import hashlib
import io
import json
import sys
import time
from typing import Any

from tagwerk.config.machinery import Machinery

# What the platform itself writes while nobody does anything: jobs, seals of the book, the cache.
RESTLESS = {"shared_cache", "ledger_seal", "ledger_newest_seal", "job_failure", "django_session"}


def fill() -> dict[str, Any]:
    """Rows in as many tables as the actions reach in one story; what the test needs to know of them."""
    from tagwerk.base.ids import public_id
    from tagwerk.domain.academy import actions as academy
    from tagwerk.domain.accounts import actions as accounts
    from tagwerk.domain.community import actions as community
    from tagwerk.domain.notices import actions as notices
    from tagwerk.domain.projects import actions as projects
    from tagwerk.domain.quality import actions as quality
    from tagwerk.domain.work import actions as work
    from tests.people import PASSWORD, actor, key_for, member, organisation, person
    from tests.workshop import do_work, judge, launched

    person("ada", password=PASSWORD)
    acme = organisation()
    member("fin", acme, "finance")
    accounts.invite_member(actor=actor("ada"), organisation_id=acme, email="new@example.org", role="viewer")
    skill = academy.create_qualification(actor=actor("ada"), organisation_id=acme, slug="ears", title="Ears")
    academy.grant_qualification(
        actor=actor("ada"), qualification_id=skill, person_id=person("ben").id, score=90
    )
    rows = [{"_id": f"row-{row}", "text": "good" if row % 2 else "schlecht ☂"} for row in range(12)]
    made = launched([*rows, {"text": "gold", "_gold": {"sentiment": "neutral"}}])
    for name in ("ben", "cyn"):
        do_work(
            made.id, name, lambda data: {"sentiment": "positive" if data["text"] == "good" else "negative"}
        )
    judge(made.id)
    notices.create_endpoint(
        actor=actor("ada"),
        organisation_id=acme,
        url="https://hooks.example.org/in",
        events=["project.finished"],
    )
    work.accept_all(project_id=made.id)
    _file(projects, actor("ada"), made.id)
    community.write_as_worker(
        person_id=person("ben").id, project_id=made.id, task_id=_task(made.id), text="Why?"
    )
    quality.judge_answers(project_id=made.id)
    return {
        "project": public_id("prj", made.id),
        "key": key_for("ada", acme),
    }


def _file(projects: Any, ada: Any, project_id: int) -> None:
    from PIL import Image

    picture = io.BytesIO()
    Image.new("RGB", (8, 8), (1, 2, 3)).save(picture, format="PNG")
    picture.seek(0)
    projects.upload_media(actor=ada, project_id=project_id, name="cats/cat.png", content=picture)


def _task(project_id: int) -> int:
    from tagwerk.domain.work.models import Task

    ids = (
        Task.objects.filter(project_id=project_id, is_gold=False).order_by("id").values_list("id", flat=True)
    )
    return int(ids[0])


def look() -> dict[str, Any]:
    """How many rows each table has and a mark of what they say."""
    from django.db import connection

    from tagwerk.domain.ledger import queries as ledger

    with connection.cursor() as cursor:
        cursor.execute(
            "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
        )
        tables = sorted(name for (name,) in cursor.fetchall())
        marks = {}
        for table in tables:
            if table in RESTLESS or table.startswith("procrastinate"):
                continue
            cursor.execute(f'select t::text from "{table}" t')
            lines = sorted(line for (line,) in cursor.fetchall())
            marks[table] = [len(lines), hashlib.sha256("\n".join(lines).encode()).hexdigest()]
        cursor.execute(
            "select sequencename, last_value from pg_sequences where schemaname = 'public' order by 1"
        )
        sequences = {
            name: last
            for name, last in cursor.fetchall()
            if "procrastinate" not in name and name not in RESTLESS
        }
    return {
        "tables": marks,
        "sequences": sequences,
        "drift": [str(drift) for drift in ledger.drift()],
        "trial_balance": ledger.trial_balance(),
    }


def rest() -> dict[str, Any]:
    """The first look that finds nothing left to do and the same as the look before."""
    from tagwerk.base.jobs import jobs_state
    from tagwerk.base.models import StoredEvent

    before: dict[str, Any] = {}
    while True:
        time.sleep(1.5)
        after = look()
        if (
            after == before
            and not jobs_state().waiting
            and not StoredEvent.objects.filter(handled_at=None).exists()
        ):
            return after
        before = after


def rewrite() -> dict[str, Any]:
    """What happens when the application's role tries to change what is booked."""
    from django.db import Error, connection

    said = {}
    for statement in ("update ledger_transfer set amount_micros = 1", "delete from ledger_transfer",
                      "update ledger_account set credits_posted_micros = 0", "truncate ledger_transfer"):  # fmt: skip
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
            said[statement] = "done"
        except Error as error:
            said[statement] = str(error).splitlines()[0]
    return said


if __name__ == "__main__":
    with Machinery().looking():
        found = {"fill": fill, "look": look, "rest": rest, "rewrite": rewrite}[sys.argv[1]]()
        sys.stdout.write(json.dumps(found) + "\n")
