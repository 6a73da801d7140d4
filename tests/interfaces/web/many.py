"""Ten thousand rows of whatever is long by nature, written into a scene at once: for pictures and plans of full pages."""

from typing import Any
from uuid import uuid4

from django.db import connection, transaction

from tagwerk.base.ids import row_number
from tagwerk.domain.ledger import actions as ledger
from tagwerk.domain.ledger.rules import Entry, available, prepaid, reserved
from tagwerk.domain.work import actions as work
from tests.interfaces.web.scene import Scene
from tests.orders import deposit
from tests.people import person

MANY = 10_000

PEOPLE = """INSERT INTO person (password, uuid, email, display_name, kind, country, time_zone, ui_language, mail_level,
 preferences, is_operator, is_active, email_verified_at, adult_confirmed_at)
 SELECT '', gen_random_uuid(), 'worker' || n || '@example.org', 'Worker ' || n, 'person', 'DE', 'Europe/Berlin', 'en',
 'all', '{}', false, n %% 50 > 0, now(), now() FROM generate_series(1, %(many)s) n"""
ORGANISATIONS = """INSERT INTO organisation (name, country, currency, created_by_id, approved_at)
 SELECT 'Organisation ' || n, 'DE', 'EUR', %(ada)s, CASE WHEN n %% 20 > 0 THEN now() END FROM generate_series(1, 1000) n"""
MEMBERS = """INSERT INTO membership (organisation_id, person_id, role)
 SELECT %(org)s, id, 'viewer' FROM person WHERE email LIKE 'worker%%' ORDER BY id LIMIT 300"""
ENROLMENTS = """INSERT INTO enrolment (project_id, worker_id, seed, submitted, eligible, held, reasons, pseudonym)
 SELECT %(project)s, id, id, 1, true, '{}', '{}', 'W-M' || lpad(id::text, 7, '0') FROM person
 WHERE email LIKE 'worker%%'"""
ASSIGNMENTS = """INSERT INTO assignment (project_id, task_id, worker_id, reward_micros, fee_micros, design_id, claimed_at,
 submitted_at, judged_from, decided_at, digest, active_ms, instructions_version, state, channel)
 SELECT project_id, id, {worker}, 100000, 20000, %(design)s, {at}, {at}, {at}, CASE WHEN {state} = 2 THEN {at} END,
 gen_random_uuid(), 4000 + id %% 9000, 1, {state}, 1 FROM task WHERE project_id = %(project)s
 AND id > (SELECT min(id) + 3 FROM task WHERE project_id = %(project)s)"""
SINCE = "now() - (id %% 8000) * interval '15 minutes'"
ANSWERS = """INSERT INTO answer (project_id, assignment_id, task_id, worker_id, design_id, instructions_version, active_ms,
 revision, channel, answers, submitted_at) SELECT a.project_id, a.id, a.task_id, a.worker_id, a.design_id, 1, a.active_ms, 0, 1,
 jsonb_build_object('sentiment', (ARRAY['positive', 'neutral', 'negative'])[1 + a.task_id %% 3]), a.submitted_at
 FROM assignment a WHERE a.project_id = %(project)s AND NOT EXISTS (SELECT FROM answer b
 WHERE (b.project_id, b.assignment_id) = (a.project_id, a.id)) AND a.submitted_at IS NOT NULL"""
JUDGEMENTS = """INSERT INTO judgement (project_id, task_id, state, answers, wanted, confidence, recheck)
 SELECT project_id, id, 'done', 2, 2, 0.97, 0 FROM task WHERE project_id = %(project)s ON CONFLICT DO NOTHING"""
RESULTS = """INSERT INTO result (project_id, task_id, question, value, confidence, agreement, answers, tied, source, reason)
 SELECT project_id, id, 'sentiment', to_json((ARRAY['positive', 'neutral', 'negative'])[1 + id %% 3]), 0.5 + (id %% 50) / 100.0, 1,
 2, false, 'vote', '' FROM task WHERE project_id = %(project)s ON CONFLICT DO NOTHING"""
HOURS = """INSERT INTO work_hour (project_id, hour, answers, gold_answers, active_ms, workers)
 SELECT %(project)s, date_trunc('hour', h, 'UTC'), 40 + (extract(hour FROM h)::int * 7) %% 30, 4, 600000, 12
 FROM generate_series(now() - interval '7 days', now(), interval '1 hour') h ON CONFLICT DO NOTHING"""
TIMES = """INSERT INTO active_time (project_id, bucket, answers)
 SELECT %(project)s, b, 1600 - 200 * abs(b - 5) FROM generate_series(1, 9) b ON CONFLICT DO NOTHING"""
TRANSFERS = """INSERT INTO ledger_transfer (id, event, kind, debit_id, credit_id, currency, amount_micros, code, ref_type,
 ref_id) SELECT gen_random_uuid(), gen_random_uuid(), 'single', d.id, c.id, 'EUR', 10000, %(code)s, %(ref)s, %(about)s
 FROM ledger_account d, ledger_account c, generate_series(1, %(many)s) WHERE d.code = %(debit)s AND c.code = %(credit)s"""
EVENTS = """INSERT INTO event (name, version, happened_at, actor_id, organisation_id, project_id, facts, handled_at)
 SELECT 'AnswerRejected', 1, now(), %(ada)s, %(org)s, %(project)s, json_build_object('person_id', %(ben)s,
 'reason', 'This is not about the text.')::jsonb, now() FROM generate_series(1, %(many)s)"""
NOTICES = """INSERT INTO notice (person_id, kind, params, link, key, told_at) SELECT p, 'organisation_approved',
 '{"organisation": "Acme"}', '', '', now() - (%(many)s - n) * interval '1 hour' FROM generate_series(1, %(many)s) n,
 unnest(ARRAY[%(ada)s, %(ben)s]) p"""
THREADS = """INSERT INTO thread (project_id, task_id, worker_id, last_author)
 SELECT %(project)s, t.id, p.id, 'worker' FROM
 (SELECT id, row_number() OVER (ORDER BY id) n FROM person WHERE email LIKE 'worker%%') p
 JOIN (SELECT id, row_number() OVER (ORDER BY id) n FROM task WHERE project_id = %(project)s) t USING (n)"""
HOLDINGS = """INSERT INTO holding (person_id, qualification_id, score, source, revoked)
 SELECT id, %(qualification)s, 80, 'granted', false FROM person WHERE email LIKE 'worker%%'"""
DELIVERIES = """INSERT INTO delivery (endpoint_id, event, body, key, state, attempts, claim, error, log,
 delivered_at, response_status) SELECT %(webhook)s, 'result.ready', '{"type": "result.ready"}', '', 'delivered', 1, 0, '', '[]', now(), 200
 FROM generate_series(1, %(many)s)"""
JOBS = """INSERT INTO procrastinate_jobs (queue_name, task_name, status)
 SELECT 'default', 'x', 'failed' FROM generate_series(1, 2000)"""


def fill(scene: Scene) -> None:
    """Fill the scene's project, its people and their books."""
    project = scene.made
    deposit(10_000_000_000)
    work.import_tasks(project_id=project.id, rows=[{"text": f"Text number {n}"} for n in range(MANY)])
    known: dict[str, Any] = {
        "many": MANY,
        "project": project.id,
        "design": project.design_id,
        "org": scene.organisation_id,
        "ada": person("ada").id,
        "ben": person("ben").id,
        "qualification": row_number("qlf", scene.ids["qualification"]),
        "webhook": row_number("whk", scene.ids["webhook"]),
    }
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in (PEOPLE, ORGANISATIONS, MEMBERS, ENROLMENTS):
            cursor.execute(statement, known)
        cursor.execute(ASSIGNMENTS.format(worker="%(ben)s", state=2, at=SINCE), known)
        second = "(SELECT max(id) FROM person)"
        cursor.execute(ASSIGNMENTS.format(worker=second, state=1, at=SINCE), known)
        for statement in (
            ANSWERS,
            JUDGEMENTS,
            RESULTS,
            HOURS,
            TIMES,
            EVENTS,
            NOTICES,
            THREADS,
            HOLDINGS,
            DELIVERIES,
            JOBS,
        ):
            cursor.execute(statement, known)
        mine, set_aside = prepaid(scene.organisation_id, "EUR").code, reserved(project.id, "EUR").code
        pay = available(person("ben").id, "EUR").code
        ledger.transfer(entries=[_entry(set_aside, pay)])  # opens the account
        for code, debit, credit in (("reserve", mine, set_aside), ("approved", set_aside, pay)):
            about = {
                "code": code,
                "debit": debit,
                "credit": credit,
                "ref": "project",
                "about": str(project.id),
            }
            cursor.execute(TRANSFERS, known | about)


def _entry(debit: str, credit: str) -> Entry:
    number = uuid4()
    return Entry(
        id=number,
        event=number,
        kind="single",
        debit=debit,
        credit=credit,
        currency="EUR",
        amount_micros=10_000,
        code="approved",
    )
