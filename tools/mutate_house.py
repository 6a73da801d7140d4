"""Break each house rule on purpose, on a copy, and see whether the house notices.

Run with `make mutate`. Each line says which test or contract caught the break; a rule that nobody misses
when it is broken is no rule.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
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
MUTATIONS = {
    "a lower room imports a higher one": append(f"{ROOM}/projects/actions/__init__.py", "\nfrom tagwerk.domain.work import queries as w\n"),
    "the same, hidden in a function": append(f"{ROOM}/projects/queries.py", "\ndef x() -> None:\n    '''X.'''\n    from tagwerk.domain.quality import queries as q\n"),
    "a room imports its neighbour": append(f"{ROOM}/ledger/actions.py", "\nfrom tagwerk.domain.notices import queries as n\n"),
    "a room imports an interface": append(f"{ROOM}/projects/queries.py", "\nfrom tagwerk.interfaces.web import middleware\n"),
    "a room imports a provider": append(f"{ROOM}/notices/actions.py", "\nfrom tagwerk import providers\n"),
    "an interface imports another": append(f"{DOOR}/api/errors.py", "\nfrom tagwerk.interfaces.web import middleware\n"),
    "an interface imports a room's models": append(f"{DOOR}/api/errors.py", "\nfrom tagwerk.domain.projects.models import Project\n"),
    "an interface imports a provider": append(f"{DOOR}/cli/command.py", "\nfrom tagwerk.providers import database\n"),
    "a page starts a simulation": append(f"{DOOR}/web/guards.py", "\nfrom tagwerk.simulation import people\n"),
    "the client imports the product": append("tagwerk/client/__init__.py", "\nfrom tagwerk.base import money\n"),
    "simulated people look behind the API": append("tagwerk/simulation/__init__.py", "\nfrom tagwerk.base import money\n"),
    "inference imports Django": append("tagwerk/inference/vote.py", "\nfrom django.conf import settings\n"),
    "a storey nobody drew": append("tagwerk/extras/__init__.py", ""),
    "a room that is not in the order": append(f"{ROOM}/gossip/__init__.py", ""),
    "another kind of file in a room": append(f"{ROOM}/projects/services.py", ""),
    "models import actions": append(f"{ROOM}/projects/models.py", "\nfrom tagwerk.domain.projects import actions\n"),
    "rules import Django": append(f"{ROOM}/projects/rules/life.py", "\nfrom django.utils.timezone import now\n"),
    "rules reach Django through base": append(f"{ROOM}/projects/rules/life.py", "\nfrom tagwerk.base.events import Event\n"),
    "a foreign key climbs": append(f"{ROOM}/accounts/models.py", "\n\nclass Pet(models.Model):\n    project = models.ForeignKey('projects.Project', models.PROTECT)\n"),
    "an interface asks the tables": append(f"{DOOR}/api/errors.py", "\n\ndef y(thing):\n    return thing.objects.all()\n"),
    "a room writes another's table": append(f"{ROOM}/projects/actions/__init__.py", "\nfrom tagwerk.domain.accounts.models import Person\n\n\ndef z() -> None:\n    '''Z.'''\n    Person.objects.filter(id=1).update(country='DE')\n"),
    "a query writes": append(f"{ROOM}/projects/queries.py", "\n\ndef sneak() -> None:\n    '''Sneak.'''\n    Project.objects.filter(id=1).delete()\n"),
    "somebody listens to a signal": append(f"{ROOM}/projects/actions/__init__.py", "\nfrom django.dispatch import receiver\n\n\n@receiver(None)\ndef hear(**kw):\n    '''Hear.'''\n"),
    "an event that nobody lists": append(f"{ROOM}/projects/events.py", "\n\n@dataclass(frozen=True, kw_only=True)\nclass ProjectAdmired(Event):\n    pass\n"),
    "a silent action": append(f"{ROOM}/projects/actions/__init__.py", "\n\ndef admire(*, project_id: int) -> None:\n    pass\n"),
    "an action with positional arguments": append(f"{ROOM}/projects/actions/__init__.py", "\n\ndef admire(project_id: int) -> None:\n    '''Admire.'''\n"),
    "a model changes without a migration": replace(f"{ROOM}/projects/models.py", "title = models.CharField(max_length=200)", "title = models.CharField(max_length=201)"),
    "a constraint that nobody tests": replace(f"{ROOM}/projects/models.py", 'name="media_name_once"', 'name="media_name_1" "x"'),
    "a drawer": append("tagwerk/base/utils.py", "x = 1\n"),
    "a file of 401 lines": append("tagwerk/base/long.py", "x = 1\n" * 401),
    "a template without its view": append(f"{DOOR}/web/pages/worker/lonely.html", "<p>"),
    "a component without a sample": append(f"{DOOR}/web/components/lonely/lonely.html", "<p>"),
    "an inline style": append(f"{DOOR}/web/layout/base.html", '<p style="color: red">'),
    "a kind with only one of its two places": append(f"{ROOM}/designs/rules/kinds/shout.py", "x = 1\n"),
    "a setting that is not in the docs": replace("tagwerk/config/environment.py", "How much is written to the log.", "How much is logged."),
    "a registry's address in the lock file": append("package-lock.json", ' "resolved" '),
}  # fmt: skip


def main() -> int:
    """Try all mutations (or those whose name contains the first argument); 1 if one went unnoticed."""
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    missed = 0
    for name, change in MUTATIONS.items():
        if wanted not in name:
            continue
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "house"
            shutil.copytree(ROOT, copy, ignore=LEAVE)
            change(copy)
            missed += not _noticed(copy, name)
    return 1 if missed else 0


def _noticed(copy: Path, name: str) -> bool:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "--no-header",
        "-x",
        "tests/house",
        "tests/interfaces/web/test_answers.py",
    ]
    environ = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    result = subprocess.run(command, cwd=copy, env=environ, capture_output=True, text=True, check=False)
    by = re.findall(r"(?:FAILED|ERROR) \S+?::(\w+)", result.stdout) or ["the start of the tests"]
    broken = re.findall(r"^(.*) BROKEN", result.stdout, re.M)
    print(
        f"{'caught' if result.returncode else 'MISSED':7s} {name:42s} {', '.join(by) if result.returncode else ''} {broken or ''}"
    )
    return bool(result.returncode)


if __name__ == "__main__":
    raise SystemExit(main())
