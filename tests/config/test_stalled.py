"""Whatever happens to a process, the job it was at is carried out."""

from tagwerk.base.jobs import parked_jobs
from tagwerk.config import jobs
from tagwerk.config.reactions import each, once_per_project
from tagwerk.config.stalled import DEADLY, STALLED_SECONDS, Watch, tidy_up
from tagwerk.config.worker import work_what_waits

LONG_AGO = STALLED_SECONDS * 3


def test_the_job_of_a_killed_process_is_started_again(engine):
    heard = []
    engine.react_with(each("hear", lambda fact: heard.append(fact.number)))
    engine.tell(5)
    jobs.hand_over_all()
    engine.pretend_doing(heard_of_seconds_ago=LONG_AGO)
    assert Watch().look() == 1
    work_what_waits()
    assert heard == [5]


def test_the_job_of_a_living_process_is_left_alone(engine):
    engine.react_with(each("hear", lambda fact: None))
    engine.tell()
    jobs.hand_over_all()
    engine.pretend_doing(heard_of_seconds_ago=1)
    watch = Watch()
    assert [watch.look() for _ in range(3)] == [0, 0, 0]
    assert engine.jobs("status") == ["doing"]


def test_a_job_whose_end_our_own_process_could_not_write_down_is_started_again(engine):
    engine.react_with(once_per_project("look", lambda id: None))
    jobs.queue_for_projects([("look", 7)])
    jobs.our_workers.add(engine.pretend_doing(heard_of_seconds_ago=1))
    [job_id] = engine.jobs("id")
    watch = Watch()
    jobs.carried_out.add(job_id)
    assert [watch.look(), watch.look()] == [0, 0], "its thread is still at it"
    jobs.carried_out.discard(job_id)
    assert watch.look() == 0, "for a moment every finished job looks like this"
    assert watch.look() == 1
    assert engine.jobs("status") == ["todo"]


def test_a_stalled_job_whose_twin_waits_leaves_the_work_to_it(engine):
    engine.react_with(once_per_project("look", lambda id: None))
    jobs.queue_for_projects([("look", 7)])
    engine.pretend_doing(heard_of_seconds_ago=LONG_AGO)
    jobs.queue_for_projects([("look", 7)])
    assert sorted(engine.jobs("status")) == ["doing", "todo"]
    assert Watch().look() == 1
    assert engine.jobs("status") == ["todo"]


def test_a_job_that_kills_its_processes_is_parked(engine):
    engine.react_with(each("explode", lambda fact: None))
    engine.tell()
    jobs.hand_over_all()
    for _ in range(DEADLY + 1):
        assert parked_jobs() == []
        engine.time_passes()
        engine.pretend_doing(heard_of_seconds_ago=LONG_AGO)
        Watch().look()
    [parked] = parked_jobs()
    assert "killed each time" in parked.error
    tidy_up()
    assert parked_jobs() == [parked]
