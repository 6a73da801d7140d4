"""The embedded database: one folder, one server, any number of processes that use it."""

import contextlib
import fcntl
import json
import logging
import os
import secrets
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg

from tagwerk.providers.database import keeper, roles
from tagwerk.providers.database.options import machine_memory_mb, server_options
from tagwerk.providers.database.problems import DatabaseUnusable
from tagwerk.providers.database.programs import ENVIRONMENT, Runner, programs_for, runner_for

log = logging.getLogger(__name__)

DATABASE = "tagwerk"
SUPERUSER = "postgres"
START_SECONDS = 300  # recovery after a crash may have to replay gigabytes
LOG_BYTES = 10_000_000
SOCKET_PATH_BYTES = 60  # the socket's own name comes on top, and 104 is the least limit of all systems


class EmbeddedDatabase:
    """PostgreSQL in `folder`. The first to start it starts the server, the last to leave stops it.

    Whoever has started it holds a shared lock until `stop` or the end of the process, by whatever signal.
    `durable=False` is for clusters that may be lost, `remove=True` deletes the folder when the last has left.
    """

    def __init__(self, folder: Path, *, durable: bool = True, remove: bool = False) -> None:
        self.folder = Path(folder).absolute()
        self.cluster = self.folder / "cluster"
        self.durable = durable
        self.remove = remove
        self._use: int | None = None
        self._keeper: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> str:
        """Start the server, or join the one that already runs on this folder; returns the owner's URL."""
        if self._use is not None:
            return self.owner_url
        self._check_folder()
        # Waits here while a keeper that nobody uses any more is stopping its server.
        self._use = keeper.lock(self.folder / "in_use", fcntl.LOCK_SH)
        try:
            with _locked(self.folder / "starting"):
                self._bring_up()
                self._ensure_roles()
        except BaseException:
            self.stop()
            raise
        return self.owner_url

    def tend(self) -> None:
        """Start keeper and server again if the keeper was killed; everybody goes on under the same URL."""
        if self._use is not None and not self._is_kept():
            with _locked(self.folder / "starting"):
                self._bring_up()

    def stop(self) -> None:
        """Leave the server; when nobody else uses it, wait until it has stopped cleanly."""
        if self._use is None:
            return
        self._leave()
        while self._is_kept() and not self._others_use_it():
            time.sleep(0.02)
        if not self._is_kept() and self._keeper:
            self._keeper.wait()
        self._keeper = None
        # Whoever starts it anew at this moment holds this lock, and clears up by itself.
        gone_or_busy = contextlib.suppress(BlockingIOError, FileNotFoundError)
        with gone_or_busy, _locked(self.folder / "starting", fcntl.LOCK_EX | fcntl.LOCK_NB):
            if not self._is_kept():
                self._clear_up()

    def _clear_up(self) -> None:
        """What a killed keeper could not do itself."""
        keeper.end_orphan(self.cluster)
        with contextlib.suppress(OSError, DatabaseUnusable):
            shutil.rmtree(self._old_socket_folder(runner_for(self.cluster)))

    @property
    def owner_url(self) -> str:
        """The URL of the role that owns and migrates the tables."""
        return self.url_for(roles.OWNER)

    @property
    def app_url(self) -> str:
        """The URL of the role the platform works under."""
        return self.url_for(roles.APP)

    def url_for(self, role: str, database: str = DATABASE) -> str:
        """A postgresql:// URL over the private socket."""
        return f"postgresql://{role}:{self._passwords()[role]}@/{database}?host={self._socket_folder()}"

    def program(self, name: str) -> Path:
        """A PostgreSQL program such as pg_dump, of the server's own release."""
        return programs_for(runner_for(self.cluster), self.folder) / name

    @property
    def server_pid(self) -> int | None:
        """The process that runs on this cluster now, if any."""
        return keeper.orphan(self.cluster)

    # --- the folder ---

    def _check_folder(self) -> None:
        """Everything the start needs of the file system, refused in words where it is missing."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o755 if os.geteuid() == 0 else 0o700)
        except OSError as error:
            raise DatabaseUnusable(
                f"The folder {self.folder} cannot be made ({error.strerror}). Set TAGWERK_DATA to a folder of yours."
            ) from None
        owner = self.folder.stat().st_uid
        if owner != os.geteuid() or not os.access(self.folder, os.W_OK | os.X_OK):
            raise DatabaseUnusable(
                f"The folder {self.folder} belongs to another user or cannot be written. "
                "Set TAGWERK_DATA to a folder of yours, or change its owner and mode."
            )
        self._check_private(self.folder / "passwords.json", 0o077, "600")
        self._check_private(self.cluster, 0o077, "700")

    def _check_private(self, path: Path, forbidden: int, wanted: str) -> None:
        try:
            mode = stat.S_IMODE(path.stat().st_mode)
        except FileNotFoundError:
            return
        if mode & forbidden:
            raise DatabaseUnusable(
                f"{path} can be read by other users (mode {mode:o}): run “chmod {wanted} {path}”."
            )

    def _passwords(self) -> dict[str, str]:
        path = self.folder / "passwords.json"
        try:
            kept: dict[str, str] = json.loads(path.read_text())
        except (OSError, ValueError) as error:
            raise DatabaseUnusable(f"The database's passwords in {path} cannot be read: {error}.") from None
        return kept

    def _make_passwords(self) -> None:
        passwords = {name: secrets.token_hex(24) for name in (SUPERUSER, roles.OWNER, roles.APP)}
        _write_private(self.folder / "passwords.json", json.dumps(passwords))

    def _socket_folder(self) -> Path:
        try:
            return Path((self.folder / "socket").read_text())
        except OSError:
            raise DatabaseUnusable(f"The database in {self.folder} is not running.") from None

    def _make_socket_folder(self, runner: Runner) -> Path:
        """A private folder with a short name: long data folders would exceed the limit for socket paths."""
        keeper.end_orphan(self.cluster)
        with contextlib.suppress(OSError, DatabaseUnusable):
            kept = self._old_socket_folder(
                runner
            )  # the same path again: whoever uses the database just goes on
            for left_over in kept.iterdir():
                left_over.unlink()
            return kept
        parent = tempfile.gettempdir()
        if len(os.fsencode(parent)) > SOCKET_PATH_BYTES:
            parent = "/tmp"  # noqa: S108 (mkdtemp makes a private folder in it)
        folder = Path(tempfile.mkdtemp(prefix="tagwerk-", dir=parent))
        if os.geteuid() == 0:
            os.chown(folder, runner.uid, runner.gid)
        _write_private(self.folder / "socket", str(folder))
        return folder

    def _old_socket_folder(self, runner: Runner) -> Path:
        """What a killed keeper left behind; removed only if it is surely that."""
        old = self._socket_folder()
        status = old.lstat()
        private = stat.S_ISDIR(status.st_mode) and stat.S_IMODE(status.st_mode) == 0o700
        if not private or status.st_uid != runner.uid or not old.name.startswith("tagwerk-"):
            raise FileNotFoundError(old)
        return old

    # --- the server ---

    def _spawn(self) -> None:
        runner = runner_for(self.cluster)
        if not runner.can_enter(self.folder):
            raise DatabaseUnusable(
                f"The database runs as user {runner.name}, who cannot reach {self.folder}. "
                "Set TAGWERK_DATA to a folder that can be reached, such as /var/lib/tagwerk."
            )
        programs = programs_for(runner, self.folder)
        if not self.cluster.exists():
            self._make_cluster(runner, programs)
        socket = self._make_socket_folder(runner)
        self._keeper = subprocess.Popen(  # noqa: S603 (our own command)
            [sys.executable, "-I", keeper.__file__, json.dumps(self._plan(runner, programs, socket))],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C reaches the platform first and the database last
        )

    def _plan(self, runner: Runner, programs: Path, socket: Path) -> dict[str, object]:
        options = server_options(memory_mb=machine_memory_mb(), durable=self.durable)
        options["unix_socket_directories"] = str(socket)
        command = [str(programs / "postgres"), "-D", str(self.cluster)]
        command += [f"--{name}={value}" for name, value in options.items()]
        log_file = self.folder / "log"
        if log_file.exists() and log_file.stat().st_size > LOG_BYTES:
            log_file.replace(self.folder / "log.old")
        return {
            "command": command,
            "environment": ENVIRONMENT,
            "identity": runner.identity,
            "cluster": str(self.cluster),
            "socket": str(socket),
            "log": str(log_file),
            "in_use": str(self.folder / "in_use"),
            "keeper": str(self.folder / "keeper"),
            "remove": str(self.folder) if self.remove else "",
        }

    def _make_cluster(self, runner: Runner, programs: Path) -> None:
        """Make the cluster under another name and rename it: a killed first start leaves nothing half made."""
        self._make_passwords()
        draft = self.folder / "cluster.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        password = self.folder / "cluster.password"
        _write_private(password, self._passwords()[SUPERUSER])
        if os.geteuid() == 0:
            os.chown(draft, runner.uid, runner.gid)
            os.chown(password, runner.uid, runner.gid)
        command = [
            str(programs / "initdb"),
            "--pgdata",
            str(draft),
            "--username",
            SUPERUSER,
            "--pwfile",
            str(password),
        ]
        command += ["--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C"]
        command += ["--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--no-instructions"]
        command += [] if self.durable else ["--no-sync"]
        done = subprocess.run(  # noqa: S603 (our own command)
            command,
            cwd="/",
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            **runner.identity,
        )
        password.unlink()
        if done.returncode:
            raise DatabaseUnusable(f"The database could not be made in {draft}: {done.stderr.strip()}")
        draft.rename(self.cluster)

    def _bring_up(self) -> None:
        """Until the server answers: wait for its keeper, or start one; one that was just killed still looks alive."""
        deadline = time.monotonic() + START_SECONDS
        told = time.monotonic() + 5
        while time.monotonic() < deadline:
            if not self._keeper_lives():
                self._spawn()
            elif (
                self._answers() and self._keeper_lives()
            ):  # asked twice: a server can outlive its killed keeper
                return
            if time.monotonic() > told:
                log.info("Waiting for the database in %s to get ready …", self.folder)
                told += 30
            time.sleep(0.02)
        raise self._not_started()

    def _keeper_lives(self) -> bool:
        ended = self._keeper.poll() if self._keeper else keeper.ANOTHER_KEEPER
        if ended == keeper.SERVER_KEEPS_DYING:
            raise self._not_started()
        return ended is None or self._is_kept()

    def _not_started(self) -> DatabaseUnusable:
        return DatabaseUnusable(
            f"The database in {self.folder} did not start. Its log ends with:\n{self._log_tail()}"
        )

    def _answers(self) -> bool:
        socket = self._socket_folder() / ".s.PGSQL.5432"
        if not socket.exists():
            return False
        try:
            psycopg.connect(self.url_for(SUPERUSER, "postgres"), connect_timeout=5).close()
        except psycopg.OperationalError as error:
            if "authentication failed" in str(error):
                raise DatabaseUnusable(
                    f"{self.folder / 'passwords.json'} does not belong to the cluster beside it; restore both together."
                ) from None
            return False
        return True

    def _log_tail(self) -> str:
        try:
            return "\n".join((self.folder / "log").read_text(errors="replace").splitlines()[-8:])
        except OSError:
            return "(there is no log)"

    def _ensure_roles(self) -> None:
        passwords = self._passwords()
        with psycopg.connect(self.url_for(SUPERUSER, "postgres"), autocommit=True) as connection:
            roles.ensure_roles(
                connection, owner_password=passwords[roles.OWNER], app_password=passwords[roles.APP]
            )
            roles.ensure_database(connection, DATABASE)
        with psycopg.connect(self.url_for(SUPERUSER), autocommit=True) as connection:
            roles.grant_rights(connection)

    # --- who uses it ---

    def _leave(self) -> None:
        if self._use is not None:
            os.close(self._use)
            self._use = None

    def _is_kept(self) -> bool:
        """Whether a keeper lives."""
        return not _can_lock(self.folder / "keeper", fcntl.LOCK_SH)

    def _others_use_it(self) -> bool:
        """Whether somebody else holds the shared lock (the stopping keeper holds it for itself alone)."""
        in_use = self.folder / "in_use"
        # In this order: a keeper that gets the lock between the two looks must not be taken for others.
        return not _can_lock(in_use, fcntl.LOCK_EX) and _can_lock(in_use, fcntl.LOCK_SH)


@contextlib.contextmanager
def _locked(path: Path, kind: int = fcntl.LOCK_EX) -> Iterator[None]:
    descriptor = keeper.lock(path, kind)
    try:
        yield
    finally:
        os.close(descriptor)


def _can_lock(path: Path, kind: int) -> bool:
    try:
        with path.open("r+") as file:  # never makes the file: its keeper may just be removing the folder
            fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except FileNotFoundError:
        return True
    return True


def _write_private(path: Path, text: str) -> None:
    """Write a file that only its owner reads, whole or not at all."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
