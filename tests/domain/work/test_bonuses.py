"""Bonuses: given once per key, all or none, from free money or the organisation's, with the fee, and told."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tagwerk.base.errors import BadLines, Conflict, Invalid, NotAllowed, NotFound
from tagwerk.base.ids import public_id
from tagwerk.domain.ledger import queries as ledger
from tagwerk.domain.ledger.rules import available
from tagwerk.domain.notices import queries as notices
from tagwerk.domain.projects import actions as projects_actions
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tagwerk.domain.work.models import Bonus, Opening
from tagwerk.domain.work.rules.bonuses import BonusRule, Gift, gifts_of_csv
from tagwerk.domain.work.rules.extras import BonusSource
from tests.domain.work import scene
from tests.people import actor, member, person
from tests.workshop import do_work

NOW = timezone.now()


def test_a_file_of_bonuses_is_read_or_each_wrong_line_is_named():
    head = "worker,amount,reason\n"
    (one,) = gifts_of_csv(head + 'W-ABCDEFGH,"1,50",Very careful\n')
    assert (one.number, one.worker, one.answer, one.reward_micros, one.reason) == (
        2,
        "W-ABCDEFGH",
        "",
        1_500_000,
        "Very careful",
    )
    with pytest.raises(BadLines) as refused:
        gifts_of_csv(head + "W-A,1,x\n,1,x\nW-A,much,x\nW-A,0,x\nW-A,-1,x\nW-A,1,\n")
    assert {number: one.code for number, one in refused.value.lines.items()} == {
        3: "bonus_for_nobody", 4: "amount_unreadable", 5: "bonus_amount", 6: "bonus_amount", 7: "bonus_reason",
    }  # fmt: skip
    for text, code in (
        ("worker,amount\n", "bonus_columns_missing"), (head, "bonuses_none"), (head + '"' + "x" * 140_000, "list_unreadable"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as wrong:
            gifts_of_csv(text)
        assert wrong.value.code == code
    with pytest.raises(Invalid) as long:
        gifts_of_csv(head + "W-A,1,x\n" * 5_000)
    assert long.value.code == "rows_too_many"


def test_a_rule_gives_a_share_to_who_is_right_often_enough():
    rule = BonusRule(accuracy=0.9, answers=20, share=0.1)
    assert rule.gives(accuracy=0.9, answers=20, earned_micros=2_059_999) == 200_000
    assert rule.gives(accuracy=0.89, answers=20, earned_micros=2_000_000) == 0
    assert rule.gives(accuracy=None, answers=99, earned_micros=2_000_000) == 0
    assert rule.gives(accuracy=1.0, answers=19, earned_micros=2_000_000) == 0
    for wrong in ({"accuracy": 1.1}, {"share": 0.0}, {"answers": 0}):
        with pytest.raises(Invalid, match="A rule needs"):
            BonusRule(**({"accuracy": 0.9, "answers": 20, "share": 0.1} | wrong))


@pytest.fixture
def project(db, settings):
    """Ben and Cyn have done three tasks each."""
    settings.UNDO_SECONDS = 0
    made = scene.running(3, quality=scene.answers(2, 4))
    for name in ("ben", "cyn"):
        do_work(made.id, name, lambda data: scene.ANSWER)
    work.feed_answers(project_id=made.id)
    return projects.project(made.id)


def gift(name: str = "ben", micros: int = 500_000, key: str = "k1", **more) -> Gift:
    return Gift(person(name).id, micros, "Very careful", key, **more)


def give(project, *gifts: Gift, by: str = "ada", **more) -> int:
    return work.give_bonuses(actor=actor(by), project_id=project.id, gifts=gifts, now=timezone.now(), **more)


def money(name: str) -> int:
    return ledger.balance(available(person(name).id, "EUR").code).posted


def prepaid(project) -> int:
    return ledger.balance(f"organisation:{project.organisation_id}:prepaid:EUR").posted


def covers(project) -> None:
    opening, found = Opening.objects.get(project_id=project.id), queries.coverage(project.id)
    assert opening.committed_micros - opening.paid_micros == found.needed_micros and found.covered
    assert queries.spending(project).spent_micros == opening.paid_micros
    assert queries.spending(project).answers == opening.approved


@pytest.mark.django_db
def test_a_bonus_is_paid_at_once_with_the_fee_and_only_once(project):
    before = prepaid(project)
    assert give(project, gift()) == 1
    assert money("ben") == 500_000 and before - prepaid(project) == 600_000  # nothing was free: 0.50 and 20 %
    assert give(project, gift()) == 0 and money("ben") == 500_000
    covers(project)
    with pytest.raises(Conflict) as refused:
        give(project, gift(micros=400_000))
    assert refused.value.code == "bonus_differs"
    found = queries.bonus_cost(project.id)
    assert (found.bonuses, found.people, found.micros) == (1, 1, 600_000)
    assert queries.spending(project).pay_micros == 500_000


@pytest.mark.django_db
def test_money_of_the_project_that_is_for_nothing_is_used_first(project):
    work.accept_all(project_id=project.id)
    work.close_tasks(
        project_id=project.id, task_ids=[one.id for one in queries.tasks_after(project.id, after=0, limit=9)]
    )
    free = 6 * 120_000  # of twelve possible answers six were given
    before = prepaid(project)
    give(project, gift(micros=500_000))
    assert prepaid(project) == before
    give(project, gift(micros=500_000, key="k2"))
    assert before - prepaid(project) == 1_200_000 - free
    covers(project)


@pytest.mark.django_db
def test_tasks_that_wait_are_not_paid_for_by_a_bonus(db, settings):
    settings.UNDO_SECONDS = 0
    made = scene.running(
        9, quality=scene.answers(1), budget="0.50"
    )  # four tasks are covered, and 0.02 is left
    do_work(made.id, "ben", lambda data: scene.ANSWER)
    work.feed_answers(project_id=made.id)
    opened = Opening.objects.get(project_id=made.id).opened_tasks
    give(projects.project(made.id), gift(micros=1_000_000), by="ada")
    work.open_covered_tasks(project_id=made.id)
    assert Opening.objects.get(project_id=made.id).opened_tasks == opened == 4
    covers(projects.project(made.id))


@pytest.mark.django_db
@pytest.mark.parametrize(("budget", "opened"), [({}, 9), ({"budget": "2.00"}, 5)])
def test_a_pilot_goes_on_with_all_tasks_after_a_bonus_unless_a_budget_stops_it(db, settings, budget, opened):
    settings.UNDO_SECONDS = 0
    made = scene.running(9, quality=scene.answers(1, 2), launch=False, **budget)
    work.launch(actor=actor("ada"), project_id=made.id, tasks=2)
    do_work(made.id, "ben", lambda data: scene.ANSWER)
    work.feed_answers(project_id=made.id)
    give(projects.project(made.id), gift(micros=500_000))
    work.launch(actor=actor("ada"), project_id=made.id)
    work.open_covered_tasks(project_id=made.id)
    found = Opening.objects.get(project_id=made.id)
    assert (found.opened_tasks, found.waits_for_money) == (opened, opened < 9)
    covers(projects.project(made.id))


@pytest.mark.django_db
def test_all_or_none(project):
    with pytest.raises(NotFound):
        give(project, gift(), gift("eve", key="k2"))  # Eve has not worked here
    from tagwerk.domain.payments import actions as payments

    payments.book_refund(
        actor=actor("dan"),
        organisation_id=project.organisation_id,
        amount_micros=prepaid(project),
        reference="x",
        key="x",
    )
    with pytest.raises(Conflict) as refused:
        give(project, gift(), gift("cyn", key="k2"))
    assert refused.value.code == "not_enough_money" and "This needs 1.20 EUR" in str(refused.value)
    assert not Bonus.objects.exists() and money("ben") == 0
    covers(project)


@pytest.mark.django_db
def test_a_typing_error_is_asked_about(project):
    with pytest.raises(Conflict) as refused:
        give(project, gift(micros=2_000_000), gift("cyn", 2_000_001, "k2"))
    assert refused.value.code == "bonus_large" and "1 of these bonuses" in str(refused.value)
    assert give(project, gift(micros=2_000_000), gift("cyn", 2_000_001, "k2"), sure=True) == 2


@pytest.mark.django_db
def test_who_may_give_and_to_whom(project):
    member("max", project.organisation_id, "manager")
    member("rob", project.organisation_id, "reviewer")
    for by, refusal in (("rob", NotAllowed), ("eve", NotFound)):
        with pytest.raises(refusal):
            give(project, gift(), by=by)
    assert give(project, gift(), by="max") == 1
    do_work(project.id, "max", lambda data: scene.ANSWER)
    with pytest.raises(Conflict) as refused:
        give(project, gift("max", key="k2"), by="max")
    assert refused.value.code == "bonus_to_oneself"
    with pytest.raises(Conflict) as twice:
        give(project, gift(key="k3"), gift("cyn", key="k3"))
    assert twice.value.code == "bonus_key_twice"


@pytest.mark.django_db
def test_drafts_and_unpaid_projects_have_no_bonuses(project):
    with pytest.raises(Conflict) as draft:
        give(scene.running(1, launch=False), gift())
    assert draft.value.code == "project_not_launched"
    with pytest.raises(Invalid) as unpaid:
        give(scene.running(1, **scene.without_pay("ben")), gift())
    assert unpaid.value.code == "project_unpaid"


@pytest.mark.django_db
def test_a_settled_project_can_still_thank(project):
    work.accept_all(project_id=project.id)
    projects_actions.finish_project(actor=actor("ada"), project_id=project.id)
    assert work.settle_finished(project_id=project.id)
    give(project, gift())
    assert money("ben") == 800_000 and projects.reserved_micros(project.id, "EUR") == 0
    assert queries.coverage(project.id).needed_micros == 0


@pytest.mark.django_db
def test_lines_of_a_file_become_gifts_or_are_named(project):
    mine = queries.my_work(person("ben").id)[0].assignment_id
    names = queries.pseudonyms(project.id, [person("ben").id, person("cyn").id])
    ben, cyn = names[person("ben").id], names[person("cyn").id]
    answer = public_id("asg", mine)
    lines = gifts_of_csv(f"worker,answer,amount,reason\n{cyn},,1,x\n,{answer},2,y\n{ben},{answer},3,z\n")
    gifts = queries.gifts_of(project.id, lines, key="f")
    assert [(one.worker_id, one.assignment_id, one.key) for one in gifts] == [
        (person("cyn").id, None, "f:2"), (person("ben").id, mine, "f:3"), (person("ben").id, mine, "f:4"),
    ]  # fmt: skip
    assert give(project, *gifts, source=BonusSource.FILE, sure=True) == 3
    wrong = gifts_of_csv(
        f"worker,answer,amount,reason\nW-NOBODY,,1,x\n,asg_nothing,1,x\n{cyn},{answer},1,x\n{ben},,1,x\n"
    )
    with pytest.raises(BadLines) as refused:
        queries.gifts_of(project.id, wrong, key="f")
    assert {number: one.code for number, one in refused.value.lines.items()} == {
        2: "bonus_worker_unknown", 3: "bonus_answer_unknown", 4: "bonus_not_theirs",
    }  # fmt: skip


@pytest.mark.django_db
def test_the_worker_is_told_with_the_reason_and_sees_it_as_pay(project):
    give(project, gift())
    (one,) = Bonus.objects.all()
    for _ in range(2):
        work.tell_bonuses(project_id=project.id, bonus_ids=[one.id])
    (told,) = [each for each in notices.inbox(actor("ben")) if "bonus" in each.title]
    assert "€0.50" in told.title and "Very careful" in told.body
    found = queries.extra_pay(person("ben").id, bonuses=[one.id], top_ups=[])
    assert found["bonus", one.id].project_title == "Sentiment"
    assert not queries.extra_pay(person("cyn").id, bonuses=[one.id], top_ups=[])
    assert queries.own_wage(person("ben").id, "EUR").pay_micros == 800_000
    work.accept_all(project_id=project.id)
    work.measure_wages(now=NOW)
    assert queries.wages_in([project.id])[project.id].wages.pay_micros == 600_000 + 500_000
    give(project, gift(key="k2"))
    assert work.measure_wages(now=NOW) == 1  # measured again though no answer was decided


@pytest.mark.django_db
def test_the_database_keeps_bonuses_in_order(project):
    facts = {
        "project_id": project.id, "worker_id": person("ben").id, "reward_micros": 1, "fee_micros": 0, "reason": "x",
        "source": "hand", "key": "k",
    }  # fmt: skip
    Bonus.objects.create(**facts)
    for name, change in (
        ("bonus_once", {}), ("bonus_positive", {"reward_micros": 0, "key": "l"}), ("bonus_source_known", {"source": "x", "key": "m"}),
    ):  # fmt: skip
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Bonus.objects.create(**(facts | change))
