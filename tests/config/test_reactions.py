from inspect import signature

from tagwerk.base.events import Event
from tagwerk.config.jobs import EVENTS
from tagwerk.config.reactions import BY_NAME, REACTIONS
from tagwerk.config.schedule import PULSE, SCHEDULE

ALL = [reaction for reactions in REACTIONS.values() for reaction in reactions]


def every_event(kind=Event):
    for below in kind.__subclasses__():
        yield below
        yield from every_event(below)


def test_every_name_stands_for_one_reaction():
    for reaction in [*ALL, *(reaction for reaction, _ in PULSE)]:
        assert BY_NAME[reaction.name] is reaction, f"two reactions are called {reaction.name}"


def test_every_reaction_with_a_name_is_started_by_something():
    started = {reaction.name for reaction in ALL} | {reaction.name for reaction, _ in PULSE}
    assert set(BY_NAME) == started


def test_every_fact_of_the_house_is_in_the_table():
    ours = {event for event in every_event() if event.__module__.startswith("tagwerk.domain.")}
    assert ours == set(REACTIONS)


def test_no_two_facts_have_one_name():
    assert len(EVENTS) == len(REACTIONS)


def test_coalesced_reactions_follow_facts_that_name_a_project():
    for event, reactions in REACTIONS.items():
        if any(reaction.per_project for reaction in reactions):
            assert "project_id" in signature(event).parameters


def test_the_lines_of_the_schedule_have_names_of_their_own():
    names = [line.name for line in SCHEDULE]
    assert len(names) == len(set(names))
    assert all(86_400 % line.every_seconds == 0 for line in SCHEDULE)
