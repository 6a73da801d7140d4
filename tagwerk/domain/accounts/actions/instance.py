"""What the operators say about the instance."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from tagwerk.base.errors import Conflict, NotFound
from tagwerk.base.events import record
from tagwerk.domain.accounts import queries, rules
from tagwerk.domain.accounts.actions.people import agree_to_terms, create_person
from tagwerk.domain.accounts.events import InstanceChanged
from tagwerk.domain.accounts.models import Instance
from tagwerk.domain.accounts.rules import Actor

TEXTS = ("imprint", "privacy", "fairwork")


@transaction.atomic
def change_instance(
    *,
    actor: Actor,
    name: str | None = None,
    language: str | None = None,
    currency: str | None = None,
    fee_bp: int | None = None,
    contact_email: str | None = None,
    imprint: Mapping[str, str] | None = None,
    privacy: Mapping[str, str] | None = None,
) -> None:
    """An operator changes what is given of what the instance says about itself."""
    rules.require_operator(actor)
    offered = dict(settings.LANGUAGES)
    new: dict[str, Any] = {}
    if name is not None:
        new["name"] = rules.plain_name(name, longest=rules.LONGEST_INSTANCE_NAME, path="name")
    if language is not None:
        new["language"] = rules.interface_language(language, offered)
    if currency is not None:
        new["currency"] = _free("TAGWERK_CURRENCY", rules.currency_code(currency))
    if fee_bp is not None:
        new["fee_bp"] = _free("TAGWERK_FEE_BP", rules.fee_in_range(fee_bp))
    if contact_email is not None:
        new["contact_email"] = rules.email_address(contact_email) if contact_email.strip() else ""
    for text, given in (("imprint", imprint), ("privacy", privacy)):
        if given is not None:
            new[text] = rules.page_texts(given, offered, path=text)
    _write(actor, new)


@transaction.atomic
def write_about_fairwork(*, actor: Actor, texts: Mapping[str, Mapping[str, str]]) -> None:
    """An operator says how the instance stands to each threshold of Fairwork, in each language."""
    rules.require_operator(actor)
    _write(actor, {"fairwork": rules.fairwork_texts(texts, dict(settings.LANGUAGES))})


@transaction.atomic
def end_set_up(*, actor: Actor) -> None:
    """The operators have said what a first run asks for."""
    rules.require_operator(actor)
    row = _locked()
    if row.set_up_at is None:
        row.set_up_at = Now()
        row.save(update_fields=["set_up_at"])
        _forget()


@transaction.atomic
def create_first_operator(
    *, email: str, display_name: str, password: str, ui_language: str, time_zone: str = "UTC"
) -> int:
    """Make the first operator, who is of age and agrees to the terms; whoever asks has shown the code of the console."""
    _locked()  # of two at once the second finds the first
    if queries.has_operator():
        raise NotFound("page_not_found", "There is nothing here.")
    person_id = create_person(
        actor=rules.CONSOLE,
        email=email,
        display_name=display_name,
        password=password,
        ui_language=ui_language,
        time_zone=time_zone,
        is_operator=True,
    )
    actor = queries.actor_of_person(person_id)
    agree_to_terms(actor=actor, version=settings.TERMS_VERSION, adult=True)
    return person_id


def _free(setting: str, value: Any) -> Any:
    """The value, unless the environment has the last word about it."""
    if setting in settings.SET_BY_ENVIRONMENT:
        raise Conflict(
            "set_by_environment",
            "The environment sets {setting}: change it there, or unset it to choose it here.",
            setting=setting,
        )
    return value


def _write(actor: Actor, new: Mapping[str, Any]) -> None:
    row = _locked()
    changes = {
        field: [getattr(row, field), value] for field, value in new.items() if getattr(row, field) != value
    }
    if not changes:
        return
    for field, (_before, value) in changes.items():
        setattr(row, field, value)
    row.save(update_fields=list(changes))
    for field in set(TEXTS) & set(changes):
        changes[field] = [sorted(texts) for texts in changes[field]]
    record(InstanceChanged(actor_id=actor.person_id, changes=changes))
    _forget()


def _locked() -> Instance:
    Instance.objects.get_or_create(id=1)
    return Instance.objects.select_for_update().get()


def _forget() -> None:
    """At once for this transaction, and for others once it is committed: they may have read in between."""
    queries.forget_instance()
    transaction.on_commit(queries.forget_instance)
