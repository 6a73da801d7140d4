"""Pages need their collected static files."""

from tests.interfaces.web.conftest import static_files as static_files
