"""What a measurement needs to be there: an order, its workers, and tables filled by the hundred thousand.

People, projects and enrolments come from the platform's own actions; only the masses of rows are written directly.
Imported once Django is set up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction

from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts.rules import CONSOLE
from tagwerk.domain.designs.rules.yaml_text import read_project_file
from tagwerk.domain.projects import actions as project_actions
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.work import actions as work
from tagwerk.interfaces.cli import local
from tagwerk.interfaces.web.guards import AGREED

ANSWERS = {"mood": "positive"}
TEXT = "The parcel came two days late and the box was dented, but the lamp inside works and looks as in the picture."
FILE = """
title: {title}
language: en
instructions: Read the review and say how its writer feels about what is described.
show: [{{text: "{{{{ text }}}}"}}]
ask:
  mood: {{kind: choice, options: [positive, neutral, negative], label: How does the writer feel?}}
quality: {{answers: {answers}}}
pay: {{per: answer, amount: "0.05", currency: EUR, estimate_seconds: 12}}
"""


@dataclass(frozen=True)
class Order:
    """A launched project."""

    project_id: int
    design_id: int
    public_id: str


@dataclass(frozen=True)
class Hand:
    """A worker: a simulated one with a key, or a person with a session on the pages."""

    person_id: int
    key: str = ""
    session: str = ""


def requester() -> local.Requester:
    """Who orders, with money enough."""
    found = local.local_requester("Bench", "bench@tagwerk.localhost")
    local.deposit(found, 10_000_000_000_000, "EUR", "bench")
    return found


def order(who: local.Requester, title: str, *, answers: int) -> Order:
    """A launched project with one task."""
    made = project_actions.create_project(
        actor=who.actor,
        organisation_id=who.organisation_id,
        file=read_project_file(FILE.format(title=title, answers=answers)),
    )
    work.import_tasks(project_id=made.id, rows=[{"text": TEXT}])
    launched = work.launch(actor=who.actor, project_id=made.id)
    return Order(launched.id, launched.design_id, launched.public_id)


def simulated(count: int, prefix: str) -> list[Hand]:
    """Workers with keys."""
    made = [
        accounts.create_simulated_worker(actor=CONSOLE, name=f"{prefix}-{number}", country="DE")
        for number in range(count)
    ]
    return [Hand(one.person_id, key=one.key_text) for one in made]


def signed_in(count: int, prefix: str) -> list[Hand]:
    """People who are signed in on the pages and have agreed to the terms."""
    return [_signed_in(f"{prefix}-{number}@example.org") for number in range(count)]


def _signed_in(email: str) -> Hand:
    person_id = accounts.create_person(
        actor=CONSOLE, email=email, display_name="Bench", country="DE", time_zone="Europe/Berlin"
    )
    return session_of(person_id)


def session_of(person_id: int) -> Hand:
    """Somebody who is signed in and has agreed to the terms."""
    person = get_user_model().objects.get(pk=person_id)
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session[AGREED] = settings.TERMS_VERSION
    session.create()
    return Hand(person_id, session=session.session_key or "")


def enrol(hands: Sequence[Hand], into: Order) -> None:
    """Enrol all."""
    for hand in hands:
        assert work.enrol(person_id=hand.person_id, project_id=into.project_id).eligible


def fill(into: Order, tasks: int, *, answers: int) -> None:
    """So many more tasks, open for work."""
    with transaction.atomic():
        _write(
            "WITH added AS (INSERT INTO batch (project_id, tasks) VALUES (%s, %s) RETURNING id), filled AS ("
            " INSERT INTO task (project_id, batch_id, data) SELECT %s, added.id,"
            " json_build_object('text', n || ': ' || %s::text) FROM added, generate_series(1, %s) n RETURNING id)"
            " UPDATE batch SET opened_to = 0 WHERE false",
            [into.project_id, tasks, into.project_id, TEXT, tasks],
        )
        _write(
            "INSERT INTO opened_task (project_id, task_id, wanted, most) SELECT project_id, id, %s, %s FROM task"
            " WHERE project_id = %s ON CONFLICT DO NOTHING",
            [answers, answers, into.project_id],
        )
        _write(
            "INSERT INTO queue (project_id, pos, task_id, open) SELECT project_id, 1 + row_number() OVER (ORDER BY id),"
            " id, %s FROM task WHERE project_id = %s ON CONFLICT DO NOTHING",
            [answers, into.project_id],
        )
        _write(
            "UPDATE opening SET last_pos = %s, opened_tasks = %s WHERE project_id = %s",
            [tasks + 2, tasks + 1, into.project_id],
        )


def give_past(hands: Sequence[Hand], into: Order, tasks: int) -> None:
    """Let each of them have done the first so many tasks of the queue, approved and paid."""
    people = [hand.person_id for hand in hands]
    with transaction.atomic():
        _write(
            "INSERT INTO assignment (project_id, task_id, worker_id, reward_micros, fee_micros, design_id, submitted_at,"
            " judged_from, decided_at, digest, active_ms, instructions_version, state, channel)"
            " SELECT q.project_id, q.task_id, w, 50000, 10000, %s, now(), now(), now(), gen_random_uuid(), 1000, 1, 2, 4"
            " FROM (SELECT * FROM queue WHERE project_id = %s ORDER BY pos LIMIT %s) q, unnest(%s::bigint[]) w",
            [into.design_id, into.project_id, tasks, people],
        )
        _write(
            "INSERT INTO answer (project_id, assignment_id, task_id, worker_id, design_id, instructions_version, active_ms,"
            " revision, channel, answers) SELECT project_id, id, task_id, worker_id, design_id, 1, 1000, 0, 4,"
            ' \'{"mood":"positive"}\' FROM assignment WHERE project_id = %s AND worker_id = ANY(%s) AND state = 2',
            [into.project_id, people],
        )
        _write(
            "UPDATE enrolment SET submitted = %s, cursor = (SELECT max(pos) FROM (SELECT pos FROM queue"
            " WHERE project_id = %s ORDER BY pos LIMIT %s) done) WHERE project_id = %s AND worker_id = ANY(%s)",
            [tasks, into.project_id, tasks, into.project_id, people],
        )


def give_results(project_id: int) -> int:
    """Let every task of the project be answered, approved and judged; how many tasks."""
    project = projects.project(project_id)
    hand = simulated(1, f"judged-{project_id}")[0]
    with transaction.atomic():
        _write(
            "INSERT INTO assignment (project_id, task_id, worker_id, reward_micros, fee_micros, design_id, submitted_at,"
            " judged_from, decided_at, digest, active_ms, instructions_version, state, channel)"
            " SELECT project_id, id, %s, 50000, 10000, %s, now(), now(), now(), gen_random_uuid(), 1000, 1, 2, 4"
            " FROM task WHERE project_id = %s",
            [hand.person_id, project.design_id, project_id],
        )
        _write(
            "INSERT INTO judgement (project_id, task_id, state, answers, wanted, confidence, recheck)"
            " SELECT project_id, id, 'done', 1, 1, 0.97, 0 FROM task WHERE project_id = %s",
            [project_id],
        )
        _write(
            "INSERT INTO result (project_id, task_id, question, value, confidence, agreement, answers, tied, source, reason)"
            " SELECT project_id, id, 'mood', '\"positive\"', 0.97, 1, 1, false, 'vote', '' FROM task WHERE project_id = %s",
            [project_id],
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM task WHERE project_id = %s", [project_id])
        return int(cursor.fetchone()[0])


def give_hours(project_id: int, workers: int, *, double: int = 1_000) -> None:
    """Let the project have been worked on for a week by so many, and its newest tasks have two answers."""
    design_id = projects.project(project_id).design_id
    second = simulated(1, f"second-{project_id}")[0].person_id
    week = "FROM generate_series(now() - interval '7 days', now(), interval '1 hour') h"
    with transaction.atomic():
        _write(
            "INSERT INTO work_hour (project_id, hour, answers, gold_answers, active_ms, workers)"
            f" SELECT %s, date_trunc('hour', h, 'UTC'), 60, 4, 600000, %s {week}",
            [project_id, workers],
        )
        _write(
            "INSERT INTO hour_worker (project_id, hour, worker_id)"
            f" SELECT %s, date_trunc('hour', h, 'UTC'), w {week}, generate_series(1, %s) w",
            [project_id, workers],
        )
        _write(
            "INSERT INTO active_time (project_id, bucket, answers) SELECT %s, b, 1000 FROM generate_series(2, 9) b",
            [project_id],
        )
        _write(
            "INSERT INTO assignment (project_id, task_id, worker_id, reward_micros, fee_micros, design_id, submitted_at,"
            " judged_from, decided_at, digest, active_ms, instructions_version, state, channel)"
            " SELECT project_id, id, %s, 50000, 10000, %s, now(), now(), now(), gen_random_uuid(), 1000, 1, 2, 4"
            " FROM task WHERE project_id = %s ORDER BY id DESC LIMIT %s",
            [second, design_id, project_id, double],
        )
        _write(
            "INSERT INTO answer (project_id, assignment_id, task_id, worker_id, design_id, instructions_version, active_ms,"
            " revision, channel, answers) SELECT a.project_id, a.id, a.task_id, a.worker_id, %s, 1, 1000, 0, 4,"
            ' \'{"mood":"positive"}\' FROM assignment a JOIN (SELECT id FROM task WHERE project_id = %s'
            " ORDER BY id DESC LIMIT %s) t ON t.id = a.task_id WHERE a.project_id = %s",
            [design_id, project_id, double, project_id],
        )
        _write(
            "UPDATE judgement SET answers = 2 WHERE project_id = %s AND task_id IN (SELECT id FROM task"
            " WHERE project_id = %s ORDER BY id DESC LIMIT %s)",
            [project_id, project_id, double],
        )


def give_answers(into: Order, tasks: int, *, each: int = 1, done: int = 0, workers: int = 50) -> int:
    """Let so many more tasks be answered by `each` people, right in four of five cases, and fed, not judged; the answers to
    the first `done` tasks are approved by now. Nothing is paid for them. How many answers."""
    fill(into, tasks, answers=each)
    people = [hand.person_id for hand in simulated(workers, f"answers-{into.project_id}")]
    for person_id in people:
        work.enrol(person_id=person_id, project_id=into.project_id)
    values = {
        "project": into.project_id,
        "design": into.design_id,
        "people": people,
        "done": done,
        "each": each,
    }
    with transaction.atomic():
        _write(
            "INSERT INTO assignment (project_id, task_id, worker_id, reward_micros, fee_micros, design_id, submitted_at,"
            " judged_from, decided_at, digest, active_ms, instructions_version, state, channel)"
            " SELECT %(project)s, id, (%(people)s::bigint[])[1 + (n + k) %% cardinality(%(people)s::bigint[])], 0, 0,"
            " %(design)s, now() - interval '1 hour', now() - interval '1 hour', CASE WHEN n <= %(done)s THEN now() END,"
            " gen_random_uuid(), 1000, 1, CASE WHEN n <= %(done)s THEN 2 ELSE 1 END, 4"
            " FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM task WHERE project_id = %(project)s) t,"
            " generate_series(1, %(each)s) k",
            values,
        )
        _write(
            "INSERT INTO answer (project_id, assignment_id, task_id, worker_id, design_id, instructions_version, active_ms,"
            " revision, channel, answers) SELECT project_id, id, task_id, worker_id, design_id, 1, 1000, 0, 4,"
            " json_build_object('mood', (ARRAY['positive', 'neutral', 'negative'])[1 + (CASE WHEN random() < 0.8"
            " THEN task_id ELSE floor(3 * random()) END)::int %% 3]) FROM assignment WHERE project_id = %(project)s",
            values,
        )
        _write(
            "INSERT INTO answer_feed (project_id, seq, assignment_id, revision, fed_at) SELECT project_id,"
            " row_number() OVER (ORDER BY id), id, 0, now() - interval '1 hour' FROM assignment WHERE project_id = %(project)s",
            values,
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM assignment WHERE project_id = %s", [into.project_id])
        return int(cursor.fetchone()[0])


def give_waiting(into: Order, tasks: int, *, done: int = 0) -> None:
    """Let so many more tasks have an answer that is judged and waits for a reviewer; those of the first `done` tasks, which
    are the least certain, are reviewed and approved by now."""
    give_answers(into, tasks, done=done)
    values = {"project": into.project_id}
    with transaction.atomic():
        _write(
            "INSERT INTO worker_answer (project_id, worker_id, assignment_id, task_id, is_gold)"
            " SELECT project_id, worker_id, id, task_id, false FROM assignment WHERE project_id = %(project)s",
            values,
        )
        _write(
            "INSERT INTO judgement (project_id, task_id, state, answers, wanted, confidence, recheck, in_review)"
            " SELECT project_id, task_id, 'done', 1, 1, CASE WHEN state = 2 THEN 0.1 * random() ELSE 0.1 + 0.9 * random() END, 0,"
            " state = 1 FROM assignment WHERE project_id = %(project)s",
            values,
        )
        _write(
            "INSERT INTO judge_cursor (project_id, seq) SELECT %(project)s, max(seq) FROM answer_feed"
            " WHERE project_id = %(project)s ON CONFLICT (project_id) DO UPDATE SET seq = excluded.seq",
            values,
        )


def _write(statement: str, values: list[Any] | dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
