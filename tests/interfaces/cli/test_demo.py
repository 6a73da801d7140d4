"""The demo: once to its end, then as a place to look around; what two commands on one instance leave to each other."""

import contextlib
import json
import re
import signal
from decimal import Decimal
from pathlib import Path

import httpx
import psycopg
import pytest
import sepaxml
from lxml import etree
from pypdf import PdfReader

from tagwerk.client import Client
from tagwerk.domain.accounts import queries as accounts
from tagwerk.interfaces.cli import local, show
from tagwerk.interfaces.cli.sign_ins import REQUESTER, SIGN_INS, make_sign_ins
from tagwerk.providers.database.embedded import SUPERUSER, EmbeddedDatabase
from tests.instance import instance, needs_proc


def signs_in(address, email, password):
    with httpx.Client(base_url=address, follow_redirects=True) as visitor:
        form = visitor.get("/accounts/login/").text
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)[1]
        visitor.post(
            "/accounts/login/",
            data={"login": email, "password": password, "csrfmiddlewaretoken": token},
            headers={"Referer": address},
        ).raise_for_status()
        return visitor.get("/profile/").url.path == "/profile/"


@needs_proc
def test_once_to_the_end_then_to_look_around(tmp_path):
    with instance() as made:
        once = made.run("demo", "--once", "--json", "--out", str(tmp_path / "out"))
        assert once.returncode == 0, once.stderr
        done = json.loads(once.stdout)
        assert done["drift_micros"] == 0
        assert sum(project["tasks"] for project in done["projects"]) >= 300
        assert all(project["without_result"] == 0 for project in done["projects"])
        assert all(project["accuracy"] is None or project["accuracy"] > 0.8 for project in done["projects"])
        savings = [project["saving"] for project in done["projects"] if project["saving"]]
        assert len(savings) == 3 and all(2 <= one["answers_per_task"] < 4 for one in savings)
        assert all(one["accuracy"] >= one["fixed"]["2"] - 0.03 for one in savings)
        assert len(list((tmp_path / "out").glob("*.jsonl"))) == len(done["projects"]) == 4
        pays_everybody_by_a_file_that_banks_take(done, tmp_path / "out")
        assert made.run("ledger", "verify").returncode == 0

        demo = made.start("demo")
        said = made.log.read_text()
        assert (
            f"{made.address}/operator/organisations/" in said and f"{made.address}/operator/deposits/" in said
        )
        assert re.search(r"mails lie in \S+/mail ", said)
        for role, email, _ in SIGN_INS:
            password = re.search(rf"{role} +{email} +(\S+)", said)[1]
            assert signs_in(made.address, email, password), role
        listed = made.run("project", "list", "--as", REQUESTER).stdout
        assert listed.count("prj_") == 8, "those of the first start are there, and new ones to look at"
        a_superuser_changes_a_row(made.data)
        told = made.run("ledger", "verify")
        assert told.returncode == 1 and "changed" in told.stdout
        demo.send_signal(signal.SIGINT)
        assert demo.wait() == 0
        made.wait_until_gone()


def pays_everybody_by_a_file_that_banks_take(done, out):
    """The run of the demo: paid but for two, the file valid against the official schema, and an invoice."""
    paid = done["payday"]
    assert paid["book_is_right"] and paid["came_back"] == 2
    assert paid["payouts"] > 2 and Decimal(paid["paid"]) > 1
    schema = Path(sepaxml.__file__).parent / "schemas" / "pain.001.001.09.xsd"
    (file,) = out.glob("TAGWERK-*.xml")
    etree.XMLSchema(etree.parse(schema)).assertValid(etree.parse(file))
    (invoice,) = out.glob("invoice-*.pdf")
    assert "Demo Crowd GmbH" in "".join(page.extract_text() for page in PdfReader(invoice).pages)


def a_superuser_changes_a_row(data):
    """Around all triggers, as nobody but the owner of the machine can."""
    database = EmbeddedDatabase(data / "postgres")
    with psycopg.connect(database.url_for(SUPERUSER)) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            "UPDATE ledger_transfer SET amount_micros = amount_micros + 1 WHERE seq = (SELECT min(seq) FROM ledger_transfer)"
        )


@pytest.mark.django_db(transaction=True)
def test_the_demo_orders_what_is_not_at_work_and_keeps_the_rest(live_server, tmp_path):
    @contextlib.contextmanager
    def client():
        with (
            local.ordering("Demo", REQUESTER) as requester,
            Client(live_server.url, requester.key, progress=False) as made,
        ):
            yield made

    with show.at_work(0, live_server.url, tmp_path), client() as one:
        first = {project.id: project.title for project in one.projects.list()}
    assert len(first) == 4
    ended = next(iter(first))
    with client() as one:
        one.projects.finish(ended)
    with show.at_work(0, live_server.url, tmp_path), client() as one:
        second = {project.id: project.title for project in one.projects.list()}
    assert first.keys() < second.keys()
    [new] = second.keys() - first.keys()
    assert second[new] == first[ended]


@pytest.mark.django_db
def test_the_sign_ins_of_the_file_work_whoever_made_the_people(tmp_path):
    from django.contrib.auth import authenticate

    local.person_of(REQUESTER, "Demo")  # as a first start left them that died before it had made its file
    passwords = make_sign_ins(tmp_path)
    assert passwords == make_sign_ins(tmp_path)
    for _, email, _ in SIGN_INS:
        assert authenticate(username=email, password=passwords[email]) is not None


@pytest.mark.django_db
def test_commands_side_by_side_have_keys_of_their_own_and_take_them_along():
    with local.ordering("Local", "l@example.org") as first, local.simulated_people(2, "s") as hands:
        with local.ordering("Local", "l@example.org") as second, local.simulated_people(2, "s") as others:
            assert len({*hands, *others}) == 4
        assert accounts.actor_of_key(second.key) is None
        assert [accounts.actor_of_key(key) for key in others] == [None, None]
        assert accounts.actor_of_key(first.key) is not None
        assert all(accounts.actor_of_key(key) for key in hands)
    assert accounts.actor_of_key(first.key) is None
