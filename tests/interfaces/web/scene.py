"""Acme with one of everything, a worker in the middle of things, and the addresses of it all."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse
from django.utils.timezone import now

from tagwerk.base.ids import public_id, row_number
from tagwerk.base.secrecy import encrypted
from tagwerk.config.urls import urlpatterns
from tagwerk.domain.academy import actions as academy
from tagwerk.domain.academy import queries as academy_queries
from tagwerk.domain.academy.rules import TestPay
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries
from tagwerk.domain.community import actions as community
from tagwerk.domain.designs import actions as designs
from tagwerk.domain.exports import actions as exports
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.notices.queries import mail_proof, mail_token
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments import queries as payment_queries
from tagwerk.domain.payments.actions.receiving import confirm_path
from tagwerk.domain.payments.models import PayeeCheck, Payout, PaypalBatch, PaypalItem
from tagwerk.domain.payments.queries import bank
from tagwerk.domain.payments.rules.holds import HoldCode
from tagwerk.domain.payments.rules.profile import VatTreatment
from tagwerk.domain.payments.rules.rails import Rail
from tagwerk.domain.projects.queries import titles_of
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries as queries_of_work
from tagwerk.simulation.bank import Movement, account_day
from tests.domain.payments import books
from tests.domain.payments.correcting import moves, propose
from tests.domain.payments.wages import company, details, earn, locked_run, payee, released_run
from tests.domain.work import hourly
from tests.interfaces.web.access_table import PEOPLE, ROLES
from tests.interfaces.web.visiting import visitor
from tests.orders import project, project_file
from tests.people import actor, key_for, member, organisation, person
from tests.workshop import do_work, judge, launched

SAY = {"sentiment": "positive"}


def page_names(patterns: Any = urlpatterns) -> Iterator[str]:
    """The names of all pages of our own: the API has a table of its own, signing in is allauth's."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver) and str(pattern.pattern) not in ("accounts/", "api/v1/"):
            yield from page_names(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            yield str(pattern.name)


def arguments(name: str, patterns: Any = urlpatterns) -> list[str]:
    """What the address of a page is made of."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            found = arguments(name, pattern.url_patterns) if pattern.url_patterns else []
            if found or any(getattr(inner, "name", None) == name for inner in pattern.url_patterns):
                return found
        elif pattern.name == name:
            return list(pattern.pattern.converters)
    return []


OF_ANSWERS = {  # address → its argument, and which answer of the scene that is
    "task_answer": ("assignment", "answered"),
    "task_undo": ("assignment", "answered"),
    "task_accept_rejection": ("assignment", "rejected"),
    "task_decision": ("assignment", "contested"),
    "project_review_answer": ("asg", "answered"),
    "operator_late_pay": ("assignment", "late"),
    "task_time": ("assignment", "timed_answer"),
    "task_timer_start": ("assignment", "timed"),
    "task_timer_pause": ("assignment", "timed"),
    "task_timer_seen": ("assignment", "timed"),
    "project_time": ("prj", "hours"),
}


class Scene:
    """Made once for many requests; what a request changes is taken back."""

    def __init__(self, settings: Any, *, title: str = "Sentiment", row: str = "Text", **changes: Any) -> None:
        settings.UNDO_SECONDS = 0
        self.clients = {name: visitor(name) for name in PEOPLE}
        self.made = launched([{"text": f"{row} {n}"} for n in range(4)], title=title, **changes)
        self.organisation_id = self.made.organisation_id
        for name, role in ROLES.items():
            member(name, self.organisation_id, role)
        organisation("other", "eve")
        self.clients["gus"] = visitor("gus")
        self.ids: dict[str, Any] = {"org": public_id("org", self.organisation_id), "prj": self.made.public_id}
        self.ids |= {"project": self.made.public_id, "form": "csv"}
        self.ids |= {"document": "how-to/export", "noun": "projects"}
        self.ids |= {"kind": "invitation", "tongue": "de"}
        self.ids["token"] = mail_token(person("ben").id)
        self.ids["panel"] = "pace"
        draft = project(title="Draft")
        work.import_tasks(project_id=draft.id, rows=[{"text": "Waits"}])
        self.ids["draft"] = draft.public_id
        self.ids["draft_task"] = public_id("tsk", queries_of_work.tasks_after(draft.id, 0, 1)[0].id)
        self._work()
        self._order()
        self._people()
        self._test()
        self._invoice()
        self._bank()
        self._pay()
        self._hours()
        with connection.cursor() as cursor:
            cursor.execute(
                "insert into procrastinate_jobs (queue_name, task_name, status) values ('default', 'x', 'failed') returning id"
            )
            self.ids["job"] = cursor.fetchone()[0]

    def _bank(self) -> None:
        """An entry of the bank that nobody knows."""
        company()
        day = account_day("DE89370400440532013000", now().date(), 0, [Movement(1_200, "No idea", "Somebody")])
        payments.import_bank_file(actor=actor("dan"), name="day.xml", content=day, now=now())
        (entry,) = bank.bank_entries(actor("dan"), waiting=True)
        self.ids["entry"] = public_id("bke", entry.id)

    def _work(self) -> None:
        do_work(self.made.id, "ben", lambda data: SAY, most=2)
        mine = self.clients["ben"].get("/work/mine/").content.decode()
        self.ids["answered"], self.ids["rejected"] = list(dict.fromkeys(re.findall(r"asg_\w+", mine)))[:2]
        self.ids["asg"] = self.ids["answered"]
        do_work(self.made.id, "fay", lambda data: SAY, most=1)
        judge(self.made.id)
        late = queries_of_work.my_work(person("fay").id)[0].assignment_id
        with connection.cursor() as cursor:  # as if it had come too late to count
            cursor.execute("update assignment set state = 7 where id = %s", [late])
        self.ids["late"] = public_id("asg", late)
        people = queries_of_work.workers_page(actor("ada"), self.made.id)
        self.ids["pseudonym"] = self.ids["worker"] = next(
            one.pseudonym for one in people if one.worker_id == person("fay").id
        )
        quality.reject_answer(
            actor=actor("ada"),
            project_id=self.made.id,
            assignment_id=row_number("asg", self.ids["rejected"]),
            code="low_effort",
            reason="This is not about the text.",
        )
        self._contested()
        ben = self.clients["ben"]
        page = ben.post(f"/work/{self.made.public_id}/next")["Location"]
        self.ids["assignment"] = page.split("/")[3]
        tasks = self.clients["ada"].get(f"/projects/{self.made.public_id}/tasks/").content.decode()
        self.ids["tsk"] = re.findall(r"/tasks/(tsk_\w+)/", tasks)[0]
        community.write_as_worker(
            person_id=person("ben").id,
            project_id=self.made.id,
            task_id=row_number("tsk", self.ids["tsk"]),
            text="Why?",
        )
        work.make_gold(project_id=self.made.id, right={row_number("tsk", self.ids["tsk"]): SAY})
        threads = self.clients["ada"].get(f"/projects/{self.made.public_id}/threads/").content.decode()
        self.ids["thr"] = re.findall(r"/threads/(msg_\w+)/", threads)[0]

    def _contested(self) -> None:
        """An objection of Ben's to another rejection."""
        do_work(self.made.id, "ben", lambda data: SAY, most=1)
        judge(self.made.id)
        mine = queries_of_work.my_work(person("ben").id, project_id=self.made.id)[0]
        one = mine.assignment_id
        quality.reject_answer(
            actor=actor("ada"),
            project_id=self.made.id,
            assignment_id=one,
            code="low_effort",
            reason="Not read.",
        )
        quality.make_appeal(
            person_id=person("ben").id,
            project_id=self.made.id,
            assignment_id=one,
            text="I have read it.",
            now=now(),
        )
        self.ids["contested"] = public_id("asg", one)

    def _order(self) -> None:
        ada, org = actor("ada"), self.organisation_id
        export = exports.start_export(actor=ada, project_id=self.made.id, format="jsonl")
        exports.run_export(export_id=export)
        webhook = notices.create_endpoint(
            actor=ada, organisation_id=org, url="https://example.org/x", events=["result.ready"]
        ).endpoint_id
        rows = SimpleUploadedFile("rows.csv", b"text,_gold.sentiment\nMore,splendid\n")
        report = self.clients["ada"].post(
            f"/projects/{self.made.public_id}/import/", {"rows": rows, "on_bad": "skip"}
        )
        self.ids |= {
            "exp": public_id("exp", export),
            "webhook": public_id("whk", webhook),
            "delivery": public_id("dlv", notices.send_test(actor=ada, endpoint_id=webhook)),
            "imp": report["Location"].split("/")[-2],
        }

    def _people(self) -> None:
        ada, org = actor("ada"), self.organisation_id
        member("hal", org)
        hal = next(one for one in queries.members_page(ada, org) if one.name == "Hal")
        invitation = accounts.invite_member(
            actor=ada, organisation_id=org, email="gus@example.org", role="viewer"
        )
        key_for("ada", org, scopes=["projects:read"])  # what a manager may replace
        key_for("ben")
        accounts.create_team(actor=ada, organisation_id=org, slug="night", name="Night shift")
        notice = notices.tell(
            person_id=person("ben").id, kind="organisation_approved", params={"organisation": "Acme"}
        )
        self.ids |= {
            "person": public_id("per", person("cyn").id),
            "member": public_id("mbr", hal.id),
            "team": "night",
            "invitation": public_id("inv", invitation),
            "key": public_id("key", queries.keys_of(ada, org)[0].id),
            "own_key": public_id("key", queries.keys_of(actor("ben"))[0].id),
            "notice": public_id("ntc", notice),
        }

    def _invoice(self) -> None:
        """A deposit with VAT, and the paper about it."""
        books.company()
        books.buyer()
        payments.invoice_booking(booking_id=books.deposit(119, "scene"), now=now())
        payments.make_missing_papers()
        self.ids["invoice"] = payment_queries.invoices_page(actor("dan"))[0].label

    def _test(self) -> None:
        ada = actor("ada")
        qualification = academy.create_qualification(
            actor=ada, organisation_id=self.organisation_id, slug="q", title="Q"
        )
        academy.define_entry_test(
            actor=ada,
            qualification_id=qualification,
            design_id=designs.save_design(organisation_id=self.organisation_id, file=project_file()).id,
            rows=[{"text": "Test", "_gold": SAY}],
            draw=1,
            pass_mark=100,
            minutes=12,
            pay=TestPay(2_000_000, "EUR", 50, 9),
        )
        of_all = academy.create_qualification(
            actor=actor("dan"), organisation_id=None, slug="all", title="All"
        )
        offers = self.clients["ben"].get("/work/qualifications/").content.decode()
        self.ids["test"] = re.findall(r"tests/(tst_\w+)/", offers)[0]
        attempt = work.start_attempt(actor=actor("ben"), test_id=row_number("tst", self.ids["test"]))
        [task] = academy_queries.attempt_for(actor("ben"), attempt).tasks
        self.ids |= {
            "qualification": public_id("qlf", qualification),
            "qualification_of_all": public_id("qlf", of_all),
            "attempt": public_id("att", attempt),
            "test_task": public_id("tsk", task.id),
        }

    def _pay(self) -> None:
        """Ben is paid in a run that waits, has asked for another way, and is held since."""
        ben = payee("ben")
        business = details("Ben", vat_treatment=VatTreatment.SMALL_BUSINESS, business=True)
        payments.save_payout_profile(person_id=ben, details=business, now=now())
        earn(ben, 20)
        released_run()
        payments.issue_statements(now=now(), titles=titles_of)
        self.ids |= {
            "statement": payment_queries.statements_of(ben)[0].label, "currency": "EUR", "year": now().year
        }  # fmt: skip
        earn(ben, 20)
        run = locked_run()
        method = payments.ask_payout_method(
            person_id=ben, rail=Rail.PAYPAL, account="ben@example.org", now=now(), recently_signed_in=True,
            with_second_factor=True,
        )  # fmt: skip
        earn(person("fay").id, 20)
        hold = payments.hold_payouts(
            actor=actor("dan"), person_id=person("fay").id, code=HoldCode.FRAUD_REVIEW, reason="Is it you?",
            until=now() + timedelta(days=3), now=now(),
        )  # fmt: skip
        (payout,) = Payout.objects.filter(run=run, person_id=ben)
        PayeeCheck.objects.create(payout=payout, code="RVMC", sealed_name=encrypted("Ben Q. Müller"))
        batch = PaypalBatch.objects.create(
            run=run,
            number=1,
            sender_batch_id="x",
            try_after=now(),
            state="refused",
            error="INSUFFICIENT_FUNDS",
        )
        PaypalItem.objects.create(payout=payout, batch=batch)
        self.ids |= {
            "payout": public_id("pay", payout.id),
            "ppb": public_id("ppb", batch.id),
            "run": public_id("run", run.id),
            "method": public_id("pmt", method),
            "proof": mail_proof(ben, confirm_path(method)),
            "hold": public_id("phd", hold),
            "correction": public_id("cor", propose(moves(ben, 5))),
        }

    def _hours(self) -> None:
        """A project that pays by the hour: Ben has a task of it in hand, and asks for more time for another."""
        made = launched([{"text": "One"}, {"text": "Two"}], title="Hours", pay=hourly.PAY, hold=hourly.HOLD)
        ben = person("ben").id
        number = hourly.worked(ben, made, 2_400)
        asked = hourly.correct(ben, made, number, 2_400).request_id
        work.feed_answers(project_id=made.id)
        held = hourly.timed(ben, made, 300)
        self.ids |= {
            "hours": made.public_id, "timed": public_id("asg", held.assignment_id),
            "timed_answer": public_id("asg", number), "tmr": public_id("tmr", asked),
        }  # fmt: skip

    def address(self, name: str, **instead: Any) -> str:
        """The address of a page, of what is in the scene."""
        known = dict(self.ids)
        if name.startswith("worker_key"):
            known["key"] = self.ids["own_key"]
        if name.startswith("setup"):
            known |= {"prj": self.ids["draft"], "tsk": self.ids["draft_task"]}
        if name.startswith("operator_"):
            known["qualification"] = self.ids["qualification_of_all"]
        if name in OF_ANSWERS:
            argument, which = OF_ANSWERS[name]
            known[argument] = self.ids[which]
        known |= instead
        return reverse(name, kwargs={part: known[part] for part in arguments(name)})

    def get(self, who: str | None, address: str, sent: dict[str, str] | None = None) -> Any:
        """Open a page; what that changes is taken back."""
        return self._taken_back(self.clients[who], "get", address, sent)

    def post(self, who: str | None, address: str, sent: dict[str, str]) -> Any:
        """Send to a page; what that changes is taken back."""
        filled = {field.format(**self.ids): text.format(**self.ids) for field, text in sent.items()}
        return self._taken_back(self.clients[who], "post", address, filled)

    def send(self, who: str | None, address: str, sent: dict[str, str], as_json: bool = False) -> Any:
        """Send exactly this; what it changes is taken back."""
        return self._taken_back(self.clients[who], "post", address, sent, as_json)

    def _taken_back(self, client: Client, method: str, address: str, sent: Any, as_json: bool = False) -> Any:
        cookies = client.cookies.copy()
        client.raise_request_exception = False
        with transaction.atomic():
            # A refusal as JSON is shorter to make than a page.
            given = {"content_type": "application/json"} if as_json else {}
            reply = getattr(client, method)(
                address, sent or {}, headers={"Accept": "application/json"}, **given
            )
            transaction.set_rollback(True)
        client.cookies = cookies
        return reply
