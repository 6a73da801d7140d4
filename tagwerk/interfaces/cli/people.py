"""tagwerk user …"""

import argparse
import getpass
import sys
from typing import Any

from tagwerk.base.errors import Invalid
from tagwerk.interfaces.cli.machinery import Machinery
from tagwerk.interfaces.cli.tables import table


def add_to(words: Any) -> None:
    """Add these commands to the grammar."""
    user = words.add_parser("user", help="Create and list people, make operators.").add_subparsers(
        dest="user_word", metavar="word", required=True
    )
    _create(user)
    text = "List people, the newest first."
    listing = user.add_parser("list", help=text, description=text)
    listing.add_argument(
        "--search", default="", metavar="TEXT", help="only those whose name or e-mail contains this"
    )
    listing.set_defaults(handler=_list)
    text = "Make a person an operator, or with --no an ordinary person again."
    operator = user.add_parser("operator", help=text, description=text)
    operator.add_argument("email", help="who")
    operator.add_argument("--no", action="store_true", help="take the role away")
    operator.set_defaults(handler=_operator)


def _create(user: Any) -> None:
    text = "Create a person who can sign in at once; the password is asked for or read from standard input."
    create = user.add_parser("create", help=text, description=text)
    create.add_argument("email", help="the address to sign in with")
    create.add_argument("--name", default="", help="how they are called; default: the part before the @")
    create.add_argument("--operator", action="store_true", help="may run this instance")
    create.add_argument(
        "--organisation", default="", metavar="NAME", help="found an organisation that they own"
    )
    language_help = "the language of their pages; default: that of their browser"
    create.add_argument("--language", choices=("en", "de"), help=language_help)
    create.set_defaults(handler=_create_person)


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Password (at least 10 characters): ")
    if first != getpass.getpass("The same again: "):
        raise Invalid("passwords_differ", "The two passwords differ; nothing was created.")
    return first


def _create_person(options: argparse.Namespace, machinery: Machinery) -> int:
    password = _password()
    with machinery.database():
        from tagwerk.domain.accounts import actions as accounts
        from tagwerk.domain.accounts import queries
        from tagwerk.domain.accounts.rules import CONSOLE

        person_id = accounts.create_person(
            actor=CONSOLE,
            email=options.email,
            display_name=options.name or options.email.partition("@")[0],
            password=password,
            ui_language=options.language,
            is_operator=options.operator,
        )
        print(f"Created {options.email}.")
        if options.organisation:
            actor = queries.actor_of_person(person_id)
            organisation_id = accounts.found_organisation(actor=actor, name=options.organisation)
            accounts.approve_organisation(actor=CONSOLE, organisation_id=organisation_id)
            print(f"Founded and approved “{options.organisation}”.")
    return 0


def _list(options: argparse.Namespace, machinery: Machinery) -> int:
    with machinery.database():
        from tagwerk.domain.accounts import queries
        from tagwerk.domain.accounts.rules import CONSOLE

        people = queries.people_page(CONSOLE, search=options.search, limit=200)
        print(
            table(
                ["e-mail", "name", "kind", "operator"],
                [[p.email, p.display_name, p.kind, "yes" if p.is_operator else ""] for p in people],
            )
        )
    return 0


def _operator(options: argparse.Namespace, machinery: Machinery) -> int:
    with machinery.database():
        from tagwerk.domain.accounts import actions as accounts
        from tagwerk.domain.accounts import queries
        from tagwerk.domain.accounts.rules import CONSOLE

        found = [
            p
            for p in queries.people_page(CONSOLE, search=options.email, limit=50)
            if p.email == options.email.lower()
        ]
        if not found:
            raise Invalid("person_not_found", "Nobody signs in as {email}.", email=options.email)
        accounts.make_operator(actor=CONSOLE, person_id=found[0].id, is_operator=not options.no)
        print(f"{options.email} is {'no longer an operator' if options.no else 'an operator now'}.")
    return 0
