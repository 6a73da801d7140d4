"""What can be counted about the thresholds of Fairwork, since a moment; read once a day."""

from datetime import datetime
from typing import Any

from tagwerk.domain.accounts.rules import Channel
from tagwerk.domain.payments import queries as payments
from tagwerk.domain.quality.rules.appeals import AppealState
from tagwerk.domain.quality.rules.openness import LEAST_PEOPLE, LONG_WEEK_HOURS, OF_COUNTRY, Fact
from tagwerk.domain.quality.rules.words import ObjectionState
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.rules.states import State

PEOPLES_CHANNELS = [int(Channel.PAGE), int(Channel.SIMULATION)]  # programs do not tire


def counted_evidence(since: datetime) -> dict[str, Fact | None]:
    """Every fact by its name, however few people it rests on; None: there is nothing of it."""
    values = {"since": since, "channels": PEOPLES_CHANNELS}
    facts = {name: _fact(query, parts, values) for name, (query, parts) in _FACTS.items()}
    return {**facts, "terms": _terms(values), "holds": _holds(since), **_countries(values)}


def _fact(query: str, parts: tuple[str, ...], values: dict[str, Any]) -> Fact | None:
    people, count, *rest = sql.rows(query, values)[0]
    if not count:
        return None
    return Fact(people, count, {name: int(value or 0) for name, value in zip(parts, rest, strict=True)})


def _terms(values: dict[str, Any]) -> Fact | None:
    """How many versions there were, how many people have agreed to any, and how many to the newest, unless they are few."""
    rows = sql.rows(_TERMS, values)
    people = sql.value("SELECT count(DISTINCT person_id) FROM consent WHERE document = 'terms'", [])
    newest = {version: agreed for version, agreed in rows[-1:] if agreed >= LEAST_PEOPLE}
    return Fact(people, len(rows), newest) if rows else None


def _holds(since: datetime) -> Fact | None:
    people, count, by_rule = payments.held_since(since)
    return Fact(people, count, {"by_rule": by_rule}) if count else None


def _countries(values: dict[str, Any]) -> dict[str, Fact | None]:
    """How often people of each country are rejected."""
    return {
        OF_COUNTRY + country: Fact(people, answers, {"rejected": rejected})
        for country, people, answers, rejected in sql.rows(_COUNTRIES, values)
    }


_EDGES = ", ".join(str(hours) for hours in LONG_WEEK_HOURS)
_WEEKS = f"""
SELECT count(DISTINCT worker_id), count(*),
    {", ".join(f"count(*) FILTER (WHERE span = {place})" for place in range(len(LONG_WEEK_HOURS) + 1))}
FROM (SELECT a.worker_id, width_bucket(sum(a.active_ms) / 3600000.0, ARRAY[{_EDGES}]::numeric[]) AS span
    FROM assignment a WHERE a.submitted_at > %(since)s AND a.active_ms > 0 AND a.channel = ANY(%(channels)s)
    GROUP BY a.worker_id, date_trunc('week', a.submitted_at AT TIME ZONE 'UTC')) weeks
"""  # noqa: S608 (only our own numbers)
_DECIDED = f"""FROM project p JOIN assignment a ON a.project_id = p.id
WHERE p.launched_at IS NOT NULL AND p.paid AND a.decided_at > %(since)s AND a.state IN ({State.APPROVED}, {State.REJECTED})
    AND a.channel = ANY(%(channels)s) AND a.active_ms > 0"""
_UNPAID = f"""
SELECT count(DISTINCT a.worker_id), coalesce(sum(a.active_ms), 0)::bigint,
    coalesce(sum(a.active_ms) FILTER (WHERE a.state = {State.REJECTED}), 0)::bigint {_DECIDED}
"""
_TESTS = """
SELECT count(DISTINCT t.person_id), count(*), count(*) FILTER (WHERE e.minutes > 10),
    count(*) FILTER (WHERE EXISTS (SELECT FROM test_pay y WHERE y.attempt_id = t.id AND y.paid))
FROM entry_test_attempt t JOIN entry_test e ON e.id = t.test_id WHERE t.finished_at > %(since)s
"""
_GUARANTEED = """
SELECT count(DISTINCT worker_id), count(*), count(*) FILTER (WHERE paid_at IS NOT NULL) FROM top_up WHERE found_at > %(since)s
"""
_SENSITIVE = """
SELECT count(DISTINCT a.worker_id), count(*), count(*) FILTER (WHERE e.consented_at IS NOT NULL),
    count(*) FILTER (WHERE p.answers_a_day IS NOT NULL)
FROM project p JOIN assignment a ON a.project_id = p.id
JOIN enrolment e ON e.project_id = a.project_id AND e.worker_id = a.worker_id
WHERE p.sensitivity >= 2 AND a.submitted_at > %(since)s AND a.channel = ANY(%(channels)s)
"""
_STOPPED = f"""
SELECT count(DISTINCT a.worker_id), count(*), count(*) FILTER (WHERE a.reward_micros > 0 AND a.decided_at IS NOT NULL)
FROM assignment a JOIN person w ON w.id = a.worker_id AND w.kind <> 'model'
WHERE a.state = {State.STOPPED} AND a.claimed_at > %(since)s
"""  # noqa: S608 (only our own numbers)
_RETURNED = f"""
SELECT count(*) FILTER (WHERE n > 0), coalesce(sum(n), 0)::bigint, coalesce(sum(taken), 0)::bigint, count(*) FILTER (WHERE n > 0 AND last > first)
FROM (SELECT a.worker_id, count(*) AS taken, count(*) FILTER (WHERE a.state IN ({State.RETURNED}, {State.SKIPPED})) AS n,
        min(a.id) FILTER (WHERE a.state IN ({State.RETURNED}, {State.SKIPPED})) AS first, max(a.id) AS last
    FROM assignment a JOIN person w ON w.id = a.worker_id AND w.kind <> 'model'
    WHERE a.claimed_at > %(since)s AND a.state <> {State.BARRED} GROUP BY a.worker_id) of_workers
"""  # noqa: S608 (only our own numbers)
_REJECTIONS = """
SELECT count(DISTINCT a.worker_id), count(*), count(*) FILTER (WHERE r.code <> ''), count(*) FILTER (WHERE r.reason <> '')
FROM rejection r JOIN assignment a ON a.project_id = r.project_id AND a.id = r.assignment_id WHERE r.rejected_at > %(since)s
"""
_ANSWERED = """
SELECT count(DISTINCT worker_id), count(*), count(*) FILTER (WHERE state = '{granted}'), count(*) FILTER (WHERE state = '{refused}'),
    count(*) FILTER (WHERE state = '{lapsed}'), count(*) FILTER (WHERE decided_by_id IS NOT NULL AND NOT same_person),
    round((percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM decided_at - made_at)))::numeric)::bigint
FROM {table} WHERE made_at > %(since)s AND state NOT IN ('{open}', '{withdrawn}')
"""
_APPEALS = _ANSWERED.format(table="appeal", **{one.value: one.value for one in AppealState})
_OBJECTIONS = _ANSWERED.format(table="pause_objection", **{one.value: one.value for one in ObjectionState})
_AUDIENCES = """
SELECT (SELECT count(DISTINCT e.worker_id) FROM enrolment e JOIN project q ON q.id = e.project_id WHERE q.launched_at > %(since)s),
    count(*), count(*) FILTER (WHERE jsonb_array_length(coalesce(nullif(p.audience -> 'countries', 'null'), '[]')) > 0),
    count(*) FILTER (WHERE coalesce(p.audience ->> 'languages', '') NOT IN ('', '{}', 'null')),
    count(*) FILTER (WHERE coalesce(p.audience ->> 'qualifications', '') NOT IN ('', '{}', 'null'))
FROM project p WHERE p.launched_at > %(since)s
"""
_TERMS = """
SELECT version, count(DISTINCT person_id) FROM consent WHERE document = 'terms' GROUP BY version ORDER BY min(given_at)
"""
_COUNTRIES = f"""
SELECT w.country, count(DISTINCT a.worker_id), count(*), count(*) FILTER (WHERE a.state = {State.REJECTED})
FROM project p JOIN assignment a ON a.project_id = p.id JOIN person w ON w.id = a.worker_id
WHERE p.launched_at IS NOT NULL AND a.decided_at > %(since)s AND a.state IN ({State.APPROVED}, {State.REJECTED})
    AND a.channel = ANY(%(channels)s) AND w.country <> '' GROUP BY w.country ORDER BY 2 DESC, 1
"""  # noqa: S608 (only our own numbers)
_SPANS = tuple(f"from_{hours}" for hours in (0, *LONG_WEEK_HOURS))
_OF_DECISIONS = ("granted", "refused", "lapsed", "by_another", "median_seconds")
_FACTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "weeks": (_WEEKS, _SPANS), "unpaid_time": (_UNPAID, ("rejected_ms",)), "entry_tests": (_TESTS, ("long", "paid")),
    "guaranteed_weeks": (_GUARANTEED, ("paid",)), "sensitive_answers": (_SENSITIVE, ("consented", "capped")),
    "stopped_tasks": (_STOPPED, ("paid",)), "returned_tasks": (_RETURNED, ("taken", "people_who_went_on")),
    "rejections": (_REJECTIONS, ("of_the_list", "with_words")), "appeals": (_APPEALS, _OF_DECISIONS),
    "objections": (_OBJECTIONS, _OF_DECISIONS), "audiences": (_AUDIENCES, ("countries", "languages", "qualifications")),
}  # fmt: skip
