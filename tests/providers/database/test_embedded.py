"""One folder, one server: started once, joined by others, stopped with the last, found again."""

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from tagwerk.providers.database import DatabaseUnusable, EmbeddedDatabase, keeper, programs, roles

Start = Callable[[Path], "subprocess.Popen[str]"]


def eventually(holds: Callable[[], object]) -> None:
    """Wait until something is so; no test asserts how long it takes."""
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def ask(url: str, statement: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(statement).fetchone()
    return row[0] if row else None


def answers(url: str) -> bool:
    try:
        return ask(url, "SELECT 1") == 1
    except psycopg.OperationalError:
        return False


def remember(database: EmbeddedDatabase) -> None:
    with psycopg.connect(database.owner_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")


def keeper_of(folder: Path) -> int:
    """The keeper's process: the parent of the server."""
    server = EmbeddedDatabase(folder).server_pid
    return int(Path(f"/proc/{server}/stat").read_text().rpartition(")")[2].split()[1])


def is_kept(folder: Path) -> bool:
    return EmbeddedDatabase(folder)._is_kept()


def test_a_restart_finds_the_data(folder: Path) -> None:
    with EmbeddedDatabase(folder) as database:
        remember(database)
    assert database.server_pid is None
    with EmbeddedDatabase(folder) as database:
        assert ask(database.app_url, "SELECT number FROM kept") == 7


def test_sorts_and_folds_the_same_on_every_machine(one_database: EmbeddedDatabase) -> None:
    asked = (
        "SELECT datlocprovider::text || ' ' || datlocale FROM pg_database WHERE datname = current_database()"
    )
    assert ask(one_database.app_url, asked) == "b C.UTF-8"
    assert ask(one_database.app_url, "SELECT lower('ÄÖÜ')") == "äöü"


def test_the_app_role_works_in_tables_and_cannot_change_them(one_database: EmbeddedDatabase) -> None:
    remember(one_database)
    with psycopg.connect(one_database.app_url, autocommit=True) as connection:
        connection.execute("INSERT INTO kept VALUES (8)")
        connection.execute("UPDATE kept SET number = 9")
        connection.execute("DELETE FROM kept")
        for refused in (
            "DROP TABLE kept",
            "TRUNCATE kept",
            "CREATE TABLE mine (x int)",
            "ALTER TABLE kept ADD y int",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(refused)
        assert connection.execute(
            "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
        ).fetchone() == (False,)


def test_nobody_gets_in_without_the_password(one_database: EmbeddedDatabase) -> None:
    without = one_database.app_url.replace(f":{one_database._passwords()[roles.APP]}@", "@")
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(without)


def test_passwords_socket_and_cluster_are_private(one_database: EmbeddedDatabase) -> None:
    folder = one_database.folder
    private = {
        folder / "passwords.json": 0o600,
        one_database._socket_folder(): 0o700,
        folder / "cluster": 0o700,
    }
    assert {path: stat.S_IMODE(path.stat().st_mode) for path in private} == private


def test_listens_to_no_network(one_database: EmbeddedDatabase) -> None:
    assert ask(one_database.owner_url, "SELECT current_setting('listen_addresses')") == ""


def test_a_second_process_joins_and_the_last_one_ends_it(folder: Path, another_process: Start) -> None:
    first = EmbeddedDatabase(folder)
    url = first.start()
    second = another_process(folder)
    assert second.stdout
    assert second.stdin
    assert second.stdout.readline().strip() == url
    first.stop()
    assert answers(url), "the second one still uses it"
    second.stdin.close()
    second.wait()
    assert not is_kept(folder)
    assert EmbeddedDatabase(folder).server_pid is None


def test_many_first_starts_at_once_make_one_cluster(folder: Path, another_process: Start) -> None:
    processes = [another_process(folder) for _ in range(4)]
    urls = {process.stdout.readline() for process in processes if process.stdout}
    assert len(urls) == 1
    assert "tagwerk_owner" in urls.pop()


@pytest.mark.parametrize(
    "number",
    [signal.SIGKILL, *(pytest.param(one, marks=pytest.mark.long) for one in (signal.SIGTERM, signal.SIGINT))],
)
def test_the_server_ends_cleanly_with_its_last_user(
    folder: Path, another_process: Start, number: int
) -> None:
    process = another_process(folder)
    assert process.stdout
    process.stdout.readline()
    process.send_signal(number)
    eventually(lambda: not is_kept(folder))
    assert EmbeddedDatabase(folder).server_pid is None
    assert "database system is shut down" in (folder / "log").read_text()


@pytest.mark.long
def test_a_start_waits_for_a_stop_that_has_begun(folder: Path, another_process: Start) -> None:
    process = another_process(folder)
    assert process.stdout
    process.stdout.readline()
    process.kill()
    with EmbeddedDatabase(folder) as database:
        assert answers(database.app_url)


def test_a_killed_server_comes_back_with_its_data(database: EmbeddedDatabase) -> None:
    remember(database)
    killed = database.server_pid
    assert killed
    os.kill(killed, signal.SIGKILL)
    eventually(lambda: database.server_pid not in (None, killed) and answers(database.app_url))
    assert ask(database.app_url, "SELECT number FROM kept") == 7


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a server that its keeper was killed")
def test_a_server_ends_with_its_killed_keeper_and_both_come_back_under_the_same_url(folder: Path) -> None:
    with EmbeddedDatabase(folder) as database:
        remember(database)
        server, url = database.server_pid, database.app_url
        assert server
        os.kill(keeper_of(folder), signal.SIGKILL)
        eventually(lambda: not keeper.runs_on(server, folder / "cluster"))
        database.tend()
        assert database.app_url == url and ask(url, "SELECT number FROM kept") == 7
    assert database.server_pid is None


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc/self").exists(), reason="the keeper is found through /proc")
def test_after_keeper_and_user_were_killed_the_next_start_takes_over(
    folder: Path, another_process: Start
) -> None:
    process = another_process(folder)
    assert process.stdout
    process.stdout.readline()
    orphan = EmbeddedDatabase(folder).server_pid
    os.kill(keeper_of(folder), signal.SIGKILL)
    process.kill()
    process.wait()
    eventually(lambda: not is_kept(folder))
    with EmbeddedDatabase(folder) as database:
        assert database.server_pid not in (None, orphan)
        assert answers(database.app_url)


def test_everything_killed_at_once_loses_nothing_committed(folder: Path, another_process: Start) -> None:
    process = another_process(folder)
    assert process.stdout
    process.stdout.readline()
    remember(EmbeddedDatabase(folder))
    server = EmbeddedDatabase(folder).server_pid
    victims = [server, keeper_of(folder)] if Path("/proc/self").exists() else [server]
    for victim in [*victims, process.pid]:
        assert victim
        os.kill(victim, signal.SIGKILL)
    with EmbeddedDatabase(folder) as database:
        assert ask(database.app_url, "SELECT number FROM kept") == 7


@pytest.mark.long
def test_a_lock_file_that_names_a_stranger_does_not_hinder(folder: Path) -> None:
    with EmbeddedDatabase(folder):
        pass
    stale = folder / "cluster" / "postmaster.pid"
    stale.write_text(f"{os.getppid()}\n{folder}\n0\n5432\n\n\n       0         0\nready\n")
    with EmbeddedDatabase(folder) as database:
        assert answers(database.app_url)


def test_a_first_start_that_was_killed_is_made_again(folder: Path) -> None:
    folder.mkdir(mode=0o755)
    (folder / "cluster.new").mkdir()
    (folder / "cluster.new" / "half").write_text("half")
    with EmbeddedDatabase(folder) as database:
        assert answers(database.app_url)
    assert not (folder / "cluster.new").exists()


@pytest.mark.long
def test_a_very_long_path_works(folder: Path) -> None:
    deep = folder.joinpath(*["a-rather-long-name-of-a-folder"] * 6)
    before = os.umask(0o022)
    try:
        deep.mkdir(parents=True)
    finally:
        os.umask(before)
    with EmbeddedDatabase(deep) as database:
        assert answers(database.app_url)
        assert len(str(database._socket_folder())) < 100


@pytest.mark.long
def test_a_long_temporary_folder_works(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(folder) + "x" * 100)
    with EmbeddedDatabase(folder) as database:
        assert answers(database.app_url)


@pytest.mark.long
def test_a_throwaway_database_removes_itself(folder: Path) -> None:
    with EmbeddedDatabase(folder, durable=False, remove=True) as database:
        assert ask(database.owner_url, "SELECT current_setting('fsync')") == "off"
        socket = database._socket_folder()
    assert not folder.exists()
    assert not socket.exists()


@pytest.mark.long
def test_the_socket_folder_goes_when_the_server_stops(folder: Path) -> None:
    with EmbeddedDatabase(folder) as database:
        socket = database._socket_folder()
        assert (socket / ".s.PGSQL.5432").exists()
    assert not socket.exists()


@pytest.mark.long
def test_starting_and_stopping_twice_does_no_harm(folder: Path) -> None:
    database = EmbeddedDatabase(folder)
    assert database.start() == database.start()
    database.stop()
    database.stop()
    assert not is_kept(folder)


def test_the_wheels_other_programs_can_be_used(one_database: EmbeddedDatabase) -> None:
    done = subprocess.run(
        [one_database.program("pg_dump"), one_database.owner_url], capture_output=True, text=True, check=True
    )
    assert "PostgreSQL database dump complete" in done.stdout


@pytest.mark.long
class TestRefusals:
    def test_passwords_others_can_read(self, folder: Path) -> None:
        with EmbeddedDatabase(folder):
            pass
        (folder / "passwords.json").chmod(0o644)
        with pytest.raises(DatabaseUnusable, match="chmod 600"):
            EmbeddedDatabase(folder).start()

    def test_a_cluster_others_can_read(self, folder: Path) -> None:
        with EmbeddedDatabase(folder):
            pass
        (folder / "cluster").chmod(0o755)
        with pytest.raises(DatabaseUnusable, match="chmod 700"):
            EmbeddedDatabase(folder).start()

    def test_passwords_of_another_cluster(self, folder: Path) -> None:
        with EmbeddedDatabase(folder) as database:
            kept = database._passwords()
        (folder / "passwords.json").write_text(json.dumps({name: "wrong" for name in kept}))
        with pytest.raises(DatabaseUnusable, match="does not belong to the cluster"):
            EmbeddedDatabase(folder).start()
        assert not is_kept(folder)

    def test_lost_passwords(self, folder: Path) -> None:
        with EmbeddedDatabase(folder):
            pass
        (folder / "passwords.json").unlink()
        with pytest.raises(DatabaseUnusable, match=r"passwords\.json"):
            EmbeddedDatabase(folder).start()

    def test_a_file_in_place_of_the_folder(self, folder: Path) -> None:
        folder.write_text("")
        with pytest.raises(DatabaseUnusable, match="TAGWERK_DATA"):
            EmbeddedDatabase(folder).start()

    def test_a_cluster_of_another_release(self, folder: Path) -> None:
        with EmbeddedDatabase(folder):
            pass
        (folder / "cluster" / "PG_VERSION").write_text("12\n")
        with pytest.raises(DatabaseUnusable, match="initialized by PostgreSQL version 12"):
            EmbeddedDatabase(folder).start()

    def test_a_wheel_that_is_not_there(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(programs, "PACKAGE", "no_such_wheel")
        with pytest.raises(DatabaseUnusable, match="make setup"):
            programs.installed()

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another user")
    def test_a_folder_the_databases_user_cannot_reach(self, folder: Path) -> None:
        folder.parent.chmod(0o700)
        with pytest.raises(DatabaseUnusable, match="cannot reach"):
            EmbeddedDatabase(folder).start()
        assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700, "it never touches what is not its own"

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to another user")
    def test_a_folder_of_somebody_else(self, folder: Path) -> None:
        folder.mkdir()
        os.chown(folder, 12345, 12345)
        with pytest.raises(DatabaseUnusable, match="belongs to another user"):
            EmbeddedDatabase(folder).start()
