"""The database is the last judge: each constraint by name."""

import time
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction

from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.rules import coverage
from tests.domain.work import scene

pytestmark = pytest.mark.django_db
ENTRY = "(project_id, assignment_id, worker_id, started_at, seen_at, ended_at, ended_by)"
TIME = "(project_id, assignment_id, worker_id, claimed_micros, measured_seconds, paid_seconds, handed_in_at, correct_until)"
ASK = "(project_id, assignment_id, worker_id, seconds, reason, until"


def refused(statement: str) -> str | None:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        sql.write(statement)
    return error.value.__cause__.diag.constraint_name


@pytest.mark.parametrize(
    ("name", "statement"),
    [
        ("task_external_id_once", "INSERT INTO task (project_id, batch_id, external_id, data) VALUES (7, 1, 'x', '{}'), (7, 1, 'x', '{}')"),
        ("task_priority_range", "INSERT INTO task (project_id, batch_id, priority, data) VALUES (7, 1, -1, '{}')"),
        ("task_units_positive", "INSERT INTO task (project_id, batch_id, data, units) VALUES (7, 1, '{}', 0)"),
        ("gold_once", "INSERT INTO gold (project_id, pos, task_id, answers) VALUES (7, 1, 1, '{}'), (7, 2, 1, '{}')"),
        ("opened_task_within_most", "INSERT INTO opened_task (project_id, task_id, wanted, most) VALUES (7, 1, 3, 2)"),
        ("queue_once", "INSERT INTO queue (project_id, pos, task_id, open) VALUES (7, 1, 1, 1), (7, 2, 1, 1)"),
        ("queue_open_positive", "INSERT INTO queue (project_id, pos, task_id, open) VALUES (7, 1, 1, 0)"),
        ("short_queue_once", "INSERT INTO short_queue (project_id, rank, task_id, open) VALUES (7, 1, 1, 1), (7, 2, 1, 1)"),
        ("short_queue_open_positive", "INSERT INTO short_queue (project_id, rank, task_id, open) VALUES (7, 1, 1, 0)"),
        ("assignment_once", "INSERT INTO assignment (project_id, task_id, worker_id) VALUES (7, 1, 1), (7, 1, 1)"),
        ("assignment_state_known", "INSERT INTO assignment (project_id, task_id, worker_id, state) VALUES (7, 1, 1, 10)"),
        ("assignment_price_not_negative", "INSERT INTO assignment (project_id, task_id, worker_id, reward_micros) VALUES (7, 1, 1, -1)"),
        ("assignment_spare_not_negative", "INSERT INTO assignment (project_id, task_id, worker_id, spare_micros) VALUES (7, 1, 1, -1)"),
        ("rejection_code_of_the_list", "INSERT INTO rejection (project_id, assignment_id, code, reason, reopen_at) VALUES (7, 1, 'minority', 'x', now())"),
        ("rejection_contested_is_open", "INSERT INTO rejection (project_id, assignment_id, reason, reopen_at, contested, ended_at) VALUES (7, 1, 'x', now(), true, now())"),
        ("deferral_why_known", "INSERT INTO deferral (project_id, assignment_id, why, until) VALUES (7, 1, 'x', now())"),
        ("rework_state_known", "INSERT INTO rework (project_id, assignment_id, text, state, until, ended_at) VALUES (7, 1, 'x', 'lost', now(), now())"),
        ("rework_ended_or_asked", "INSERT INTO rework (project_id, assignment_id, text, state, until) VALUES (7, 1, 'x', 'delivered', now())"),
        ("rework_extra_not_negative", "INSERT INTO rework (project_id, assignment_id, text, state, until, extra_fee_micros) VALUES (7, 1, 'x', 'asked', now(), -1)"),
        ("time_entry_one_runs", f"INSERT INTO time_entry {ENTRY} VALUES (7, 1, 1, now(), now(), NULL, ''), (7, 2, 1, now(), now(), NULL, '')"),
        ("time_entry_forwards", f"INSERT INTO time_entry {ENTRY} VALUES (7, 1, 1, now(), now(), now() - interval '1 second', 'paused')"),
        ("time_entry_ended_by", f"INSERT INTO time_entry {ENTRY} VALUES (7, 1, 1, now(), now(), now(), 'tired')"),
        ("hourly_answer_not_negative", f"INSERT INTO hourly_answer {TIME} VALUES (7, 1, 1, 5, -1, 0, now(), now())"),
        ("hourly_answer_stated_with_reason", f"INSERT INTO hourly_answer {TIME[:-1]}, stated_seconds) VALUES (7, 1, 1, 5, 1, 0, now(), now(), 3)"),
        ("hourly_answer_extra_not_negative", f"INSERT INTO hourly_answer {TIME[:-1]}, extra_fee_micros) VALUES (7, 1, 1, 5, 1, 0, now(), now(), -3)"),
        ("time_request_once", f"INSERT INTO time_request {ASK}) VALUES (7, 1, 1, 5, 'x', now()), (7, 1, 1, 6, 'x', now())"),
        ("time_request_state_known", f"INSERT INTO time_request {ASK}, state, decided_at) VALUES (7, 1, 1, 5, 'x', now(), 'lost', now())"),
        ("time_request_decided_or_asked", f"INSERT INTO time_request {ASK}, state) VALUES (7, 1, 1, 5, 'x', now(), 'granted')"),
        ("time_request_refused_with_reason", f"INSERT INTO time_request {ASK}, state, decided_at, code, reply) VALUES (7, 1, 1, 5, 'x', now(), 'refused', now(), 'bad_work', 'x')"),
        ("time_request_not_negative", f"INSERT INTO time_request {ASK}) VALUES (7, 1, 1, 0, 'x', now())"),
    ],
)  # fmt: skip
def test_refused_by(name, statement):
    assert refused(statement) == name


def test_import_state_known():
    project = scene.running(1)
    assert (
        refused(
            "INSERT INTO import (project_id, source_name, kind, skip_bad, replace, state, rows_read, imported, gold,"
            " unchanged, replaced, bad_rows, stored_as, bad_stored_as)"
            f" VALUES ({project.id}, '', 'csv', false, false, 'lost', 0, 0, 0, 0, 0, 0, '', '')"
        )
        == "import_state_known"
    )


def test_enrolment_pseudonym_once():
    project = scene.running(1)
    scene.worker("ben", project), scene.worker("cyn", project)
    assert refused("UPDATE enrolment SET pseudonym = 'the same'") == "enrolment_pseudonym_once"


def test_opening_paid_within_committed():
    scene.running(1)
    assert refused("UPDATE opening SET paid_micros = committed_micros + 1") == "opening_paid_within_committed"


def test_the_rank_in_sql_is_that_of_the_rules():
    from tagwerk.domain.work import actions as work

    project = scene.running(0, budget="100.00")
    rows = [{"text": "a", "_priority": 3, "_deadline": "2200-01-01T00:00:00+01:00"}, {"text": "b", "_priority": 7},
            {"text": "c", "_deadline": "2200-01-01T00:00:00.5+00:00"}, {"text": "d"}]  # fmt: skip
    work.add_tasks(project_id=project.id, rows=rows)
    for rank, priority, seconds in sql.rows(
        """SELECT q.rank, t.priority, floor(extract(epoch FROM t.deadline))::bigint FROM task t
            JOIN (SELECT task_id, rank FROM queue UNION ALL SELECT task_id, rank FROM short_queue) q ON q.task_id = t.id"""
    ):
        assert rank == coverage.rank(priority=priority, deadline_seconds=seconds)


def test_no_claim_reads_more_with_more_tasks(database_urls: Any):
    """With 100,000 open tasks and statistics from when there were none, each step of a claim is a look into an index."""
    # What other tests rolled back still fills pages: an empty table of many pages is taken for one that stays empty.
    with psycopg.connect(database_urls.superuser, autocommit=True) as superuser:
        superuser.execute("VACUUM (ANALYZE) queue, assignment, task, gold, short_queue")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO queue (project_id, pos, task_id, open) SELECT 7, n, n, 3 FROM generate_series(1, 100000) n"
        )
        cursor.execute(
            "INSERT INTO assignment (project_id, task_id, worker_id) SELECT 7, n, 1 FROM generate_series(1, 20000) n"
        )
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute(
            """EXPLAIN (FORMAT TEXT) SELECT x.pos, x.task_id, x.open FROM queue x
                WHERE x.project_id = 7 AND x.pos > 20000 AND x.pos <= 20256 AND (SELECT 1 FROM assignment z
                    WHERE z.project_id = 7 AND z.task_id = x.task_id AND z.worker_id = 1) IS NULL
                ORDER BY x.pos LIMIT 1 FOR UPDATE SKIP LOCKED"""
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Seq Scan" not in plan and "Sort" not in plan
    assert "Index Scan using" in plan and "assignment_once" in plan


def test_the_functions_forbid_sequential_scans():
    settings = dict(
        sql.rows(
            "SELECT proname, proconfig::text FROM pg_proc WHERE proname IN ('work_cycle', 'work_give_up', 'work_change')"
        )
    )
    assert all("enable_seqscan=off" in one and "enable_bitmapscan=off" in one for one in settings.values())
    assert len(settings) == 3


def updates_of(*tables: str) -> dict[str, tuple[int, int]]:
    """Table → updates, and how many of them were HOT."""
    return {
        name: (updates, hot)
        for name, updates, hot in sql.rows(
            "SELECT relname, n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = ANY(%s)",
            [list(tables)],
        )
    }


@pytest.mark.django_db(transaction=True)
def test_a_submit_updates_in_place():
    """Assignment and enrolment keep their pages: the updates of a cycle are HOT, no index is written."""
    project = scene.running(60, quality=scene.answers(3))
    ben = scene.worker("ben", project)
    held = scene.taken(ben, project)
    before = updates_of("assignment", "enrolment")
    for _ in range(50):
        held = scene.submit(held, ben, then=True).next
    for _ in range(50):
        connection.close()  # a session tells its statistics when it ends
        after = updates_of("assignment", "enrolment")
        if all(after[name][0] >= before[name][0] + 50 for name in after):
            break
        time.sleep(0.1)
    for name in after:
        updates, hot = (now - then for now, then in zip(after[name], before[name], strict=True))
        assert updates >= 50 and hot >= 0.9 * updates, (name, updates, hot)
