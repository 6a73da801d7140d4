"""A running site with collected static files, as it is served: hashed names, one sheet, an import map.

tests/conftest.py hands these fixtures to all tests. They must exist once: WhiteNoise and the manifest storage keep
the folder that they saw first.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def static_files(tmp_path_factory: pytest.TempPathFactory, monkeypatch_session: pytest.MonkeyPatch) -> Path:
    """The static files, collected once."""
    from django.conf import settings
    from django.core.management import call_command

    from tagwerk.interfaces.web.templatetags import web

    folder = tmp_path_factory.mktemp("static")
    monkeypatch_session.setattr(settings, "STATIC_ROOT", folder)
    call_command("collectstatic", interactive=False, verbosity=0)
    web._import_map.cache_clear()  # a test before may have asked for it without collected files
    return folder


class _AsServed:
    """In place of Django's handler for tests: WhiteNoise serves the files, as it does for people."""

    def __init__(self, application: Any) -> None:
        from django.core.wsgi import get_wsgi_application

        self.application = get_wsgi_application()

    def __call__(self, environ: Any, start_response: Any) -> Any:
        return self.application(environ, start_response)


@pytest.fixture
def site(static_files: Path) -> Iterator[str]:
    """The address of the running site. Pages with data need `django_db(transaction=True)` too."""
    from django.test.testcases import LiveServerThread

    thread = LiveServerThread("localhost", _AsServed, port=0)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    yield f"http://localhost:{thread.port}"
    thread.terminate()
