"""Mails about signing in, the page on which mails are chosen, and the gallery of all of them."""

import re
from pathlib import Path

import allauth
import pytest
from django.core import mail

from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.notices.queries import mail_token
from tagwerk.domain.notices.rules.letters import html_letter
from tagwerk.interfaces.web.mails import SAID, as_mail, security_mail
from tagwerk.interfaces.web.pages.gallery_mails import CONTEXT, kinds
from tests.interfaces.web.visiting import plain_files, visitor, words
from tests.people import person

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db
NOT_OF_OURS = {
    "account/email/login_code",
    "account/email/password_reset_code",
}  # switched off in the settings


def test_every_mail_that_allauth_can_send_has_words_of_ours():
    templates = Path(allauth.__file__).parent / "templates"
    found = {
        path.relative_to(templates).as_posix().removesuffix("_message.txt")
        for path in templates.glob("*/email/*_message.txt")
    }
    ours = {name for name in found if name.startswith(("account/", "mfa/", "socialaccount/"))}
    assert ours - NOT_OF_OURS == {*SAID, "account/email/base"} - ({"account/email/base"} - ours)


@pytest.mark.parametrize("kind", SAID)
def test_each_says_where_and_what_to_do(kind, settings):
    text = security_mail(kind, "ben@example.org", CONTEXT)
    assert (
        "{" not in " ".join(text.paragraphs)
        and text.button is not None
        and text.button.url.startswith("http")
    )
    assert ("203.0.113.7" in html_letter(text)) == (SAID[kind].url == "")  # changes say where they came from


def test_a_password_reset_comes_in_both_forms_and_in_the_language_of_the_page():
    person("ben")
    client = visitor()
    client.cookies["django_language"] = "de"
    client.post("/accounts/password/reset/", {"email": "ben@example.org"})
    (sent,) = mail.outbox
    ((html, _sort),) = sent.alternatives
    assert sent.subject == "Neues Passwort wählen"
    address = re.search(r"http://testserver/\S+", sent.body)[0]
    assert f'href="{address}"' in html and '<html lang="de">' in html


def test_who_hides_markup_in_a_browsers_name_finds_text():
    text = security_mail("account/email/password_changed", "b@x.org", {"user_agent": "<script>x</script>"})
    ((html, _sort),) = as_mail(text, ["b@x.org"], "a@x.org").alternatives
    assert "<script>" not in html and "&lt;script&gt;" in html


def test_mails_are_chosen_by_the_link_in_a_mail():
    address = f"/mails/{mail_token(person('ben').id)}/"
    page = visitor().get(address)
    assert 'value="all"' in page.content.decode() and "ben" not in words(page).lower()
    assert "Saved." in words(visitor().post(address, {"mail_level": "important"}))
    assert accounts.person(person("ben").id).mail_level == "important"
    assert visitor().post(address, {"mail_level": "many"}).status_code == 422


def test_a_mailbox_unsubscribes_in_one_step():
    address = f"/mails/{mail_token(person('ben').id)}/"
    assert visitor().get(address).status_code == 200
    assert accounts.person(person("ben").id).mail_level == "all"  # looking changes nothing: scanners look
    assert visitor().post(address, {"List-Unsubscribe": "One-Click"}).status_code == 204
    assert accounts.person(person("ben").id).mail_level == "none"
    assert visitor().post("/mails/nonsense/", {"List-Unsubscribe": "One-Click"}).status_code == 404


def test_the_gallery_shows_every_mail_in_both_languages():
    page = visitor().get("/gallery/mails/")
    text = page.content.decode()
    for kind in kinds():
        for language in ("en", "de"):
            assert f'src="/gallery/mails/{kind}/{language}/"' in text
            one = visitor().get(f"/gallery/mails/{kind}/{language}/")
            assert one.status_code == 200 and "<script>" not in one.content.decode()
            assert f'<html lang="{language}">' in one.content.decode()
    assert "{" not in re.sub(r"<script.*?</script>", "", text.partition("<main")[2], flags=re.S)
    assert visitor().get("/gallery/mails/nonsense/en/").status_code == 404
