"""A running site and a browser, as for the pages' own tests."""

from tests.interfaces.web.conftest import site, static_files

__all__ = ["site", "static_files"]
