"""Facts become jobs exactly once; jobs are tried again, parked, and started again from there."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction

from tagwerk.base.errors import NotFound
from tagwerk.base.jobs import forget_parked, jobs_state, parked_jobs, retry_parked
from tagwerk.base.models import StoredEvent
from tagwerk.config import jobs
from tagwerk.config.reactions import each, once_per_project
from tagwerk.config.worker import Pulse, work_what_waits


def at_once(count, work):
    """The same in so many threads, begun together; what each returned."""
    barrier = threading.Barrier(count)

    def one(_):
        barrier.wait()
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


class TestFacts:
    def test_each_fact_is_handed_over_once_with_its_content(self, engine):
        heard = []
        engine.react_with(each("hear", lambda fact: heard.append(fact.number)))
        for number in range(3):
            engine.tell(number)
        assert jobs.hand_over_facts() == 3
        assert jobs.hand_over_facts() == 0
        work_what_waits()
        assert sorted(heard) == [0, 1, 2]
        assert engine.jobs("id") == []

    def test_several_processes_hand_over_no_fact_twice(self, engine):
        engine.react_with(each("hear", lambda fact: None))
        for number in range(200):
            engine.tell(number)
        assert sum(at_once(4, jobs.hand_over_facts)) == 200
        events = engine.jobs("(args->>'event_id')::bigint")
        assert len(events) == len(set(events)) == 200

    def test_jobs_and_the_tick_stand_or_fall_together(self, engine, monkeypatch):
        engine.react_with(each("hear", lambda fact: None))
        engine.tell()
        with monkeypatch.context() as broken:
            broken.setattr(jobs, "Now", lambda: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                jobs.hand_over_facts()
        assert engine.jobs("id") == []
        assert StoredEvent.objects.filter(handled_at=None).count() == 1
        assert jobs.hand_over_facts() == 1
        assert len(engine.jobs("id")) == 1

    def test_a_fact_that_was_taken_back_starts_nothing(self, engine):
        engine.react_with(each("hear", lambda fact: None))
        with transaction.atomic():
            engine.tell()
            transaction.set_rollback(True)
        assert jobs.hand_over_facts() == 0

    def test_a_fact_that_this_release_does_not_know_stops_no_other(self, engine):
        engine.react_with(each("hear", lambda fact: None))
        StoredEvent.objects.create(name="OfTheNextRelease", facts={})
        engine.tell()
        assert jobs.hand_over_facts() == 2
        assert len(engine.jobs("id")) == 1


class TestCoalescing:
    def test_many_facts_of_a_project_are_one_job(self, engine):
        seen = []
        engine.react_with(once_per_project("look", seen.append))
        for number in range(50):
            engine.tell(number, project_id=7 + number % 2)
        jobs.hand_over_all()
        work_what_waits()
        assert sorted(seen) == [7, 8]

    def test_a_fact_told_while_the_job_runs_is_seen_by_one_more(self, engine):
        seen = []

        def look(project_id):
            seen.append(project_id)
            if len(seen) == 1:
                engine.tell(project_id=project_id)
                jobs.hand_over_all()

        engine.react_with(once_per_project("look", look))
        engine.tell(project_id=7)
        jobs.hand_over_all()
        work_what_waits()
        work_what_waits()
        assert seen == [7, 7]

    def test_several_processes_queue_one_job_for_a_project(self, engine):
        engine.react_with(once_per_project("look", lambda id: None))
        at_once(6, lambda: jobs.queue_for_projects([("look", 7)]))
        assert engine.jobs("queueing_lock") == ["look:7"]

    def test_two_workers_never_look_at_one_project_at_once(self, engine):
        inside, most = [], []

        def look(project_id):
            inside.append(project_id)
            most.append(len(inside))
            jobs.queue_for_projects([("look", 7)] if len(most) < 5 else [])
            threading.Event().wait(0.02)
            inside.remove(project_id)

        engine.react_with(once_per_project("look", look))
        jobs.queue_for_projects([("look", 7)])
        while len(most) < 5:
            at_once(2, work_what_waits)
        assert most == [1] * 5


class Unwilling:
    """An action that fails until it is willing."""

    def __init__(self):
        self.asked, self.willing = 0, False

    def __call__(self, what):
        self.asked += 1
        if not self.willing:
            raise ValueError("the rail is down")


def until_parked(engine):
    for _ in range(20):
        work_what_waits()
        if parked_jobs():
            return
        engine.time_passes()
    raise AssertionError("never parked")


class TestFailures:
    @pytest.mark.parametrize("kind", [each, once_per_project])
    def test_what_keeps_failing_is_parked_with_its_reason_and_started_again_from_there(self, engine, kind):
        action = Unwilling()
        engine.react_with(kind("pay", action))
        engine.tell(project_id=7)
        jobs.hand_over_all()
        until_parked(engine)
        assert action.asked == 7
        [parked] = parked_jobs()
        assert parked.what == "pay"
        assert "the rail is down" in parked.error and parked.failed_at is not None
        action.willing = True
        retry_parked(parked.id)
        work_what_waits()
        assert action.asked == 8
        assert parked_jobs() == [] and engine.jobs("id") == []

    def test_a_job_started_again_has_all_its_attempts(self, engine):
        action = Unwilling()
        engine.react_with(each("pay", action))
        engine.tell()
        jobs.hand_over_all()
        until_parked(engine)
        retry_parked(parked_jobs()[0].id)
        work_what_waits()
        assert parked_jobs() == []
        until_parked(engine)
        assert action.asked == 14

    def test_a_coalesced_job_that_fails_keeps_its_place_and_its_count(self, engine):
        action = Unwilling()
        engine.react_with(once_per_project("judge", action))

        def fail_while_another_waits(project_id):
            if action.asked == 0:
                jobs.queue_for_projects([("judge", project_id)])
            action(project_id)

        engine.react_with(once_per_project("judge", fail_while_another_waits))
        jobs.queue_for_projects([("judge", 7)])
        work_what_waits()
        assert engine.jobs("status", "(args->>'failures')::int", "scheduled_at > now()") == [
            ("todo", 1, True)
        ]
        jobs.queue_for_projects([("judge", 7)])
        assert len(engine.jobs("id")) == 1

    def test_one_parked_job_for_a_key_and_none_once_it_works_again(self, engine):
        action = Unwilling()
        engine.react_with(once_per_project("judge", action))
        for _ in range(2):
            jobs.queue_for_projects([("judge", 7)])
            until_parked(engine)
        assert len(parked_jobs()) == 1
        action.willing = True
        jobs.queue_for_projects([("judge", 7)])
        work_what_waits()
        assert parked_jobs() == []

    def test_a_parked_job_whose_twin_waits_makes_way_for_it(self, engine):
        action = Unwilling()
        engine.react_with(once_per_project("judge", action))
        jobs.queue_for_projects([("judge", 7)])
        until_parked(engine)
        jobs.queue_for_projects([("judge", 7)])
        retry_parked(parked_jobs()[0].id)
        assert engine.jobs("status") == ["todo"]

    def test_only_what_is_parked_is_started_again_or_forgotten(self, engine):
        engine.react_with(each("pay", Unwilling()))
        engine.tell()
        jobs.hand_over_all()
        [waiting] = engine.jobs("id")
        for act in (retry_parked, forget_parked):
            with pytest.raises(NotFound, match="not parked") as refused:
                act(waiting)
            assert refused.value.code == "job_not_parked"
        until_parked(engine)
        forget_parked(parked_jobs()[0].id)
        assert engine.jobs("id") == []


class TestSchedule:
    def test_of_each_line_one_job_waits_however_many_processes_beat(self, engine):
        engine.schedule("sweep", lambda now: None)
        at_once(4, jobs.queue_schedule)
        jobs.queue_schedule()
        assert engine.jobs("queueing_lock", "extract(second from scheduled_at)::int") == [
            ("scheduled:sweep", 0)
        ]
        assert jobs_state().waiting == 0
        engine.time_passes()
        assert jobs_state().waiting == 1

    def test_a_line_runs_when_its_time_has_come_and_waits_again(self, engine):
        times = []
        engine.schedule("sweep", times.append)
        jobs.queue_schedule()
        work_what_waits()
        assert times == []
        engine.time_passes()
        work_what_waits()
        assert len(times) == 1
        jobs.queue_schedule()
        assert engine.jobs("status") == ["todo"]

    def test_a_line_that_fails_is_parked_once_and_cleared_when_it_works(self, engine):
        action = Unwilling()
        engine.schedule("sweep", action)
        for _ in range(3):
            jobs.queue_schedule()
            engine.time_passes()
            work_what_waits()
        assert [job.what for job in parked_jobs()] == ["sweep"]
        action.willing = True
        jobs.queue_schedule()
        engine.time_passes()
        work_what_waits()
        assert parked_jobs() == []


class TestPulse:
    def test_one_process_beats_at_a_time(self, engine, database_urls):
        import psycopg

        with psycopg.connect(database_urls.app, autocommit=True) as other:
            other.execute("select pg_advisory_lock(%s)", [jobs.PULSE_LOCK])
            assert jobs.pulse_once() is False
            other.execute("select pg_advisory_unlock(%s)", [jobs.PULSE_LOCK])
            assert jobs.pulse_once() is True
            found = other.execute("select pg_try_advisory_lock(%s)", [jobs.PULSE_LOCK]).fetchone()
            assert found == (True,), "whoever has beaten lets go"

    def test_a_part_that_fails_stops_no_other(self, engine, monkeypatch):
        engine.react_with(each("hear", lambda fact: None))
        engine.tell()

        def broken():
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("select 1 / 0")

        monkeypatch.setattr(jobs, "BEAT", (broken, *jobs.BEAT))
        assert jobs.pulse_once() is True
        assert StoredEvent.objects.filter(handled_at=None).count() == 0

    def test_it_goes_on_after_the_database_has_thrown_it_out(self, engine, database_urls):
        import psycopg

        engine.react_with(each("hear", lambda fact: None))
        pulse = Pulse()
        pulse.start()
        try:
            with psycopg.connect(database_urls.superuser, autocommit=True) as superuser:
                others = (
                    "pid <> pg_backend_pid() and datname = current_database() and query like '%advisory%'"
                )
                while not superuser.execute(
                    f"select pg_terminate_backend(pid) from pg_stat_activity where {others}"
                ).fetchall():
                    time.sleep(0.05)
            engine.tell()
            while StoredEvent.objects.filter(handled_at=None).exists():
                time.sleep(0.05)
        finally:
            pulse.end()
        assert engine.jobs("task_name").count("react") == 1
