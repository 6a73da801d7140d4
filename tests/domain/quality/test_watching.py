"""Rules act on what was judged, on a real database: who is paused, told, granted, asked again, and what not."""

from contextlib import contextmanager

import pytest

from tagwerk.base.errors import Refusal
from tagwerk.base.models import StoredEvent
from tagwerk.config.reactions import BY_NAME, REACTIONS
from tagwerk.domain.academy import actions as academy
from tagwerk.domain.academy import queries as academy_queries
from tagwerk.domain.designs import actions as designs
from tagwerk.domain.designs.rules.control import Rule
from tagwerk.domain.notices.models import Notice
from tagwerk.domain.projects import actions as projects_actions
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.quality import queries
from tagwerk.domain.quality.models import Intervention, Judgement, Signal, WorkerAnswer, WorkerWatch
from tagwerk.domain.quality.queries.control import preview_rule
from tagwerk.domain.work.models import Enrolment
from tests.orders import project_file
from tests.people import actor, organisation, person
from tests.workshop import do_work, judge, launched

pytestmark = pytest.mark.django_db

ROWS = [{"text": "good" if n % 2 else "bad", "_id": str(n)} for n in range(12)]
PLAN = {"answers": {"min": 3, "max": 3}}


def honest(data):
    return {"sentiment": "positive" if data["text"] == "good" else "negative"}


def odd(data):
    return {"sentiment": "neutral"}


def by_rules(*rules, **more):
    return {**PLAN, **more, "rules": list(rules)}


@contextmanager
def refused(code):
    """What follows is refused with this code."""
    with pytest.raises(Refusal) as refusal:
        yield
    assert refusal.value.code == code


def worked(*rules, rows=ROWS, odd_one="bob"):
    """Two honest people and one who is not, with what they did judged and looked at."""
    project = launched(rows, quality=by_rules(*rules))
    for name, say in (("ben", honest), ("bea", honest), (odd_one, odd)):
        do_work(project.id, name, say)
    judge(project.id)
    quality.watch_workers(project_id=project.id)
    return project


def enrolment(project, name):
    return Enrolment.objects.get(project_id=project.id, worker_id=person(name).id)


def told(name):
    return list(Notice.objects.filter(person=person(name)).order_by("id").values_list("kind", flat=True))


def react(fact_name):
    """What the job process does with the newest such fact."""
    stored = StoredEvent.objects.filter(name=fact_name).latest("id")
    event = next(one for one in REACTIONS if one.__name__ == fact_name)
    fact = event(
        actor_id=stored.actor_id, organisation_id=stored.organisation_id, project_id=stored.project_id, **stored.facts
    )  # fmt: skip
    for reaction in REACTIONS[event]:
        BY_NAME[reaction.name].action(fact)


DISAGREES = {"collector": "agreement", "answers": 10, "share_below": 0.5, "action": "pause"}


def test_who_disagrees_with_the_results_is_paused_and_reads_the_figures():
    project = worked(DISAGREES)
    assert enrolment(project, "bob").pause_reason == "rule_agreement"
    assert enrolment(project, "ben").pause_reason is None
    [made] = Intervention.objects.all()
    assert (made.figures["right"], made.figures["answers"]) == (0, 10)
    react("WorkerPaused")
    notice = Notice.objects.get(person=person("bob"))
    assert notice.kind == "enrolment_paused_by_rule" and notice.params["figures"] == "0 / 10 = 0 % (< 50 %)"
    assert told("ada") == ["worker_paused"]


def test_looking_again_changes_nothing_and_who_goes_on_is_judged_by_what_comes():
    project = worked(DISAGREES)
    assert quality.watch_workers(project_id=project.id) == 0
    assert quality.resume_worker(
        actor=actor("ada"), project_id=project.id, pseudonym=enrolment(project, "bob").pseudonym
    )
    WorkerWatch.objects.update(new_answers=1, looked_up_to=0)  # as if it were looked at from the beginning
    quality.watch_workers(project_id=project.id)
    assert enrolment(project, "bob").pause_reason is None and Intervention.objects.count() == 1


def test_a_killed_look_is_done_again(monkeypatch):
    project = launched(ROWS, quality=by_rules(DISAGREES))
    for name, say in (("ben", honest), ("bea", honest), ("bob", odd)):
        do_work(project.id, name, say)
    judge(project.id)
    monkeypatch.setattr("tagwerk.domain.quality.actions.control.act", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        quality.watch_workers(project_id=project.id)
    monkeypatch.undo()
    assert not Intervention.objects.exists() and WorkerAnswer.objects.count() == 36
    assert quality.watch_workers(project_id=project.id) == 3
    assert enrolment(project, "bob").pause_reason == "rule_agreement"


def test_qualifications_are_granted_and_revoked_once_and_only_own_ones():
    organisation()
    ada = actor("ada")
    slugs = {}
    for slug in ("good", "bad"):
        slugs[slug] = academy.create_qualification(
            actor=ada, organisation_id=organisation(), slug=slug, title=slug
        )
    academy.grant_qualification(actor=ada, qualification_id=slugs["bad"], person_id=person("bob").id)
    grant = {
        "collector": "agreement",
        "answers": 10,
        "share_from": 0.9,
        "action": "grant",
        "qualification": "good",
        "score": 80,
    }
    project = worked(grant, {**DISAGREES, "action": "revoke", "qualification": "bad"})
    assert academy_queries.scores_of(person("ben").id, project.organisation_id) == {"good": 80}
    assert academy_queries.scores_of(person("bob").id, project.organisation_id) == {}
    assert Intervention.objects.count() == 3
    with refused("qualification_not_own"):
        launched([], title="Other", quality=by_rules({**grant, "qualification": "nowhere"}))


def test_a_pause_until_the_test_ends_when_it_is_passed_again():
    organisation()
    ada = actor("ada")
    qualification = academy.create_qualification(
        actor=ada, organisation_id=organisation(), slug="basics", title="Basics"
    )
    test_id = academy.define_entry_test(
        actor=ada, qualification_id=qualification, rows=[{"text": "x", "_gold": {"sentiment": "neutral"}}], draw=1,
        pass_mark=100, design_id=designs.save_design(organisation_id=organisation(), file=project_file()).id,
    )  # fmt: skip
    academy.grant_qualification(actor=ada, qualification_id=qualification, person_id=person("bob").id)
    project = worked({**DISAGREES, "until": "test", "qualification": "basics"})
    assert enrolment(project, "bob").pause_reason == "rule_agreement"
    attempt = academy.start_attempt(actor=actor("bob"), test_id=test_id)
    [task] = academy_queries.attempt_for(actor("bob"), attempt).tasks
    academy.answer_attempt(
        actor=actor("bob"), attempt_id=attempt, task_id=task.id, answers={"sentiment": "neutral"}
    )
    assert academy.finish_attempt(actor=actor("bob"), attempt_id=attempt).passed
    react("QualificationGranted")
    assert enrolment(project, "bob").pause_reason is None
    assert Intervention.objects.get(step="pause").ended_at is not None


def test_more_answers_are_asked_for_what_somebody_answered_and_never_beyond_the_most():
    rule = {**DISAGREES, "action": "more_answers"}
    project = launched(ROWS, quality={"answers": {"min": 3, "max": 4}, "rules": [rule]})
    for name, say in (("ben", honest), ("bea", honest), ("bob", odd)):
        do_work(project.id, name, say)
    judge(project.id)
    do_work(project.id, "bud", lambda data: {"sentiment": "positive"}, most=2)
    judge(project.id)
    done = set(Judgement.objects.filter(state="done").values_list("answers", flat=True))
    quality.watch_workers(project_id=project.id)
    assert enrolment(project, "bob").pause_reason is None
    if done:
        judge(project.id)
    assert max(Judgement.objects.values_list("least", flat=True)) <= 4


def test_a_rule_may_only_point_members_to_somebody():
    project = worked({**DISAGREES, "action": "signal"})
    [signal] = Signal.objects.filter(kind="rule")
    assert signal.worker_id == person("bob").id and signal.figures["right"] == 0
    assert enrolment(project, "bob").pause_reason is None


def test_a_preview_says_whom_a_rule_would_have_met_before_it_is_saved():
    project = worked()
    rule = Rule.model_validate(DISAGREES)
    found = preview_rule(actor("ada"), project.id, rule)
    assert (found.looked_at, found.all_people, found.accurate) == (3, 3, 0)
    assert [one.pseudonym for one in found.met] == [enrolment(project, "bob").pseudonym]
    assert not Intervention.objects.exists()
    day = Rule(collector="day", answers=5, action="limit_today")
    assert len(preview_rule(actor("ada"), project.id, day).met) == 3
    assert (
        preview_rule(actor("ada"), project.id, Rule(collector="day", answers=12, action="limit_today")).met
        == []
    )
    skips = Rule(collector="skips", in_a_row=2, action="offer_other_work")
    assert preview_rule(actor("ada"), project.id, skips).met == []
    copying = Rule(collector="signals", signal="copying", action="pause")
    assert preview_rule(actor("ada"), project.id, copying).met == []


def test_fifty_people_are_looked_at_in_a_few_queries(django_assert_max_num_queries):
    project = launched(
        [{"text": "good", "_id": str(n)} for n in range(20)],
        quality=by_rules(DISAGREES, answers={"min": 3, "max": 3}),
    )
    for name in ("ben", "bea", "bob"):
        do_work(project.id, name, honest)
    judge(project.id)
    with django_assert_max_num_queries(40):
        assert quality.watch_workers(project_id=project.id) == 3
    assert queries.projects_to_watch(Judgement.objects.latest("id").judged_at) == []


def test_rules_can_change_while_people_work():
    project = worked()
    assert enrolment(project, "bob").pause_reason is None
    file = project_file(quality=by_rules(DISAGREES))
    projects_actions.revise_project(actor=actor("ada"), project_id=project.id, file=file, has_answers=True)
    WorkerWatch.objects.update(new_answers=1, looked_up_to=0)
    quality.watch_workers(project_id=project.id)
    assert enrolment(project, "bob").pause_reason == "rule_agreement"
