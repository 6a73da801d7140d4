"""What follows when a control rule holds for a worker. Nothing here refuses an answer or takes pay away."""

from collections.abc import Collection, Iterable, Mapping

from django.db import connection, transaction
from django.db.models.functions import Now

from tagwerk.base.events import record
from tagwerk.domain.academy import actions as academy
from tagwerk.domain.designs.rules.control import Rule
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.quality.actions.ending import end_pause
from tagwerk.domain.quality.actions.locking import wait_for_judge
from tagwerk.domain.quality.events import GoldFailed, RuleFired
from tagwerk.domain.quality.models import Intervention, Signal, WorkerRecord
from tagwerk.domain.quality.queries.control import classes_of, rules_of
from tagwerk.domain.quality.queries.workers import gold_of_workers
from tagwerk.domain.quality.rules.control import Figures, guesses_by, pause_code, share_figures, share_holds
from tagwerk.domain.quality.rules.gold import Record
from tagwerk.domain.quality.rules.words import ObjectionState, SignalKind, SignalState, Step
from tagwerk.domain.work import actions as work

Changes = Mapping[tuple[int, str], tuple[Record, Record]]
Hit = tuple[int, Figures]
ON_RECORDS = ("guessing", "gold")  # looked at as soon as gold is scored, on all gold that was ever answered
MOST_TASKS = 200  # of a worker that get another answer


def fire_gold_rules(project: ProjectView, changes: Changes) -> set[int]:
    """Let the rules about gold act on records that have just changed; who is paused now. A rule acts when it begins to
    hold: a member who lets somebody go on has decided that."""
    paused: set[int] = set()
    for rule in rules_of(project):
        if rule.collector not in ON_RECORDS or rule.last is not None:
            continue
        hits = (
            _guessers(project, rule, changes)
            if rule.collector == "guessing"
            else _wrong(project, rule, changes)
        )
        for worker_id, figures in hits:
            if act(project, rule, worker_id, figures) and rule.action == "pause":
                paused.add(worker_id)
                _tell_gold(project, worker_id, figures)
    return paused


def _guessers(project: ProjectView, rule: Rule, changes: Changes) -> Iterable[Hit]:
    classes = classes_of(project)
    for (worker_id, question), (before, after) in changes.items():
        if rule.question not in (None, question):
            continue
        was, now = (guesses_by(rule, one, classes.get(question, 0)) for one in (before, after))
        if now and not was:
            yield worker_id, {**share_figures(after.correct, after.seen), "question": question}


def _wrong(project: ProjectView, rule: Rule, changes: Changes) -> Iterable[Hit]:
    """The share over all questions, or of one."""
    whole = gold_of_workers(project.id, {worker_id for worker_id, _ in changes}) if not rule.question else {}
    for worker_id in sorted({worker_id for worker_id, _ in changes}):
        mine = {q: pair for (w, q), pair in changes.items() if w == worker_id and rule.question in (None, q)}
        if not mine:
            continue
        right, seen = whole.get(worker_id) or next((now.correct, now.seen) for _, now in mine.values())
        new_right = sum(now.correct - was.correct for was, now in mine.values())
        new_seen = sum(now.seen - was.seen for was, now in mine.values())
        if share_holds(rule, right, seen) and not share_holds(rule, right - new_right, seen - new_seen):
            yield worker_id, share_figures(right, seen)


def end_cleared_pauses(project: ProjectView, worker_ids: Collection[int]) -> None:
    """Let those go on whom a rule about gold paused and who, by what counts now, are no such case."""
    running = Intervention.objects.filter(
        project_id=project.id, worker_id__in=worker_ids, step=Step.PAUSE, ended_at=None,
        rule__collector__in=ON_RECORDS,
    )  # fmt: skip
    for row in running.order_by("worker_id"):
        if not _holds(project, Rule.model_validate(row.rule), row.worker_id):
            end_pause(
                project_id=project.id,
                worker_id=row.worker_id,
                actor_id=None,
                objection=ObjectionState.GRANTED,
            )


def _holds(project: ProjectView, rule: Rule, worker_id: int) -> bool:
    """Whether a rule about gold holds for a worker's records as they are."""
    rows = WorkerRecord.objects.filter(project_id=project.id, worker_id=worker_id)
    records = {
        row.question: Record(row.gold_seen, row.gold_correct, row.by_chance)
        for row in rows
        if rule.question in (None, row.question)
    }
    if rule.collector == "guessing":
        classes = classes_of(project)
        return any(guesses_by(rule, one, classes.get(name, 0)) for name, one in records.items())
    right, seen = sum(one.correct for one in records.values()), sum(one.seen for one in records.values())
    return share_holds(rule, right, seen)


def _tell_gold(project: ProjectView, worker_id: int, figures: Figures) -> None:
    if "question" in figures:
        record(
            GoldFailed(
                organisation_id=project.organisation_id, project_id=project.id, worker_id=worker_id,
                question=figures["question"], seen=figures["answers"], correct=figures["right"],
            )
        )  # fmt: skip


@transaction.atomic
def act(project: ProjectView, rule: Rule, worker_id: int, figures: Figures, *, up_to: int = 0) -> bool:
    """Do what a rule says; False: there was nothing to do, such as for who is paused already."""
    if rule.action == "more_answers":  # before any row is locked, as judging does
        wait_for_judge(project_id=project.id)
    if not STEPS[rule.action](project, rule, worker_id, figures, up_to):
        return False
    if rule.action == "pause":
        end_stale_pauses(project.id, worker_id)
    if rule.action == "review":
        up_to = max(up_to, _newest(project.id, worker_id))
    Intervention.objects.create(
        project_id=project.id, worker_id=worker_id, step=Step(rule.action), figures=figures, up_to=up_to,
        rule=rule.model_dump(mode="json", exclude_none=True), rule_key=rule.key,
    )  # fmt: skip
    record(
        RuleFired(
            organisation_id=project.organisation_id, project_id=project.id, worker_id=worker_id,
            collector=rule.collector, action=rule.action,
        )
    )  # fmt: skip
    return True


def end_stale_pauses(project_id: int, worker_id: int) -> None:
    """Who is paused only now was not before, whatever is written: a pause may have been ended elsewhere."""
    running = Intervention.objects.filter(
        project_id=project_id, worker_id=worker_id, step=Step.PAUSE, ended_at=None
    )
    running.update(ended_at=Now())


def _pause(project: ProjectView, rule: Rule, worker_id: int, _figures: Figures, _up_to: int) -> bool:
    paused = work.pause_worker(project_id=project.id, worker_id=worker_id, reason=pause_code(rule))
    if paused and rule.until == "test" and rule.qualification:
        academy.ask_test_again(
            organisation_id=project.organisation_id, slug=rule.qualification, person_id=worker_id
        )
    return paused


def _signal(project: ProjectView, rule: Rule, worker_id: int, figures: Figures, up_to: int) -> bool:
    write_signal(
        project_id=project.id, worker_id=worker_id, kind=SignalKind.RULE, about=rule.key,
        figures={**figures, "rule": rule.model_dump(mode="json", exclude_none=True)}, evidence=[], up_to=up_to,
    )  # fmt: skip
    return True


def _more_answers(project: ProjectView, _rule: Rule, worker_id: int, _figures: Figures, _up_to: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            _LEAST,
            {"project": project.id, "worker": worker_id, "most": project.answers_max, "limit": MOST_TASKS},
        )
        return bool(cursor.rowcount)


def _review(_project: ProjectView, _rule: Rule, _worker_id: int, _figures: Figures, _up_to: int) -> bool:
    return True  # the queue of reviews reads the intervention


def _newest(project_id: int, worker_id: int) -> int:
    """The newest task that a worker took: what comes after it comes next."""
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, {"project": project_id, "worker": worker_id})
        found = cursor.fetchone()
    return int(found[0]) if found else 0


def _grant(project: ProjectView, rule: Rule, worker_id: int, _figures: Figures, _up_to: int) -> bool:
    assert rule.qualification is not None, "a grant names what it grants"
    return academy.grant_by_rule(
        organisation_id=project.organisation_id, slug=rule.qualification, person_id=worker_id,
        score=100 if rule.score is None else rule.score,
    )  # fmt: skip


def _revoke(project: ProjectView, rule: Rule, worker_id: int, _figures: Figures, _up_to: int) -> bool:
    assert rule.qualification is not None, "who revokes names what"
    return academy.revoke_by_rule(
        organisation_id=project.organisation_id, slug=rule.qualification, person_id=worker_id
    )


STEPS = {
    "pause": _pause,
    "signal": _signal,
    "more_answers": _more_answers,
    "review": _review,
    "grant": _grant,
    "revoke": _revoke,
}


def write_signal(
    *,
    project_id: int,
    worker_id: int,
    kind: str,
    about: str,
    figures: Figures,
    evidence: list[list[int]],
    up_to: int,
) -> None:
    """Keep a signal; one that is known gets the newer figures. One that was dismissed comes again only with new evidence."""
    new = {"figures": figures, "evidence": evidence, "up_to": up_to}
    row, made = Signal.objects.get_or_create(
        project_id=project_id, worker_id=worker_id, kind=kind, about=about, defaults=new
    )
    if made or row.up_to >= up_to:
        return
    again = {"state": SignalState.OPEN, "decided_at": None, "decided_by_id": None, "found_at": Now()}
    back = again if row.state == SignalState.DISMISSED else {}
    Signal.objects.filter(id=row.id).update(**new, **back)


_NEWEST = """SELECT id FROM assignment WHERE worker_id = %(worker)s AND project_id = %(project)s ORDER BY id DESC LIMIT 1"""
_LEAST = """
UPDATE judgement j SET least = j.answers + 1, recheck = 2 FROM (
    SELECT x.task_id FROM worker_answer x WHERE x.project_id = %(project)s AND x.worker_id = %(worker)s AND NOT x.is_gold
    ORDER BY x.assignment_id DESC LIMIT %(limit)s) t
WHERE j.project_id = %(project)s AND j.task_id = t.task_id AND j.state <> 'open' AND j.answers < %(most)s
    AND j.least <= j.answers
"""
