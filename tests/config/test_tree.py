"""The command starts whole and ends whole: `serve`, `web` and `jobs` as real processes."""

import re
import signal
import socket

import pytest

from tests.instance import instance, kill, needs_proc, wait_until

pytestmark = needs_proc


@pytest.fixture
def furnished():
    with instance() as made:
        yield made


@pytest.fixture
def bare():
    with instance(furnished=False) as made:
        yield made


def serves(made) -> bool:
    return made.status() == 200


def test_from_nothing_to_pages_and_to_nothing_again(bare):
    serve = bare.start()
    assert serves(bare)
    page = _get(bare, "/")
    [style] = re.findall(r'href="(/static/tagwerk\.[0-9a-f]+\.css)"', page)
    assert bare.status(style) == 200
    assert [len(bare.pids(name)) for name in ("_web", "_media", "_jobs", "spawn_main")] == [1, 1, 1, 2]
    serve.send_signal(signal.SIGINT)
    assert serve.wait() == 0
    bare.wait_until_gone()


def _get(made, path):
    import urllib.request

    with urllib.request.urlopen(made.address + path) as answer:
        return answer.read().decode()


def test_what_is_killed_comes_back_and_a_polite_signal_ends_all(furnished):
    before = signal.signal(
        signal.SIGHUP, signal.SIG_IGN
    )  # as nohup does: then a closed terminal ends nothing
    try:
        serve = furnished.start()
    finally:
        signal.signal(signal.SIGHUP, before)
    serve.send_signal(signal.SIGHUP)
    for name in ("_web", "_media", "_jobs"):
        oldest = furnished.pids(name)[0]
        kill(oldest)
        wait_until(
            lambda name=name, oldest=oldest: (
                furnished.pids(name) and oldest not in furnished.pids(name) and serves(furnished)
            ),
            f"{name} is back",
        )
    server = furnished.postmaster()
    kill(server)
    wait_until(lambda: furnished.postmaster() != server and serves(furnished), "the database is back")
    [keeper] = furnished.pids("keeper.py")
    kill(keeper)
    wait_until(
        lambda: furnished.pids("keeper.py") not in ([], [keeper]) and serves(furnished), "the keeper is back"
    )
    serve.send_signal(signal.SIGTERM)
    assert serve.wait() == 0
    furnished.wait_until_gone()


@pytest.mark.long
def test_a_second_start_shares_the_database_and_nothing_outlives_a_killed_parent(furnished):
    first = furnished.start()
    address = furnished.address
    second = furnished.start()
    assert furnished.address != address and serves(furnished)
    first.send_signal(signal.SIGINT)
    assert first.wait() == 0
    assert serves(furnished), "the database stays as long as somebody uses it"
    assert furnished.run("user", "list").returncode == 0
    [keeper] = furnished.pids("keeper.py")
    kill(second.pid)
    kill(keeper)
    second.wait()
    furnished.wait_until_gone()


@pytest.mark.long
def test_two_machines_serve_one_database_without_any_work_by_hand(database_urls):
    """Each has a data folder of its own and finds its own static files; the secrets are the same."""
    secrets = {
        "DATABASE_URL": database_urls.app,
        "DATABASE_OWNER_URL": database_urls.owner,
        "TAGWERK_SECRET_KEY": "abcdefghij0123456789" * 3,
        "TAGWERK_ID_KEY": "0f" * 16,
        "TAGWERK_FIELD_KEY": "A" * 43 + "=",
    }
    with instance(furnished=False, **secrets) as one, instance(furnished=False, **secrets) as other:
        for machine in (one, other):
            machine.environ["TAGWERK_STATIC_ROOT"] = str(machine.data / "static")
            machine.start("web")
            [style] = re.findall(r'href="(/static/tagwerk\.[0-9a-f]+\.css)"', _get(machine, "/"))
            assert serves(machine) and machine.status(style) == 200
        jobs = other.start("jobs")
        jobs.send_signal(signal.SIGTERM)
        assert jobs.wait() == 0


PRODUCTION = {
    "TAGWERK_MODE": "production",
    "TAGWERK_URL": "https://work.example.org",
    "TAGWERK_MEDIA_URL": "https://work-media.example.org",
}


class TestRefusals:
    """What cannot work says so in one sentence, and changes nothing."""

    @staticmethod
    def refused(made, *words, **settings) -> str:
        done = made.run(*words, **settings)
        assert done.returncode == 2, done.stderr
        assert done.stderr.startswith("tagwerk: ") and "Traceback" not in done.stderr
        assert not made.processes()
        return done.stderr

    @pytest.mark.parametrize("word", ["web", "jobs"])
    def test_nothing_to_join(self, bare, word):
        said = self.refused(bare, word)
        assert "DATABASE_URL" in said and "tagwerk serve" in said
        assert not (bare.data / "postgres").exists()

    def test_a_database_that_does_not_answer(self, bare):
        said = self.refused(bare, "serve", DATABASE_URL="postgresql://me@127.0.0.1:1/nothing")
        assert "DATABASE_URL cannot be used" in said

    def test_passwords_that_everybody_can_read(self, furnished):
        (furnished.data / "postgres" / "passwords.json").chmod(0o644)
        assert "chmod 600" in self.refused(furnished, "serve")

    def test_production_with_the_secrets_of_development(self, furnished):
        assert furnished.run("user", "list").returncode == 0
        said = self.refused(furnished, "serve", **PRODUCTION)
        assert "made for development" in said

    def test_a_demo_in_production(self, bare):
        assert "production has none" in self.refused(bare, "demo", **PRODUCTION)
        assert not (bare.data / "secrets.json").exists()

    @pytest.mark.long
    def test_secrets_of_another_instance(self, furnished):
        assert furnished.run("user", "list").returncode == 0
        (furnished.data / "secrets.json").unlink()
        said = self.refused(furnished, "serve")
        assert "another TAGWERK_FIELD_KEY and another TAGWERK_ID_KEY" in said

    @pytest.mark.long
    def test_production_does_not_move_to_another_port_behind_its_proxy(self, furnished):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", furnished.port))
            taken.listen()
            said = self.refused(furnished, "serve", **PRODUCTION)
        assert f"Port {furnished.port} is taken" in said
