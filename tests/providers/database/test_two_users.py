"""Several users of one machine, each with a database of their own, at the same time."""

import os
import pwd
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from tagwerk.providers.database import EmbeddedDatabase, keeper
from tagwerk.providers.database.programs import Runner

ROOT = Path(__file__).resolve().parents[3]
HOLDER = """
import sys
sys.path[:0] = sys.argv[2:]
from pathlib import Path
from tagwerk.providers.database import EmbeddedDatabase
with EmbeddedDatabase(Path(sys.argv[1])) as database:
    print(database.app_url, flush=True)
    sys.stdin.read()
"""
LIBRARIES = [path for path in sys.path if path.endswith("site-packages")]


def existing_users() -> list[Runner]:
    """Two ordinary users that every system has."""
    entries = {entry.pw_name: entry for entry in pwd.getpwall()}
    return [
        Runner(name, entries[name].pw_uid, entries[name].pw_gid)
        for name in ("daemon", "nobody")
        if name in entries
    ]


def python_for(user: Runner) -> str | None:
    """A Python of our version that the user can start, with our libraries in reach."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for program in (sys.executable, f"/usr/bin/{version}", f"/usr/local/bin/{version}"):
        if user.can(
            program,
            "-c",
            "import sys; sys.path[:0] = sys.argv[1:]; import tagwerk, psycopg",
            ROOT,
            *LIBRARIES,
        ):
            return program
    return None


@pytest.mark.long
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become two other users")
def test_two_users_side_by_side(folder: Path) -> None:
    users = existing_users()
    pythons = [python_for(user) for user in users]
    if len(users) < 2 or not all(pythons):
        pytest.skip(
            f"users {[user.name for user in users]} cannot reach a Python with our libraries from {ROOT}"
        )
    with EmbeddedDatabase(folder) as ours:
        started = [
            hold(user, python, folder.parent / user.name) for user, python in zip(users, pythons, strict=True)
        ]
        urls = [process.stdout.readline().strip() for process in started if process.stdout]
        assert len({*urls, ours.app_url}) == 3
        for url in (*urls, ours.app_url):
            with psycopg.connect(url) as connection:
                assert connection.execute("SELECT current_user").fetchone() == ("tagwerk_app",)
        for user, stranger in zip(users, reversed(users), strict=True):
            assert not user.can("/bin/cat", folder.parent / stranger.name / "passwords.json")
            assert not user.can("/bin/ls", urls[users.index(stranger)].rpartition("host=")[2])
        for process in started:
            process.communicate()
            assert process.returncode == 0


def hold(user: Runner, python: str | None, folder: Path) -> "subprocess.Popen[str]":
    folder.mkdir(mode=0o700)
    os.chown(folder, user.uid, user.gid)
    return subprocess.Popen(
        [str(python), "-c", HOLDER, str(folder), str(ROOT), *LIBRARIES],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd="/",
        env={"PATH": "/usr/bin:/bin"},
        **user.identity,
    )


@pytest.mark.skipif(os.geteuid() != 0, reason="only for root is a system user made")
def test_root_runs_the_server_as_a_user_who_is_not_root(database: EmbeddedDatabase) -> None:
    owner = (database.folder / "cluster").stat().st_uid
    assert owner != 0
    assert database.server_pid
    if Path("/proc/self").exists():
        assert Path(f"/proc/{database.server_pid}").stat().st_uid == owner
    assert keeper.runs_on(database.server_pid, database.cluster)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another user")
def test_programs_that_user_cannot_reach_are_copied(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, copied_wheel: Callable[[Path], Path]
) -> None:
    hidden = tmp_path / "hidden"
    hidden.mkdir(mode=0o700)
    monkeypatch.setattr("tagwerk.providers.database.programs.installed", lambda: copied_wheel(hidden))
    with EmbeddedDatabase(folder) as database, psycopg.connect(database.app_url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert [path.parent for path in folder.glob("programs-*/*/pginstall*")]
    assert hidden.stat().st_mode & 0o777 == 0o700, "it never touches what is not its own"
