"""The head of every page: one's roles, the pages of the one that is current, for whom one orders."""

import re

import pytest

from tests.interfaces.web.visiting import plain_files, visitor
from tests.people import member, organisation

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db


def head(who: str, path: str) -> str:
    page = visitor(who).get(path).content.decode()
    text = page.partition('<header class="site-head')[2].partition("</header>")[0]
    return re.sub(r"<svg.*?</svg>\s*", "", text)


def current(text: str, mark: str = "page") -> list[str]:
    return re.findall(rf'aria-current="{mark}">(?:<span>)?([^<]+)', text)


def test_a_worker_has_the_bar_and_no_switch():
    text = head("ben", "/work/")
    assert "nav-bar" in text and "role-switch" not in text and "site-menu" not in text
    assert current(text) == ["Today"]


def test_who_has_several_roles_switches_between_them():
    organisation()
    text = head("ada", "/projects/")
    assert current(text, "true") == ["Order"]
    assert current(text) == ["Projects"]
    assert current(head("ada", "/work/"), "true") == ["Work"]


def test_the_head_says_for_whom_one_orders():
    org = organisation()
    assert ">acme</span>" in head("ada", "/projects/")
    assert "acme" not in head("ada", "/work/")
    other = organisation("brand new", "eve")
    member("ada", other, "viewer")
    text = head("ada", "/projects/")
    assert "2 organisations" in text and ">acme</a>" in text and ">brand new</a>" in text
    assert org != other


def test_pages_of_no_role_keep_the_way_back():
    organisation()
    text = head("ada", "/inbox/")
    assert ">Projects</span>" in text
    assert current(text) == []
    assert ">Earnings</span>" in head("ben", "/profile/")


def test_the_page_of_a_task_has_no_search_in_its_head():
    assert "data-palette" in head("ben", "/work/")
    assert "data-palette" not in visitor("ben").get("/gallery/task/").content.decode()


def test_pages_of_a_shelf_are_one_entry_and_tabs_beside_each_other():
    page = visitor("dan").get("/operator/company/").content.decode()
    assert current(head("dan", "/operator/company/")) == ["Money"]
    tabs = page.partition('<nav class="tabs" aria-label="Money">')[2].partition("</nav>")[0]
    assert re.findall(r">([^<]+)</a>", tabs)[:3] == ["Payout runs", "Bank", "PayPal"]
    assert re.findall(r'aria-current="page">([^<]+)', tabs) == ["Company"]
    assert 'aria-label="Money"' not in visitor("dan").get("/operator/people/").content.decode()


def test_what_stands_on_a_shelf_is_found_by_its_name():
    found = visitor("dan").get("/search/?q=invoices").content.decode()
    assert "/operator/invoices/" in found
