"""Public figures: right against sums done by hand, nothing about fewer than ten people, counted once and kept."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts.rules import Wage
from tagwerk.domain.payments.models import PayoutHold, PayoutRun
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.quality import queries
from tagwerk.domain.quality.models import INSTANCE, PublicFigures
from tagwerk.domain.quality.rules import openness as rules
from tagwerk.domain.work import actions as work
from tagwerk.domain.work.queries import sql
from tests.people import actor, person
from tests.workshop import do_work, launched

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 12, 1, tzinfo=UTC)  # the German minimum wage is 13.90 then


@pytest.fixture
def worked(settings):
    """Twelve people, two answers each: 0.10 for 20, 30, … 130 seconds; the first answer of three is rejected."""
    settings.UNDO_SECONDS = 0
    made = launched(
        [{"text": f"Text {n}"} for n in range(2)],
        quality={"answers": {"min": 12, "max": 12, "confidence": 0.9}},
    )
    for number in range(12):
        person(f"w{number}", country="DE" if number < 10 else "AT")
        do_work(
            made.id,
            f"w{number}",
            lambda data: {"sentiment": "positive"},
            active_ms=lambda n=number: (20 + 10 * n) * 1000,
        )
    work.feed_answers(project_id=made.id)
    work.accept_all(project_id=made.id)
    sql.write(
        "UPDATE assignment SET decided_at = submitted_at + interval '1 hour' WHERE project_id = %s", [made.id]
    )
    sql.write(
        "UPDATE assignment SET state = 3 WHERE project_id = %s AND (worker_id, task_id) IN (SELECT worker_id, min(task_id) FROM assignment"
        " WHERE worker_id = ANY(%s) GROUP BY worker_id)", [made.id, [person(f"w{n}").id for n in range(3)]],
    )  # fmt: skip
    sql.write(
        "UPDATE assignment SET decided_at = submitted_at + interval '5 days' WHERE project_id = %s AND worker_id = %s",
        [made.id, person("w11").id],
    )
    return made


def test_an_organisations_figures_are_those_done_by_hand(worked):
    assert quality.count_public_figures(now=DAY) == 1
    found = queries.public_figures_of(worked.organisation_id).figures
    one = found.deciding
    assert (one.answers, one.workers, one.rejected, one.late) == (24, 12, 3, 2)  # promised: three days
    assert (one.median_seconds, one.p90_seconds) == (3_600, 3_600)
    wage = found.wages[0]
    assert (wage.currency, wage.workers) == ("EUR", 12)
    # Pay by time: 360 / seconds an hour, half of it for the three with one rejected answer (20, 30 and 40 seconds).
    hourly = sorted(360 / (20 + 10 * n) / (2 if n < 3 else 1) for n in range(12))
    assert wage.median_micros == pytest.approx(1e6 * (hourly[5] + hourly[6]) / 2, abs=2)


def test_who_was_paid_for_nothing_counts_as_having_earned_nothing(worked):
    sql.write(
        "UPDATE assignment SET state = 3 WHERE worker_id = ANY(%s)", [[person("w0").id, person("w11").id]]
    )
    quality.count_public_figures(now=DAY)
    (wage,) = queries.public_figures_of(worked.organisation_id).figures.wages
    assert wage.workers == 12
    hourly = sorted(0 if n in (0, 11) else 360 / (20 + 10 * n) / (2 if n < 3 else 1) for n in range(12))
    assert wage.median_micros == pytest.approx(1e6 * (hourly[5] + hourly[6]) / 2, abs=2)
    assert wage.p10_micros == pytest.approx(1e6 * (hourly[1] + (hourly[2] - hourly[1]) * 0.1), abs=2)


def test_countries_with_fewer_than_ten_people_are_not_told(worked):
    quality.count_public_figures(now=DAY)
    found = queries.public_figures().figures
    assert [(one.country, one.workers, one.floor_micros, one.reached) for one in found.countries] == [
        ("DE", 10, 13_900_000, 0)
    ]


def test_how_many_reach_the_minimum_wage_of_their_country_is_counted(worked):
    wage = Wage("DE", date(2026, 1, 1), 6_000_000, "EUR", "A law that is not there.")
    accounts.put_wages(actor=actor("dan"), wages=[wage])
    quality.count_public_figures(now=DAY)
    hourly = [360 / (20 + 10 * n) / (2 if n < 3 else 1) for n in range(10)]
    [germany] = queries.public_figures().figures.countries
    assert germany.reached == sum(one >= 6 for one in hourly) == 4
    wage = Wage("DE", date(2026, 1, 1), 6_000_000, "CHF", "Another currency is not compared.")
    accounts.put_wages(actor=actor("dan"), wages=[wage])
    quality.count_public_figures(now=DAY)
    [germany] = queries.public_figures().figures.countries
    assert (germany.floor_micros, germany.reached) == (None, None)


def test_an_organisation_for_which_few_have_worked_has_no_figures(worked):
    sql.write("DELETE FROM assignment WHERE worker_id = ANY(%s)", [[person(f"w{n}").id for n in (9, 10, 11)]])
    quality.count_public_figures(now=DAY)
    found = queries.public_figures_of(worked.organisation_id).figures
    assert (found.deciding, found.wages) == (None, ())
    assert queries.public_figures().figures.countries == ()


def test_what_is_old_is_forgotten_and_counting_again_is_the_same(worked):
    quality.count_public_figures(now=DAY)
    first = PublicFigures.objects.get(organisation_id=INSTANCE).figures
    quality.count_public_figures(now=DAY)
    assert PublicFigures.objects.get(organisation_id=INSTANCE).figures == first
    assert quality.count_public_figures(now=DAY + timedelta(days=400)) == 0
    assert queries.public_figures_of(worked.organisation_id) is None
    assert queries.public_figures().figures.deciding is None


def test_evidence_is_counted_as_by_hand(worked):
    quality.count_public_figures(now=DAY)
    found = queries.public_figures().figures.evidence
    assert found["weeks"] == rules.Fact(
        12, 12, {"from_0": 12, "from_10": 0, "from_20": 0, "from_30": 0, "from_40": 0}
    )
    seconds = [20 + 10 * n for n in range(12)]  # of each of the two answers
    assert found["unpaid_time"] == rules.Fact(
        12, 2_000 * sum(seconds), {"rejected_ms": 1_000 * sum(seconds[:3])}
    )
    assert found["countries:DE"] == rules.Fact(10, 20, {"rejected": 3})
    assert found["audiences"] == rules.Fact(12, 1, {"countries": 0, "languages": 0, "qualifications": 0})
    assert found["terms"].people >= 12
    assert set(found) == {"weeks", "unpaid_time", "countries:DE", "audiences", "terms"}
    assert {rules.threshold_of(name) for name in found} == {"2.1", "3.1", "4.2"}


def test_what_fewer_than_ten_people_did_is_no_evidence():
    few = {"holds": rules.Fact(9, 30, {"by_rule": 1}), "returned_tasks": rules.Fact(10, 1, {}), "x": None}
    assert set(rules.facts_told(few)) == {"returned_tasks"}


def test_what_people_do_to_be_heard_and_to_stop_is_counted(worked):
    people = [person(f"w{number}").id for number in range(12)]
    sql.write(
        "INSERT INTO appeal (project_id, assignment_id, organisation_id, worker_id, text, made_at, due_at, state, answer, decided_by_id, decided_at)"
        " SELECT a.project_id, a.id, %s, a.worker_id, 'No.', now() - interval '2 days', now(), CASE WHEN a.worker_id = %s THEN 'refused' ELSE 'granted' END,"
        " 'Yes.', %s, now() - interval '1 day' FROM assignment a WHERE a.worker_id = ANY(%s)",
        [worked.organisation_id, people[0], person("dan").id, people],
    )  # fmt: skip
    sql.write(
        "INSERT INTO rejection (project_id, assignment_id, code, reason, reopen_at)"
        " SELECT project_id, id, CASE WHEN worker_id = %s THEN '' ELSE 'low_effort' END, 'No.', now() FROM assignment",
        [people[0]],
    )
    sql.write("UPDATE project SET sensitivity = 3, answers_a_day = 50 WHERE id = %s", [worked.id])
    sql.write(
        "UPDATE enrolment SET consented_at = now(), consented_level = 3 WHERE worker_id = ANY(%s)",
        [people[1:]],
    )
    sql.write(
        "INSERT INTO top_up (project_id, worker_id, week, answers, credited_ms, earned_micros, floor_micros, reward_micros, fee_micros, paid_at)"
        " SELECT %s, unnest(%s::bigint[]), '2026-11-02', 1, 1, 1, 1, 1, 0, now()",
        [worked.id, people],
    )  # fmt: skip
    for one in people:
        PayoutHold.objects.create(
            person_id=one,
            code="fraud_review",
            reason="We look.",
            until=DAY + timedelta(days=9),
            by_rule=one == people[0],
        )
    asked = rules.Fact(12, 24, {"answered": 20, "median_seconds": 3_600})
    quality.count_public_figures(now=DAY, questions=asked)
    found = queries.public_figures().figures.evidence
    decided = {"granted": 22, "refused": 2, "lapsed": 0, "by_another": 24, "median_seconds": 86_400}
    assert found["appeals"] == rules.Fact(12, 24, decided)
    assert found["rejections"] == rules.Fact(12, 24, {"of_the_list": 22, "with_words": 24})
    assert found["sensitive_answers"] == rules.Fact(12, 24, {"consented": 22, "capped": 24})
    assert found["guaranteed_weeks"] == rules.Fact(12, 12, {"paid": 12})
    assert found["holds"] == rules.Fact(12, 12, {"by_rule": 1})
    assert found["questions"] == asked
    sql.write("UPDATE assignment SET state = 4 WHERE is_gold = false AND task_id = (SELECT min(task_id) FROM assignment)", [])  # fmt: skip
    sql.write("UPDATE assignment SET state = 8 WHERE state <> 4", [])
    quality.count_public_figures(now=DAY)
    found = queries.public_figures().figures.evidence
    assert found["returned_tasks"].people == 12 and found["returned_tasks"].parts["taken"] == 24
    assert found["stopped_tasks"] == rules.Fact(12, 12, {"paid": 12})


def test_runs_released_by_one_person_alone_are_counted():
    dan, fay = person("dan"), person("fay")
    for number, (by, alone) in enumerate([(dan, True), (fay, False)]):
        at = datetime(2026, 11, 2, tzinfo=UTC) + timedelta(weeks=number)
        PayoutRun.objects.create(
            currency="EUR", cutoff_at=at, through_seq=0, minimum_micros=0, state="done", made_by=dan, released_by=by,
            released_at=at, released_alone=alone, ended_at=at, locked_at=at, payouts=0, sum_micros=0,
        )  # fmt: skip
    quality.count_public_figures(now=datetime(2026, 11, 29, tzinfo=UTC))
    found = queries.public_figures().figures
    assert (found.released, found.alone) == (2, 1)


def test_weeks_of_few_people_have_no_sum_and_figures_survive_being_kept():
    assert rules.week_told("2026-11-02", "EUR", 5, 9).amount_micros is None
    assert rules.week_told("2026-11-02", "EUR", 5, 10).amount_micros == 5
    wage = rules.Wage("EUR", 12, 10, 5, "DE")
    kept = rules.InstanceFigures(
        rules.Deciding(1, 10, 0, 0, 5, 6),
        (wage,),
        (wage,),
        (rules.Week("2026-11-02", "EUR", None),),
        2,
        1,
        {"terms": rules.Fact(12, 2, {"2026-11": 10})},
    )
    assert rules.instance_figures(rules.as_json(kept)) == kept
    assert rules.wages_told([wage, rules.Wage("EUR", 9, 10, 5)]) == (wage,)
