"""A backup taken while everything runs, restored into an empty folder, has lost nothing."""

import hashlib
import http.cookiejar
import json
import re
import shutil
import signal
import subprocess
import sys
import urllib.parse
import urllib.request

import psycopg
import pytest

from tagwerk.client import Client
from tagwerk.providers.database import roles
from tests import cluster
from tests.instance import PATIENCE_SECONDS, instance, needs_proc, wait_until
from tests.people import PASSWORD, email_of

pytestmark = needs_proc


def inside(made, word, **settings):
    """What a look from inside says."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.config.filling", word],
        env={**made.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def files_of(made):
    """Every stored file and what is in it."""
    folder = made.data / "files"
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def backed_up_at_rest(made):
    """A backup between two looks that agree: the archive and what is in it."""
    for number in range(10):
        archive = made.data.parent / f"backup-{number}.tar"
        before = inside(made, "rest")
        assert made.run("backup", str(archive)).returncode == 0
        if differences(inside(made, "look"), before) == {}:
            return archive, before
    raise AssertionError("something moved each time")


def differences(found, wanted):
    """Where two looks differ: table or sequence → (found, wanted)."""
    kinds = ("tables", "sequences")
    return {
        name: (found[kind].get(name), wanted[kind].get(name))
        for kind in kinds
        for name in found[kind].keys() | wanted[kind].keys()
        if found[kind].get(name) != wanted[kind].get(name)
    }


def sign_in(made, email, password):
    """The address at which a browser ends up after the sign-in form."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    page = browser.open(f"{made.address}/accounts/login/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    form = {"login": email, "password": password, "csrfmiddlewaretoken": token[1]}
    request = urllib.request.Request(
        f"{made.address}/accounts/login/",
        urllib.parse.urlencode(form).encode(),
        {"Referer": f"{made.address}/accounts/login/"},
    )
    return urllib.parse.urlsplit(browser.open(request).url).path


def test_nothing_is_lost():
    with instance(TAGWERK_UNDO_SECONDS="0") as old, instance(furnished=False) as new:
        serve = old.start()
        known = inside(old, "fill")
        with Client(old.address, known["key"], progress=False) as client:
            client.exports.download(known["project"], format="jsonl", path=old.data.parent / "out.jsonl")
            project = client.projects.get(known["project"])
        archive, wanted = backed_up_at_rest(old)
        assert archive.stat().st_mode & 0o777 == 0o600
        assert old.run("backup", str(archive)).returncode == 2, "never over an older one"
        wanted_files = files_of(old)
        serve.send_signal(signal.SIGTERM)
        assert serve.wait() == 0

        restored = new.run("restore", str(archive))
        assert restored.returncode == 0, restored.stderr
        assert differences(inside(new, "look"), wanted) == {}
        assert len([name for name, (rows, _) in wanted["tables"].items() if rows]) > 35
        assert files_of(new) == wanted_files and len(wanted_files) >= 2
        assert wanted["drift"] == [] and set(wanted["trial_balance"].values()) == {0}
        assert new.run("restore", str(archive)).returncode == 2, "not over what is there"

        new.start()
        with Client(new.address, known["key"], progress=False) as client:
            assert client.projects.get(known["project"]) == project, "keys and ids mean the same"
            assert len(list(client.results(known["project"]))) == 13
        assert sign_in(new, email_of("ada"), PASSWORD) != "/accounts/login/"
        assert set(inside(new, "rewrite").values()) == {
            "permission denied for table ledger_transfer",
            "permission denied for table ledger_account",
        }


@pytest.mark.long
def test_a_drill_restores_beside_the_instance_and_says_what_it_found():
    with instance() as made:
        assert made.run("user", "list").returncode == 0
        archive = made.data.parent / "backup.tar"
        assert made.run("backup", str(archive)).returncode == 0
        done = made.run("restore", "--drill", str(archive))
        assert done.returncode == 0 and "the book is right" in done.stdout, done.stderr
        notes = json.loads((made.data / "backups.json").read_text())
        assert [notes[what]["error"] for what in ("backup", "drill")] == ["", ""]
        assert not (made.data / "drill").exists()
        archive.write_text("nothing")
        assert made.run("restore", "--drill", str(archive)).returncode == 2
        notes = json.loads((made.data / "backups.json").read_text())
        assert "is not a backup" in notes["drill"]["error"] and not (made.data / "drill").exists()
        wait_until(lambda: not made.processes(), "the database of the drill has ended")


class TestRefusals:
    @pytest.fixture
    def bare(self):
        with instance(furnished=False) as made:
            yield made

    def test_nothing_to_back_up(self, bare):
        done = bare.run("backup", str(bare.data.parent / "backup.tar"))
        assert done.returncode == 2 and "never started" in done.stderr
        assert not (bare.data.parent / "backup.tar").exists()

    @pytest.mark.long
    def test_what_is_no_backup(self, bare):
        strange = bare.data.parent / "strange.tar"
        strange.write_text("no archive")
        done = bare.run("restore", str(strange))
        assert done.returncode == 2 and "is not a backup of tagwerk" in done.stderr
        assert bare.run("restore", str(bare.data.parent / "none.tar")).returncode == 2

    @pytest.mark.long
    def test_a_folder_that_is_not_there(self):
        with instance() as made:
            assert made.run("user", "list").returncode == 0
            done = made.run("backup", "/no/such/folder/backup.tar")
        assert done.returncode == 2 and "/no/such/folder" in done.stderr and "Traceback" not in done.stderr

    @pytest.mark.long
    def test_secrets_that_could_not_read_what_is_restored(self):
        with instance() as old, instance(furnished=False) as new:
            assert old.run("user", "list").returncode == 0
            archive = old.data.parent / "backup.tar"
            assert old.run("backup", str(archive)).returncode == 0
            done = new.run("restore", str(archive), TAGWERK_ID_KEY="ab" * 16)
            assert done.returncode == 2 and "TAGWERK_ID_KEY" in done.stderr
            assert new.run("restore", str(archive)).returncode == 0
            wait_until(lambda: not new.processes(), "the database of the restore has ended")


@pytest.mark.long
def test_an_outside_database_into_a_fresh_data_folder(database_server, database_urls):
    """The owner restores, the application's role works on it; keys that lie there already are not written over."""
    name = f"{database_urls.app.partition('?')[0].rpartition('/')[2]}_restored"
    outside = {
        "DATABASE_URL": cluster.with_database(database_urls.app, name),
        "DATABASE_OWNER_URL": cluster.with_database(database_urls.owner, name),
    }
    with instance() as old, instance(furnished=False, **outside) as new:
        assert old.run("user", "create", "ada@example.org", given=f"{PASSWORD}\n").returncode == 0
        archive = old.data.parent / "backup.tar"
        assert old.run("backup", str(archive)).returncode == 0
        with psycopg.connect(database_server.superuser, autocommit=True) as connection:
            connection.execute(f'drop database if exists "{name}" with (force)')
            connection.execute(f'create database "{name}" owner {roles.OWNER}')
        try:
            (new.data / "secrets.json").write_text(
                json.dumps({"made_for": "development", "TAGWERK_ID_KEY": "0f" * 16})
            )
            refused = new.run("restore", str(archive))
            assert refused.returncode == 2 and "secrets of another instance" in refused.stderr
            assert "0f" * 16 in (new.data / "secrets.json").read_text()
            shutil.rmtree(new.data)
            done = new.run("restore", str(archive))
            assert done.returncode == 0, done.stderr
            listed = new.run("user", "list")
            assert "ada@example.org" in listed.stdout, listed.stderr
            assert new.run("restore", str(archive)).returncode == 2, "not over what is there"
        finally:
            new.end_all()
            with psycopg.connect(database_server.superuser, autocommit=True) as connection:
                connection.execute(f'drop database if exists "{name}" with (force)')
