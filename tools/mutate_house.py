"""Break each house rule on purpose, on a copy, and see whether the house notices.

Run with `make mutate`. Each mutation names what must notice it: that test, contract or tool has to be content with
the house as it is (the control) and to fail on the broken copy. A rule that nobody misses when it is broken is no rule.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TOOLS, MODULES = ROOT / ".venv" / "bin", ROOT / "node_modules"
LEAVE = shutil.ignore_patterns("__pycache__", ".git", ".venv", "node_modules", ".*_cache", "build", "var")


def append(path: str, text: str) -> Callable[[Path], None]:
    """A mutation that adds text to a file, which may be new."""

    def change(copy: Path) -> None:
        target = copy / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text((target.read_text() if target.exists() else "") + text)

    return change


def replace(path: str, old: str, new: str) -> Callable[[Path], None]:
    """A mutation that changes a text that must be there."""

    def change(copy: Path) -> None:
        text = (copy / path).read_text()
        assert old in text, f"{path} has no “{old}” any more: mend this mutation"
        (copy / path).write_text(text.replace(old, new, 1))

    return change


ROOM, DOOR = "tagwerk/domain", "tagwerk/interfaces"
LIFE, PROJECTS, GUARDS = (
    f"{ROOM}/projects/rules/life.py",
    f"{ROOM}/projects/queries.py",
    f"{DOOR}/web/guards.py",
)
LAUNCHING = f"{ROOM}/projects/actions/life.py"
Mutation = tuple[str, Callable[[Path], None]]
HOUSE, REFERENCES, ANSWERS = (
    "tests/house/test_house.py",
    "tests/house/test_references.py",
    "tests/interfaces/web/test_answers.py",
)
LOOK = "tests/house/test_look.py"
ORDER = f"{HOUSE}::test_imports_go_down"
# What is broken: (what must notice it, how it is broken)
MUTATIONS: dict[str, Mutation] = {
    "a lower room imports a higher one": (ORDER, append(LAUNCHING, "\nfrom tagwerk.domain.work import queries as w\n")),
    "the same, hidden in a function": (ORDER, append(PROJECTS, "\ndef x() -> None:\n    '''X.'''\n    from tagwerk.domain.quality import queries as q\n")),
    "a room imports its neighbour": (ORDER, append(f"{ROOM}/ledger/actions.py", "\nfrom tagwerk.domain.notices import queries as n\n")),
    "a room imports an interface": (ORDER, append(PROJECTS, "\nfrom tagwerk.interfaces.web import middleware\n")),
    "a room imports a provider": (ORDER, append(f"{ROOM}/notices/actions/mail.py", "\nfrom tagwerk import providers\n")),
    "an interface imports another": (ORDER, append(f"{DOOR}/api/me.py", "\nfrom tagwerk.interfaces.web import middleware\n")),
    "an interface imports a room's models": (ORDER, append(f"{DOOR}/api/me.py", "\nfrom tagwerk.domain.projects.models import Project\n")),
    "an interface imports a provider": (ORDER, append(f"{DOOR}/cli/command.py", "\nfrom tagwerk.providers import database\n")),
    "a page starts a simulation": (ORDER, append(GUARDS, "\nfrom tagwerk.simulation import habits\n")),
    "the client imports the product": (ORDER, append("tagwerk/client/__init__.py", "\nfrom tagwerk.base import money\n")),
    "simulated people look behind the API": (ORDER, append("tagwerk/simulation/__init__.py", "\nfrom tagwerk.base import money\n")),
    "inference imports Django": (ORDER, append("tagwerk/inference/vote.py", "\nfrom django.conf import settings\n")),
    "a storey nobody drew": (ORDER, append("tagwerk/extras/__init__.py", "")),
    "a room that is not in the order": (ORDER, append(f"{ROOM}/gossip/__init__.py", "")),
    "another kind of file in a room": (ORDER, append(f"{ROOM}/projects/workings.py", "")),
    "models import actions": (ORDER, append(f"{ROOM}/projects/models.py", "\nfrom tagwerk.domain.projects import actions\n")),
    "rules import Django": (ORDER, append(LIFE, "\nfrom django.utils.timezone import now\n")),
    "rules reach Django through base": (ORDER, append(LIFE, "\nfrom tagwerk.base.events import Event\n")),
    "a foreign key climbs": (f"{HOUSE}::test_foreign_keys_go_down", append(f"{ROOM}/accounts/models.py", "\n\nclass Pet(models.Model):\n    project = models.ForeignKey('projects.Project', models.PROTECT)\n")),
    "an interface asks the tables": (f"{HOUSE}::test_interfaces_do_not_touch_the_tables", append(f"{DOOR}/api/me.py", "\n\ndef y(thing):\n    return thing.objects.all()\n")),
    "a room writes another's table": (f"{HOUSE}::test_only_a_room_writes_its_own_tables", append(LAUNCHING, "\nfrom tagwerk.domain.accounts.models import Person\n\n\ndef z() -> None:\n    '''Z.'''\n    Person.objects.filter(id=1).update(country='DE')\n")),
    "a query writes": (f"{HOUSE}::test_only_actions_write", append(PROJECTS, "\n\ndef sneak() -> None:\n    '''Sneak.'''\n    Project.objects.filter(id=1).delete()\n")),
    "somebody listens to a signal": (f"{HOUSE}::test_nobody_listens_to_signals", append(LAUNCHING, "\nfrom django.dispatch import receiver\n\n\n@receiver(None)\ndef hear(**kw):\n    '''Hear.'''\n")),
    "an event that nobody lists": (f"{HOUSE}::test_every_event_has_its_line_in_reactions", append(f"{ROOM}/projects/events.py", "\n\n@dataclass(frozen=True, kw_only=True)\nclass ProjectAdmired(Event):\n    pass\n")),
    "a silent action": (f"{HOUSE}::test_every_action_and_query_says_what_it_does", append(LAUNCHING, "\n\ndef admire(*, project_id: int) -> None:\n    pass\n")),
    "an action with positional arguments": (f"{HOUSE}::test_actions_take_their_arguments_by_name", append(f"{ROOM}/projects/actions/__init__.py", "\n\ndef admire(project_id: int) -> None:\n    '''Admire.'''\n")),
    "a model changes without a migration": (f"{HOUSE}::test_migrations_are_written", replace(f"{ROOM}/projects/models.py", "title = models.CharField(max_length=200)", "title = models.CharField(max_length=201)")),
    "a migration without a name": (f"{HOUSE}::test_migrations_are_named", append(f"{ROOM}/projects/migrations/0099_auto_20260101.py", "")),
    "a constraint that nobody tests": (f"{HOUSE}::test_every_constraint_is_tested_by_name", replace(f"{ROOM}/projects/models.py", 'name="media_name_once"', 'name="media_name_1" "x"')),
    "a table without a word": (f"{HOUSE}::test_every_model_is_in_the_words", replace("docs/words.md", "fed answer", "fed")),
    "a drawer": (f"{HOUSE}::test_files_are_small_and_speak", append("tagwerk/base/utils.py", "x = 1\n")),
    "a file of 401 lines": (f"{HOUSE}::test_files_are_small_and_speak", append("tagwerk/base/long.py", "x = 1\n" * 401)),
    "a template without its view": (f"{HOUSE}::test_pages_have_their_template_beside_them", append(f"{DOOR}/web/pages/worker/lonely.html", "<p>")),
    "a component without a sample": (f"{HOUSE}::test_pages_have_their_template_beside_them", append(f"{DOOR}/web/components/lonely/lonely.html", "<p>")),
    "a colour that is no token": (f"{LOOK}::test_colours_are_tokens", append(f"{DOOR}/web/layout/head.css", ".x { color: #123456; }\n")),
    "a colour in a script": (f"{LOOK}::test_colours_are_tokens", append(f"{DOOR}/web/layout/htmx.js", 'const x = "#123456";\n')),
    "a left margin": (f"{LOOK}::test_lines_may_run_either_way", append(f"{DOOR}/web/layout/head.css", ".x { margin-left: 1rem; }\n")),
    "a fixed width": (f"{LOOK}::test_lines_may_run_either_way", append(f"{DOOR}/web/layout/head.css", ".x {\n  width: 1rem;\n}\n")),
    "a style set by a script": (f"{LOOK}::test_scripts_set_classes_and_states_and_no_styles", append(f"{DOOR}/web/layout/htmx.js", "document.body.style.color = x;\n")),
    "words that nobody translates": (f"{LOOK}::test_every_word_of_a_template_is_translated", append(f"{DOOR}/web/layout/foot.html", "<p>Read more</p>")),
    "a label that nobody translates": (f"{LOOK}::test_every_word_of_a_template_is_translated", append(f"{DOOR}/web/layout/foot.html", '<nav aria-label="Read more">')),
    "a component that says untranslated words": (f"{LOOK}::test_every_word_of_a_template_is_translated", append(f"{DOOR}/web/layout/foot.html", '{% component "button" label="Save" %}')),
    "an inline style": (f"{HOUSE}::test_pages_have_no_inline_styles_or_scripts", append(f"{DOOR}/web/layout/base.html", '<p style="color: red">')),
    "a kind with only one of its two places": (f"{ANSWERS}::test_every_kind_of_the_rules_has_an_element_and_no_element_is_without_rules", append(f"{ROOM}/designs/rules/kinds/shout.py", "x = 1\n")),
    "a setting that is not in the docs": (f"{REFERENCES}::test_the_references_are_up_to_date", replace("tagwerk/config/environment.py", "How much is written to the log.", "How much is logged.")),
    "a reference that nothing writes": (f"{REFERENCES}::test_every_reference_is_compared", append("docs/reference/old.md", "Old.\n")),
    "a link that leads nowhere": ("tests/house/test_docs.py::test_links_lead_somewhere", append("docs/architecture.md", "\n[gone](gone.md)\n")),
    "a room that the drawing lacks": ("tests/house/test_docs.py::test_the_drawing_shows_every_room", replace("docs/architecture.md", "designs │ ledger │ notices", "designs │ ledger")),
    "a registry's address in the lock file": (f"{HOUSE}::test_no_registry_address_and_no_third_party_code", append("package-lock.json", ' "resolved" ')),
    "an address in the requirements": (f"{HOUSE}::test_no_registry_address_and_no_third_party_code", append("requirements/base.txt", "\n# https://example.org\n")),
    "somebody else's code": (f"{HOUSE}::test_no_registry_address_and_no_third_party_code", append(f"{DOOR}/web/layout/their.min.js", "")),
    "a text without German": ("messages", replace(f"{DOOR}/web/pages/worker/mine.html", "{% endblock %}", "{% translate 'Nobody has said this in German' %}{% endblock %}")),
    "a function of 31 statements": ("ruff", append("tagwerk/base/money.py", "\n\ndef long() -> None:\n" + "    print()\n" * 31)),
    "a function that branches nine times": ("ruff", append("tagwerk/base/money.py", "\n\ndef many(x: int) -> int:\n" + "    if x:\n        x += 1\n" * 9 + "    return x\n")),
    "a wrong type": ("mypy", append("tagwerk/base/money.py", "\n\nx: int = 'one'\n")),
    "a wrong type in the browser": ("tsc", append(f"{DOOR}/web/answers/when.js", "\n/** @type {number} */\nexport const wrong = 'one';\n")),
}  # fmt: skip
LOOKING: dict[str, list[str]] = {
    "ruff": ["ruff", "check", "tagwerk/base/money.py"],
    "mypy": ["mypy", "--cache-dir=/dev/null"],
    "tsc": [str(MODULES / ".bin" / "tsc"), "--project", "tsconfig.json"],
    "messages": ["python", "tools/messages.py", "check"],
}


def main() -> int:
    """Try all mutations (or those whose name contains the first argument); 1 if one went unnoticed."""
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    missed = [name for name in MUTATIONS if wanted in name and not _is_caught(name)]
    print(f"{len(missed)} missed")
    return 1 if missed else 0


def _is_caught(name: str) -> bool:
    by, change = MUTATIONS[name]
    with tempfile.TemporaryDirectory() as folder:
        copy = _copy(Path(folder))
        change(copy)
        fails = not _is_content(by, copy)
    caught = fails and _is_content_with_the_house(by)
    why = by if caught else f"{by} {'fails without it too' if fails else 'is content with it'}"
    print(f"{'caught' if caught else 'MISSED':7s} {name:42s} {why}", flush=True)
    return caught


@cache
def _is_content_with_the_house(by: str) -> bool:
    """The control: a test that fails anyway catches nothing."""
    with tempfile.TemporaryDirectory() as folder:
        return _is_content(by, _copy(Path(folder)))


def _copy(folder: Path) -> Path:
    copy = folder / "house"
    shutil.copytree(ROOT, copy, ignore=LEAVE)
    for there in (TOOLS.parent, MODULES):
        (copy / there.name).symlink_to(there)
    return copy


def _is_content(by: str, copy: Path) -> bool:
    command = LOOKING.get(by, ["python", "-m", "pytest", "-q", "--no-header", "-x", by])
    program = command[0] if command[0].startswith("/") else str(TOOLS / command[0])
    environ = {
        **os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1", "PATH": f"{TOOLS}:{os.environ['PATH']}",
    }  # fmt: skip
    done = subprocess.run([program, *command[1:]], cwd=copy, env=environ, capture_output=True, check=False)
    return done.returncode == 0


if __name__ == "__main__":
    raise SystemExit(main())
