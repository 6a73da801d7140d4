"""What this room tells."""

from dataclasses import dataclass

from tagwerk.base.events import Event


@dataclass(frozen=True, kw_only=True)
class QualificationCreated(Event):
    """There is a new qualification."""

    qualification_id: int


@dataclass(frozen=True, kw_only=True)
class QualificationRetired(Event):
    """New projects cannot require it any more."""

    qualification_id: int


@dataclass(frozen=True, kw_only=True)
class QualificationGranted(Event):
    """A person holds a qualification, or holds it with another score or end: what they may do has changed."""

    person_id: int
    qualification_id: int


@dataclass(frozen=True, kw_only=True)
class QualificationRevoked(Event):
    """A person lost a qualification: at the next claim it counts."""

    person_id: int
    qualification_id: int


@dataclass(frozen=True, kw_only=True)
class QualificationExpired(Event):
    """A holding came to its end."""

    person_id: int
    qualification_id: int


@dataclass(frozen=True, kw_only=True)
class EntryTestDefined(Event):
    """A qualification has a new entry test."""

    qualification_id: int
    test_id: int


@dataclass(frozen=True, kw_only=True)
class EntryTestFinished(Event):
    """A person finished an attempt."""

    person_id: int
    test_id: int
    passed: bool
