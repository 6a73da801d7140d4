"""The estimate before anybody has answered: against sums done by hand, its bounds, and what it refuses."""

import pytest

from tagwerk.base.errors import Invalid
from tagwerk.domain.designs.rules.yaml_text import read_project_file
from tagwerk.domain.work.queries import estimate
from tagwerk.domain.work.rules.coverage import largest_cost
from tagwerk.domain.work.rules.estimating import Assumptions, Source, assumptions_of_file, forecast
from tests import orders
from tests.domain.work import scene


def fixed(**changes):
    """A thousand tasks, three answers each, 0.10 and 20 % fee, 36 seconds."""
    known = {
        "tasks": 1_000, "classes": 2, "reward_micros": 100_000, "fee_bp": 2_000, "least": 3, "most": 3,
        "confidence_bp": 9_500, "seconds": 36, "accuracy_bp": 8_000, "redo_bp": 0, "mean_bp": 10_000, "time_spread_bp": 0,
    }  # fmt: skip
    return Assumptions(**(known | changes))


def test_a_fixed_number_of_answers_is_a_sum_done_by_hand():
    case = forecast(fixed(vat_bp=1_900, people=10, day_minutes=120)).mid
    assert case.answers == 3_000
    assert (case.pay_micros, case.fee_micros, case.net_micros) == (300_000_000, 60_000_000, 360_000_000)
    assert case.vat_micros == 68_400_000
    assert case.seconds == 108_000 and case.days == pytest.approx(1.5)  # 30 hours by 20 a day
    assert case.hourly_micros == 10_000_000
    assert case.accuracy == pytest.approx(0.896, abs=0.015)


def test_gold_is_a_share_of_what_is_served_as_in_the_largest_cost():
    case = forecast(fixed(gold_bp=1_000)).mid
    assert case.answers == 3_334
    largest = largest_cost(tasks=1_000, answers=3, answer_micros=120_000, gold_share_bp=1_000)
    assert abs(case.net_micros - largest) <= 120_000  # a whole answer


def test_hours_and_days_follow_the_mean_and_not_the_median():
    """At log-normal times of sigma 0.7 a budget from the median understates hours by 22 %."""
    by_median, by_mean = forecast(fixed()).mid, forecast(fixed(mean_bp=12_800)).mid
    assert by_median.seconds / by_mean.seconds == pytest.approx(0.78, abs=0.005)
    assert by_mean.hourly_micros == pytest.approx(by_median.hourly_micros / 1.28, abs=1)
    assert by_mean.net_micros == by_median.net_micros  # what an answer is paid does not depend on its time


def test_low_likely_and_high_are_in_this_order_and_below_the_largest_cost():
    given = fixed(classes=3, least=2, most=5, redo_bp=0, accuracy_spread_bp=800, time_spread_bp=3_000)
    found = forecast(given)
    net = [case.net_micros for case in found.cases]
    assert net == sorted(net) and net[0] < net[2]
    assert [case.days for case in found.cases] == sorted(case.days for case in found.cases)
    assert found.low.accuracy > found.mid.accuracy > found.high.accuracy
    assert net[2] <= largest_cost(tasks=1_000, answers=5, answer_micros=120_000, gold_share_bp=0)


def test_reviewing_costs_the_time_of_ones_own_people_and_no_fee():
    case = forecast(fixed(review_bp=1_000, review_time_bp=5_000, review_hourly_micros=30_000_000)).mid
    assert case.review_seconds == 5_400 and case.review_micros == 45_000_000
    assert case.net_micros == 360_000_000


def test_guaranteed_hours_add_nothing_a_tenth_or_two_to_pay_and_fee():
    without, guaranteed = forecast(fixed()), forecast(fixed(guarantee_bp=1_000))
    shares = [
        one.net_micros / other.net_micros for one, other in zip(guaranteed.cases, without.cases, strict=True)
    ]
    assert shares == pytest.approx([1.0, 1.1, 1.2])
    assert [one.pay_micros + one.fee_micros for one in guaranteed.cases] == [
        one.net_micros for one in guaranteed.cases
    ]
    file = orders.project_file(pay={"amount": "0.10", "estimate_seconds": 20, "hour_guarantee": True})
    assert assumptions_of_file(file, tasks=50, gold_tasks=0, fee_bp=2_000).guarantee_bp == 1_000
    assert assumptions_of_file(orders.project_file(), tasks=50, gold_tasks=0, fee_bp=2_000).guarantee_bp == 0


def test_answers_that_nobody_can_vote_on_have_no_accuracy_and_as_few_answers_as_wanted():
    case = forecast(fixed(classes=0, least=1, most=5)).mid
    assert (case.answers, case.accuracy) == (1_000, None)


def test_without_a_time_nothing_is_said_of_hours():
    case = forecast(fixed(seconds=0)).mid
    assert (case.seconds, case.days, case.hourly_micros, case.review_seconds) == (None, None, None, None)


def test_a_file_is_read_without_an_instance():
    file = read_project_file(orders.FILE)
    given = assumptions_of_file(file, tasks=50, gold_tasks=0, fee_bp=2_000)
    assert (given.classes, given.least, given.most, given.seconds, given.reward_micros) == (
        3,
        2,
        4,
        20,
        100_000,
    )
    assert given.source("least") is Source.FILE
    assert given.source("accuracy_bp") is Source.DEFAULT and given.accuracy_bp == 8_500
    assert given.said({"accuracy_bp": 9_000}, Source.MEASURED).source("accuracy_bp") is Source.MEASURED


@pytest.mark.parametrize(
    ("wrong", "code"),
    [({"nonsense": 1}, "estimate_unknown"), ({"people": 0}, "estimate_range"), ({"accuracy_bp": 10_000}, "estimate_range"),
     ({"least": 9}, "estimate_answers"), ({"people": None}, "estimate_range")],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(wrong, code):
    with pytest.raises(Invalid) as refusal:
        fixed().said(wrong, Source.GIVEN)
    assert refusal.value.code == code


@pytest.mark.django_db
def test_the_estimate_of_a_project_never_promises_more_than_can_be_spent():
    project = scene.running(20, gold=2, launch=False, budget="4.00", quality={"gold_share": 0.1, **scene.answers(2, 4)})  # fmt: skip
    found = estimate(project.id)
    assert found.cap_micros == 4_000_000 < found.expected_micros <= found.largest_micros
    assert found.assumptions.tasks == 20 and found.assumptions.gold_bp == project.gold_cost_bp
    changed = estimate(project.id, given={"tasks": 2_000, "least": 4})
    assert (
        changed.largest_micros == found.largest_micros
    )  # what is given changes what is expected, nothing else
    assert changed.forecast.mid.net_micros > 50 * found.forecast.mid.net_micros
