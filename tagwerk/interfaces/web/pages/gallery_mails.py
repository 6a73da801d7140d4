"""Every mail in both languages, HTML beside plain text: for those who write them."""

from collections.abc import Iterator, Mapping
from typing import Any

from csp.decorators import csp_update
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from tagwerk.domain.notices.queries import letter_text
from tagwerk.domain.notices.rules.catalogue import KINDS, amount
from tagwerk.domain.notices.rules.letters import LetterText, html_letter, plain_letter
from tagwerk.interfaces.web.mails import SAID, security_mail

LANGUAGES = ("en", "de")
INVITED = frozenset({"invitation", "worker_invitation"})  # their readers have no account to choose mails in
LEVEL_URL = "https://work.example.org/mails/example/"
SAMPLES: Mapping[str, Any] = {
    "accounts": 2,
    "people": 1204,
    "payouts": 412,
    "target": "DE ••• 3000",
    "usable": {"date": "2026-12-02"},
    "what_to_do": "Enter another account.",
    "why": "This account is closed.",
    "amount": amount(1_250_500_000, "EUR"),
    "author": "Requester",
    "back": 2,
    "bank": amount(8_214_330_000, "EUR"),
    "book": amount(8_224_330_000, "EUR"),
    "corrections": "cor_7k2m9q",
    "transfers": 12,
    "since": {"date": "2026-12-02"},
    "difference": amount(10_000_000, "EUR"),
    "gaps": 1,
    "batches": 1,
    "runs": 1,
    "budget": amount(500_000_000, "EUR"),
    "answers": 23,
    "currencies": 0,
    "contact": "operator@example.org",
    "answer": "All of these texts are neutral, as the instructions say.",
    "excerpt": "Does “a little” count as neutral? <b>I would say so.</b>",
    "figures": "4 / 12 = 33 % (< 70 %)",
    "days": 14,
    "doubts": 1,
    "entries": 3,
    "extra": amount(50_000, "EUR"),
    "hash": "9f2c4be07d1a4c55b0b6c1f3a5d0e87714e2b36fd90c8a5e6b7f10d2c3a49e85",
    "instance": "Nordlicht Data Work",
    "inviter": "Ada Byron",
    "invoice": "RE-2026-00042",
    "last": 48_213,
    "left": amount(42_300_000, "EUR"),
    "minutes": 15,
    "number": 312,
    "note": "Several answers were the same, word for word.",
    "name": "Olga",
    "operator": "Dan",
    "organisation": "Nordlicht & Söhne",
    "project": "Wie klingt diese Bewertung? <script>alert(1)</script>",
    "qualification": "Comparing answers",
    "reply": "Thirty minutes were agreed.",
    "reason": "The answer is about another text.\nPlease read the whole review first.",
    "score": 84,
    "seals": 1,
    "state": "UNDER_REVIEW",
    "tasks": 120,
    "there": amount(8_214_330_000, "EUR"),
    "text": "The last line of the review turns it around. Please read it to the end.",
    "until": {"date": "2026-12-13"},
    "url": "https://example.org/hooks/tagwerk?a=1&b=2",
}


@require_safe
@csp_update({"frame-src": ["'self'"]})
def gallery_mails(request: HttpRequest) -> HttpResponse:
    """All of them, one below another."""
    lines = [
        {"kind": kind, "mails": [(tongue, _plain(kind, tongue)) for tongue in LANGUAGES]} for kind in kinds()
    ]
    return render(request, "pages/gallery_mails.html", {"lines": lines})


@require_safe
@xframe_options_sameorigin
def gallery_mail(request: HttpRequest, kind: str, tongue: str) -> HttpResponseBase:
    """One mail as a mailbox shows it."""
    if kind not in set(kinds()) or tongue not in LANGUAGES:
        raise Http404
    response = HttpResponse(html_letter(_letter(kind, tongue)))
    styles = {"style-src": ["'unsafe-inline'"], "frame-ancestors": ["'self'"]}
    return csp_update(styles)(lambda _request: response)(request)


def kinds() -> Iterator[str]:
    """The names of all mails."""
    yield from KINDS
    yield from (name.replace("/", "-") for name in SAID)


def _plain(kind: str, language: str) -> str:
    return plain_letter(_letter(kind, language))


def _letter(kind: str, language: str) -> LetterText:
    with translation.override(language):
        if kind in KINDS:
            params = {place: SAMPLES[place] for place in KINDS[kind].places}
            return letter_text(
                kind,
                params,
                language=language,
                link="/inbox/",
                level_url="" if kind in INVITED else LEVEL_URL,
            )
        return security_mail(
            kind.replace("-", "/"), "ben@example.org", CONTEXT | {"timestamp": timezone.now()}
        )


CONTEXT = {
    "activate_url": "https://work.example.org/accounts/confirm-email/MTA:1vG/",
    "password_reset_url": "https://work.example.org/accounts/password/reset/key/3-abc/",
    "signup_url": "https://work.example.org/accounts/signup/",
    "from_email": "ben@example.org",
    "to_email": "ben@example.net",
    "deleted_email": "old@example.org",
    "provider": "Example Login",
    "ip": "203.0.113.7",
    "user_agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0",
}
