"""A running site with collected static files, as it is served: hashed names, one sheet, an import map.

tests/conftest.py hands these fixtures to all tests. They must exist once: WhiteNoise and the manifest storage keep
the folder that they saw first.
"""

from collections.abc import Iterator
from contextlib import suppress
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
    _look_once(monkeypatch_session)
    return folder


def _look_once(patch: pytest.MonkeyPatch) -> None:
    """Each of Django's test clients has a WhiteNoise of its own, which would look at all files anew."""
    from whitenoise import WhiteNoise

    known: dict[tuple[str, str], dict[str, Any]] = {}
    look = WhiteNoise.update_files_dictionary

    def update(self: Any, root: str, prefix: str) -> None:
        if (root, prefix) not in known:
            look(self, root, prefix)
            known[root, prefix] = dict(self.files)
        self.files.update(known[root, prefix])

    patch.setattr(WhiteNoise, "update_files_dictionary", update)


class _AsServed:
    """In place of Django's handler for tests: WhiteNoise serves the files, as it does for people."""

    def __init__(self, application: Any) -> None:
        from django.core.wsgi import get_wsgi_application

        self.application = get_wsgi_application()

    def __call__(self, environ: Any, start_response: Any) -> Any:
        return self.application(environ, start_response)


def served(port: int = 0) -> Any:
    """The site in a thread, at this port or any. Whoever starts it calls `terminate()`: then it is gone at once, with
    all its connections."""
    import socket

    from django.test.testcases import LiveServerThread, QuietWSGIRequestHandler

    class Killable(LiveServerThread):
        def _create_server(self, connections_override: Any = None) -> Any:
            server = self.server_class(
                (self.host, self.port), QuietWSGIRequestHandler, allow_reuse_address=True
            )
            accept, self.open = server.get_request, []

            def accepted() -> Any:
                found = accept()
                self.open.append(found[0])
                return found

            server.get_request = accepted
            return server

        def terminate(self) -> None:
            super().terminate()
            for one in self.open:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    thread = Killable("localhost", _AsServed, port=port)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    return thread


@pytest.fixture
def site(static_files: Path) -> Iterator[str]:
    """The address of the running site. Pages with data need `django_db(transaction=True)` too."""
    thread = served()
    yield f"http://localhost:{thread.port}"
    thread.terminate()
