"""What the operator says: who runs this platform, and what becomes of people's data."""

from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.designs.rules.markup import markdown_html


@require_safe
def imprint(request: HttpRequest) -> HttpResponseBase:
    """Who is responsible for this platform."""
    return render(request, "pages/public/imprint.html", said(accounts.instance().imprint))


def said(texts: Mapping[str, str]) -> dict[str, str]:
    """What the operator wrote as HTML, in the reader's language, else in the instance's, else in any; may be nothing."""
    own = (get_language() or settings.LANGUAGE_CODE).partition("-")[0]
    wishes = (own, accounts.instance().language, *texts)
    language = next((wish for wish in wishes if texts.get(wish)), own)
    return {"text_language": language, "html": markdown_html(texts[language]) if language in texts else ""}
