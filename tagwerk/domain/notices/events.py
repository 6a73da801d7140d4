"""What this room tells."""

from dataclasses import dataclass

from tagwerk.base.events import Event


@dataclass(frozen=True, kw_only=True)
class WebhookCreated(Event):
    """An organisation wants to be called."""

    endpoint_id: int


@dataclass(frozen=True, kw_only=True)
class WebhookChanged(Event):
    """Address, events, secret or state of a webhook were changed; `what` names which."""

    endpoint_id: int
    what: str


@dataclass(frozen=True, kw_only=True)
class WebhookRemoved(Event):
    """A webhook and its log are gone."""

    endpoint_id: int


@dataclass(frozen=True, kw_only=True)
class WebhookDisabled(Event):
    """A webhook was switched off by us, because it kept failing or said that it is gone."""

    endpoint_id: int
