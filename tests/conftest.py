"""Fixtures of all tests: a real PostgreSQL, folders of our own, a browser."""

import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests import cluster
from tests.kept import kept_scene
from tests.site import site, static_files

__all__ = ["kept_scene", "site", "static_files"]

# A machine that is busy is no fault of what is tested: no example has a deadline, none is called too slow.
hypothesis_settings.register_profile("tagwerk", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("tagwerk")


JOURNEY = "mark.journey"  # how a file says that it holds some


@dataclass(frozen=True)
class DatabaseUrls:
    """Where this worker's test database is, for processes that a test starts."""

    app: str
    owner: str
    superuser: str


def pytest_configure(config: pytest.Config) -> None:
    """Keep files that tests write away from an installed platform's."""
    from django.conf import settings

    # A shell's background hands down that Ctrl-C means nothing, to the processes that tests start, too.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    data = Path(config.rootpath, "build", "test-data", cluster.WORKER)
    data.mkdir(parents=True, exist_ok=True)
    settings.DATA = data
    settings.STORAGES["default"]["OPTIONS"]["location"] = data / "files"
    settings.STATIC_ROOT = data / "static"
    settings.EMAIL_FILE_PATH = str(data / "mail")
    # scrypt takes a third of a second, on purpose; what it guards is nothing here.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if not hasattr(config, "workerinput"):
        config.option.testrunuid = cluster.RUN  # all workers of the run share one cluster
        held = cluster.hold_run()
        config.add_cleanup(lambda: cluster.release_run(held))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests outside the run's database come first: among them are those that start a whole instance, last long, and
    wait most of the time. The short ones come last, so that all processes of a run end together."""
    items.sort(
        key=lambda item: bool(
            item.get_closest_marker("django_db") or {"db", "transactional_db"} & set(item.fixturenames)  # type: ignore[attr-defined]
        )
    )


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Whoever asks for journeys alone does not load the files that hold none: three in four."""
    alone = config.option.markexpr.startswith("journey")
    return (alone and collection_path.suffix == ".py" and JOURNEY not in collection_path.read_text()) or None


@pytest.fixture(scope="session")
def database_server(django_db_blocker: Any) -> Iterator[cluster.Server]:
    """The server of this run; its superuser may make and drop databases."""
    with django_db_blocker.unblock(), cluster.running_server() as server:
        yield server


@pytest.fixture(scope="session")
def database_urls(database_server: cluster.Server) -> Iterator[DatabaseUrls]:
    """This worker's own database, cloned from the template."""
    name = f"test_{cluster.WORKER}_{cluster.RUN[:12]}"
    cluster.clone(database_server, name)
    yield DatabaseUrls(
        app=cluster.with_database(database_server.app, name),
        owner=cluster.with_database(database_server.owner, name),
        superuser=cluster.with_database(database_server.superuser, name),
    )
    cluster.drop(database_server, name)


@pytest.fixture(scope="session")
def django_db_setup(
    database_server: cluster.Server, database_urls: DatabaseUrls, django_db_blocker: Any
) -> Iterator[None]:
    """Tests work under the platform's own role, which can change no structure and no booked transfer."""
    from django.db import connection
    from django.test import TransactionTestCase

    cluster.point(database_urls.app)

    def fresh_database(case: TransactionTestCase) -> None:
        # Instead of Django's flush: the role may not TRUNCATE, and rows made by migrations must come back.
        connection.close()
        cluster.clone(database_server, connection.settings_dict["NAME"])

    before = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = fresh_database
    yield
    TransactionTestCase._fixture_teardown = before
    with django_db_blocker.unblock():
        connection.close()


@pytest.fixture(autouse=True)
def instance_as_it_is() -> Iterator[None]:
    """What one test's operators say is not in mind for the next."""
    from tagwerk.domain.accounts.queries import forget_instance, forget_wages
    from tagwerk.domain.payments.queries import forget_payer

    forget_instance()
    forget_payer()
    forget_wages()
    yield
    forget_instance()
    forget_payer()
    forget_wages()


@pytest.fixture(scope="session")
def browser(monkeypatch_session: pytest.MonkeyPatch) -> Iterator[Any]:
    """A Chromium for journeys (playwright)."""
    from playwright.sync_api import sync_playwright

    from tools.chromium import find_chromium

    program = find_chromium()
    assert program, "There is no Chromium: run “make test”, which says how to get one."
    # Playwright's synchronous interface keeps an event loop in this thread, which Django would take for a mistake.
    monkeypatch_session.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, chromium_sandbox=os.geteuid() != 0)
        yield started
        started.close()


@pytest.fixture(scope="session")
def monkeypatch_session() -> Iterator[pytest.MonkeyPatch]:
    """pytest's monkeypatch for a whole session."""
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A page in a browser that has no history; every test its own."""
    context = browser.new_context(
        locale="en-GB",
        timezone_id="Europe/Berlin",
        viewport={"width": 1280, "height": 900},
        reduced_motion="reduce",  # pictures and colours as they stay, not half-way
    )
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def as_owner(db: None, database_urls: DatabaseUrls) -> Iterator[Any]:
    """A psycopg connection of the owner's to the same database, outside the test's transaction."""
    import psycopg

    with psycopg.connect(database_urls.owner, autocommit=True) as connection:
        yield connection
