"""What the kill rounds do inside the instance, as its own processes: `python -m tests.faults.inside prepare | look`."""

import json
import sys
from typing import Any

from tagwerk.config.machinery import Machinery

WORKERS = 6
DEPOSIT_MICROS = 10_000_000_000


def prepare() -> dict[str, Any]:
    """Who orders and who works, with their keys."""
    from tagwerk.interfaces.cli import local

    requester = local.local_requester("Kill rounds", "rounds@example.org")
    local.deposit(requester, DEPOSIT_MICROS, "EUR", "kill-rounds")
    return {"requester": requester.key, "workers": list(local.simulated_keys(WORKERS, "killed"))}


def look(project: str) -> dict[str, Any]:
    """Everything that must be true when all is settled, read from the tables themselves."""
    from tagwerk.base.ids import public_id, row_number
    from tagwerk.base.jobs import parked_jobs
    from tagwerk.domain.ledger import queries as ledger
    from tagwerk.domain.work import queries as work

    number = row_number("prj", project)
    covered = work.coverage(number)
    answers = _rows(
        "select a.id, w.revision, w.answers, a.state from assignment a join answer w"
        " on w.project_id = a.project_id and w.assignment_id = a.id where a.project_id = %s order by 1, 2",
        number,
    )
    return {
        "answers": [
            [public_id("asg", id), revision, json.loads(text), state] for id, revision, text, state in answers
        ],
        "paid_twice_or_never": _rows(_PAID, number),
        "strange_transfers": _rows(_STRANGE, number),
        "trial_balance": ledger.trial_balance(),
        "drift": [str(drift) for drift in ledger.drift()],
        "reserved": covered.reserved_micros,
        "needed": covered.needed_micros,
        "over_assigned": _rows(_OVER_ASSIGNED, number),
        "stuck": _rows(_STUCK, number),
        "not_fed_once": _rows(_NOT_FED_ONCE, number),
        "gaps_in_the_feed": _rows(_GAPS, number),
        "facts_unhandled": _rows("select id, name from event where handled_at is null"),
        "parked": [[job.what, job.error[-300:]] for job in parked_jobs()],
    }


def standstill(project: str) -> dict[str, Any]:
    """What there is to see when nothing moves any more: jobs, workers, connections, what waits for judging."""
    from tagwerk.base.ids import row_number

    return {name: _rows(question, row_number("prj", project)) for name, question in _STANDSTILL.items()}


def _rows(question: str, *project: int) -> list[list[Any]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(question.replace("%s", "%(project)s"), {"project": project[0] if project else 0})
        return [[_plain(value) for value in row] for row in cursor.fetchall()]


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int | str) else json.dumps(value, default=str)


# Every approved answer is paid by one transfer to its worker and one for the fee, of its own price, and no other is.
_PAID = """
select a.id, a.state, count(t.id), coalesce(sum(t.amount_micros), 0)::bigint
from assignment a left join ledger_transfer t on t.ref_type = 'assignment' and t.ref_id = a.id::text
where a.project_id = %s group by a.id, a.state, a.reward_micros, a.fee_micros
having case when a.state = 2 then count(t.id) <> 2 or sum(t.amount_micros) <> a.reward_micros + a.fee_micros
    else count(t.id) <> 0 end
"""
_STRANGE = """
select t.ref_id, t.code from ledger_transfer t where t.ref_type = 'assignment' and not exists
(select from assignment a where a.project_id = %s and a.id::text = t.ref_id and a.state = 2)
"""
_OVER_ASSIGNED = """
select o.task_id, o.most, count(*) from opened_task o
join assignment a on a.project_id = o.project_id and a.task_id = o.task_id and a.state in (0, 1, 2) and not a.is_gold
where o.project_id = %s group by 1, 2 having count(*) > o.most
"""
# Open, but neither in the queue nor with enough people who have it or have answered it.
_STUCK = """
select o.task_id, o.wanted from opened_task o where o.project_id = %s and not o.closed
and not exists (select from queue q where q.project_id = o.project_id and q.task_id = o.task_id)
and not exists (select from short_queue q where q.project_id = o.project_id and q.task_id = o.task_id)
and o.wanted > (select count(*) from assignment a where a.project_id = o.project_id and a.task_id = o.task_id
    and a.state in (0, 1, 2))
"""
_NOT_FED_ONCE = """
select a.id, a.state, count(f.seq) from assignment a
left join answer_feed f on f.project_id = a.project_id and f.assignment_id = a.id
where a.project_id = %s and a.state in (1, 2) group by 1, 2 having count(f.seq) <> 1
"""
_GAPS = """
select count(*), max(seq) from answer_feed where project_id = %s having count(*) <> coalesce(max(seq), 0)
"""
_STANDSTILL = {
    "jobs": "select id, status::text, queueing_lock, lock, attempts, worker_id, scheduled_at - now(), args from procrastinate_jobs",
    "workers": "select id, now() - last_heartbeat from procrastinate_workers",
    "connections": "select pid, application_name, state, wait_event, now() - state_change, left(query, 200) from pg_stat_activity"
    " where datname = current_database()",
    "locks": "select locktype, pid, mode, granted, classid::bigint, objid::bigint from pg_locks where locktype = 'advisory'",
    "tasks": "select state, count(*) from judgement where project_id = %s group by 1",
    "open": "select o.closed, count(*) from opened_task o where project_id = %s group by 1",
    "queue": "select count(*), min(pos), max(pos) from queue where project_id = %s",
    "enrolments": "select to_jsonb(e) from enrolment e where project_id = %s",
    "stuck": _STUCK,
}

if __name__ == "__main__":
    with Machinery().database(join=True):
        found = {"prepare": prepare, "look": look, "standstill": standstill}[sys.argv[1]](*sys.argv[2:])
        sys.stdout.write(json.dumps(found) + "\n")
