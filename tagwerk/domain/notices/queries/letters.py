"""What an e-mail says: a notice in the words of its reader."""

from collections.abc import Mapping

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.notices.rules import catalogue
from tagwerk.domain.notices.rules.kinds import N_
from tagwerk.domain.notices.rules.letters import LetterText, Link, paragraphs_of

_WHY = N_("You get this mail because you have an account at {site}.")
_WHY_INVITED = N_(
    "You get this mail because somebody invited this address at {site}. If you know nothing of it, do nothing."
)
_LEVEL = N_("Choose which mails you get, or none")


def letter_text(
    kind: str, params: Mapping[str, object], *, language: str, link: str, level_url: str = ""
) -> LetterText:
    """What the mail of a notice says, in the reader's language. Without `level_url` its reader has no account yet."""
    with translation.override(language):
        title, body = catalogue.render(kind, params, translate=gettext, language=language)
        button = catalogue.KINDS[kind].button
        why = gettext(_WHY if level_url else _WHY_INVITED).format(site=settings.APP_URL)
        return LetterText(
            language=language,
            sender=accounts.instance().name,
            title=title,
            paragraphs=paragraphs_of(body),
            button=Link(gettext(button), settings.APP_URL + link) if button else None,
            small=(why,),
            links=(Link(gettext(_LEVEL), level_url),) if level_url else (),
        )
