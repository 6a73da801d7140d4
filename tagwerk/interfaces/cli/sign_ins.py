"""The three ready-made sign-ins of the demo."""

import json
import os
import secrets
from pathlib import Path

from django.conf import settings

from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries as accounts_queries
from tagwerk.domain.accounts.rules import CONSOLE
from tagwerk.interfaces.cli import local
from tagwerk.interfaces.cli.tables import table

REQUESTER = "requester@demo.localhost"
OPERATOR = "operator@demo.localhost"
CHECKER = "checker@demo.localhost"
SIGN_INS = (
    ("worker", "worker@demo.localhost", "Wanda Worker"),
    ("requester", REQUESTER, "Rita Requester"),
    ("operator", OPERATOR, "Otto Operator"),
    ("operator", CHECKER, "Olga Operator"),  # releases what the first one makes
)


def make_sign_ins(data: Path) -> dict[str, str]:
    """The demo's people with the passwords of the data folder's file, whoever made them before; address → password."""
    passwords = _passwords(data / "demo-sign-ins.json")
    for role, email, name in SIGN_INS:
        person_id = local.person_of(
            email, name, country="DE", languages=local.ALL_LANGUAGES, is_operator=role == "operator"
        )
        accounts.set_password(actor=CONSOLE, person_id=person_id, password=passwords[email])
        actor = accounts_queries.actor_of_person(person_id)
        accounts.agree_to_terms(actor=actor, version=settings.TERMS_VERSION, adult=True)
    accounts.end_set_up(actor=CONSOLE)
    return passwords


def print_sign_ins(address: str, passwords: dict[str, str]) -> None:
    """What somebody needs to look around."""
    rows = [[role, email, passwords[email]] for role, email, _ in SIGN_INS]
    print(f"\ntagwerk is ready: {address}   (Ctrl-C stops everything)\n")
    print(table(["role", "sign in as", "password"], rows))
    print(
        "\nSimulated people work on the sample projects while you look around. What they earn is theirs when the\n"
        "requester accepts it (Review, or Results), or by itself after a few days. A spammer, a copier and a sloppy one\n"
        "are among them, and somebody slow who is paused and objects: see People and Quality after some minutes.\n\n"
        "An organisation of your own launches once the operator has approved it and booked its deposit:\n"
        f"  {address}/operator/organisations/\n  {address}/operator/deposits/"
    )
    print(local.mail_words(), flush=True)


def _passwords(path: Path) -> dict[str, str]:
    """Made at the first start and kept where only this user reads them; the file comes first, whole or not at all."""
    kept: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    new = {email: secrets.token_urlsafe(12) for _, email, _ in SIGN_INS if email not in kept}
    if new:
        draft = path.with_suffix(".part")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(kept | new, file)
        draft.replace(path)
    return kept | new
