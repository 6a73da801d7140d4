import smtplib
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db.utils import IntegrityError
from django.utils import timezone

from tagwerk.base.errors import NotFound
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries as accounts_queries
from tagwerk.domain.accounts.rules import CONSOLE
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.notices import queries
from tagwerk.domain.notices.actions.mail import PAUSES
from tagwerk.domain.notices.models import Letter, Notice
from tests.domain.notices.hooks import later
from tests.people import actor, organisation, person

pytestmark = pytest.mark.django_db


def tell(name: str = "ben", reason: str = "Too short") -> int:
    params = {"project": "Moods", "reason": reason}
    return notices.tell(person_id=person(name).id, kind="answer_rejected", params=params, link="/work/mine")


def test_a_letter_leaves_once(settings: Any) -> None:
    tell()
    assert notices.send_due_mail(now=later()) == 1
    assert notices.send_due_mail(now=later()) == 0
    (sent,) = mail.outbox
    assert sent.to == ["ben@example.org"]
    assert sent.subject == "An answer of yours was rejected: Moods"
    assert "Too short" in sent.body and f"{settings.APP_URL}/work/mine" in sent.body
    assert sent.extra_headers["Message-ID"].startswith("<letter-")
    letter = Letter.objects.get()
    assert (letter.state, letter.attempts, letter.claimed_until) == ("sent", 1, None)


@pytest.mark.parametrize("chosen", ["de", None])
def test_letters_are_written_in_the_readers_language(
    monkeypatch: pytest.MonkeyPatch, chosen: str | None
) -> None:
    accounts.change_instance(actor=CONSOLE, language="en" if chosen else "de")
    person("ben", ui_language=chosen)
    asked: list[str] = []

    def translated(text: str) -> str:
        from django.utils.translation import get_language

        asked.append(get_language() or "")
        return text

    monkeypatch.setattr("tagwerk.domain.notices.queries.letters.gettext", translated)
    tell()
    notices.send_due_mail(now=later())
    assert set(asked) == {"de"}


def test_many_letters_leave_in_small_handfuls() -> None:
    for number in range(25):
        tell(reason=str(number))
    assert notices.send_due_mail(now=later(), limit=12) == 12
    assert notices.send_due_mail(now=later()) == 13
    assert len(mail.outbox) == 25


class Broken(BaseEmailBackend):
    """A mail server that is out of order."""

    def send_messages(self, email_messages: Any) -> int:
        raise smtplib.SMTPServerDisconnected("please try later")


def test_what_cannot_leave_is_tried_again_with_growing_pauses(settings: Any) -> None:
    tell()
    working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "tests.domain.notices.test_mail.Broken"
    now = later()
    for pause in PAUSES:
        assert notices.send_due_mail(now=now) == 0
        letter = Letter.objects.get()
        assert letter.next_at == now + pause and "please try later" in letter.error
        assert notices.send_due_mail(now=now) == 0  # not due yet
        now += pause
    settings.EMAIL_BACKEND = working
    assert notices.send_due_mail(now=now) == 1
    assert Letter.objects.get().error == ""


def test_in_the_end_it_is_given_up(settings: Any) -> None:
    tell()
    settings.EMAIL_BACKEND = "tests.domain.notices.test_mail.Broken"
    for day in range(len(PAUSES) + 1):
        notices.send_due_mail(now=later(days=2 * day))
    assert Letter.objects.get().state == "failed"
    assert queries.unread_count(actor("ben")) == 1  # the inbox has it all the same


def test_who_wants_no_mail_any_more_gets_none() -> None:
    tell()
    accounts.update_profile(actor=actor("ben"), mail_level="none")
    tell("cyn")
    accounts.suspend_person(actor=CONSOLE, person_id=person("cyn").id, reason="other")
    assert notices.send_due_mail(now=later()) == 0
    assert set(Letter.objects.values_list("state", flat=True)) == {"dropped"}
    assert mail.outbox == []


def test_a_process_that_died_with_a_letter_in_hand_leaves_it_to_the_next() -> None:
    tell()
    Letter.objects.update(claimed_until=later(minutes=5), attempts=1)
    assert notices.send_due_mail(now=later()) == 0
    Letter.objects.update(claimed_until=timezone.now() - timedelta(hours=1))
    assert notices.send_due_mail(now=later()) == 1


def invite(email: str) -> int:
    acme = organisation()
    return accounts.invite_member(actor=actor("ada"), organisation_id=acme, email=email, role="viewer")


def test_an_invitation_goes_to_an_address_that_nobody_has_yet() -> None:
    invitation_id = invite("new@example.org")
    notices.mail_invitation(invitation_id=invitation_id)
    notices.mail_invitation(invitation_id=invitation_id)  # the reaction again
    assert notices.send_due_mail(now=later()) == 1
    (sent,) = mail.outbox
    found = accounts_queries.invitation_mail(invitation_id)
    assert found is not None
    assert sent.to == ["new@example.org"] and "acme" in sent.subject and "Ada" in sent.body
    assert f"?invitation={found.token}" in sent.body


def test_who_has_the_address_already_sees_it_in_the_inbox_and_gets_one_mail() -> None:
    person("ben")
    notices.mail_invitation(invitation_id=invite("ben@example.org"))
    assert notices.send_due_mail(now=later()) == 1
    assert [each.kind for each in queries.inbox(actor("ben"))] == ["invitation"]


def test_the_token_of_an_invitation_stands_in_no_table() -> None:
    invitation_id = invite(person("ben").email)
    notices.mail_invitation(invitation_id=invitation_id)
    found = accounts_queries.invitation_mail(invitation_id)
    assert found is not None
    assert found.token not in str([Letter.objects.values().get(), Notice.objects.values().get()])


def test_a_withdrawn_invitation_is_not_sent() -> None:
    invitation_id = invite("new@example.org")
    notices.mail_invitation(invitation_id=invitation_id)
    accounts.withdraw_invitation(actor=actor("ada"), invitation_id=invitation_id)
    notices.mail_invitation(invitation_id=invitation_id)
    assert notices.send_due_mail(now=later()) == 0
    assert Letter.objects.get().state == "dropped"


def test_people_are_invited_to_work_without_an_organisation() -> None:
    invitation_id = accounts.invite_worker(actor=actor("dan"), email="new@example.org")
    notices.mail_invitation(invitation_id=invitation_id)
    notices.send_due_mail(now=later())
    assert mail.outbox[0].subject == "You are invited to work on tagwerk"


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"notice_id": None}, "letter_of_one_thing"),
        ({"state": "lost"}, "letter_state_known"),
        ({"state": "sent"}, "letter_sent_has_time"),
        ({"key": None}, "letter_key_once"),
    ],
)
def test_letters_are_of_a_known_sort(facts: dict[str, Any], name: str) -> None:
    notice_id = tell()
    taken = Letter.objects.get().key
    usual = {"notice_id": notice_id, "key": "k"} | facts
    with pytest.raises(IntegrityError, match=name):
        Letter.objects.create(**(usual | {"key": usual["key"] or taken}))


def test_a_letter_has_an_html_form_and_says_how_to_get_fewer() -> None:
    tell(reason="<b>bold</b>")
    notices.send_due_mail(now=later())
    (sent,) = mail.outbox
    assert isinstance(sent, mail.EmailMultiAlternatives)
    ((html, sort),) = sent.alternatives
    assert sort == "text/html" and "&lt;b&gt;bold&lt;/b&gt;" in str(html) and "<b>" in sent.body
    level = sent.extra_headers["List-Unsubscribe"].strip("<>")
    assert level in sent.body and level in str(html)
    assert queries.person_of_mail_token(level.rstrip("/").rpartition("/")[2]) == person("ben").id
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_who_has_no_account_has_no_mails_to_choose() -> None:
    notices.mail_invitation(invitation_id=invite("new@example.org"))
    notices.send_due_mail(now=later())
    assert "List-Unsubscribe" not in mail.outbox[0].extra_headers
    assert "somebody invited this address" in mail.outbox[0].body


@pytest.mark.parametrize("token", ["", "x", "per_abc:1:2"])
def test_a_link_that_is_not_from_our_mails_leads_to_nobody(token: str) -> None:
    with pytest.raises(NotFound):
        queries.person_of_mail_token(token)
