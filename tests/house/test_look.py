"""The look keeps its own rules: colours in one place, no styles inside pages, no left and right, all words translated."""

import re
from pathlib import Path

from tests.house.templates import untranslated
from tests.house.test_house import HOUSE, ROOT

WEB = HOUSE / "interfaces/web"
COLOUR = re.compile(
    r"#[0-9a-fA-F]{3,8}\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color|color-mix|light-dark)\(|"
    r":\s*(?:black|white|red|green|blue|gray|grey|orange|yellow|purple)\b"
)
SIDE = re.compile(
    r"(?<!safe-area-)\b(?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right|top|bottom)\b|"
    r"(?:^|[;{\s])(?:left|right|top|bottom|(?:min-|max-)?(?:width|height))\s*:|"
    r"\b(?:text-align|float|clear)\s*:\s*(?:left|right)\b"
)
# Places and sizes that follow a finger are figures, not looks.
STYLED = re.compile(
    r"\.style\.(?!(?:translate|transform|rotate|scale|inset\w*|(?:inline|block)Size)\b)|\.style\s*=|cssText|"
    r"[\"'`]style[\"'`]|insertRule"
)
# Names that are the same in every language.
WORDS = "tagwerk PayPal PDF IBAN BIC SEPA CSV PNG JSON JSONL YAML API Python curl EUR SHA ms _id id Ctrl Enter Esc Shift"
KNOWN = frozenset(WORDS.split())
# What only builders of pages see, and the reference of the API, which is in English as the API is.
ENGLISH = re.compile(r"gallery\w*\.html|sample\.html|docs_api\w*\.html|_api_\w+\.html")


def lines(path: Path, pattern: re.Pattern[str]) -> list[str]:
    """Where the pattern is found, comments apart."""
    bare = re.sub(
        r"/\*.*?\*/", lambda found: re.sub(r"[^\n]", " ", found[0]), path.read_text("utf-8"), flags=re.S
    )
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for number, line in enumerate(bare.splitlines(), start=1)
        if pattern.search(line)
    ]


def test_colours_are_tokens() -> None:
    sheets = [path for path in WEB.rglob("*.css") if path.name != "tokens.css"]
    assert [line for path in sheets for line in lines(path, COLOUR)] == []
    scripts = re.compile(r"[\"'`](?:#[0-9a-fA-F]{3,8}\b|(?:rgb|hsl|oklch)a?\()")
    assert [line for path in WEB.rglob("*.js") for line in lines(path, scripts)] == []


def test_lines_may_run_either_way() -> None:
    assert [line for path in WEB.rglob("*.css") for line in lines(path, SIDE)] == []


def test_scripts_set_classes_and_states_and_no_styles() -> None:
    assert [line for path in WEB.rglob("*.js") for line in lines(path, STYLED)] == []


def test_no_sign_of_a_share_stands_in_a_word_in_brackets() -> None:
    """Django doubles `%` in `_("…")` of a template and never halves it; `{% translate … as … %}` does."""
    doubled = re.compile(r"_\((?:\"[^\"]*%[^\"]*\"|'[^']*%[^']*')\)")
    assert [line for path in WEB.rglob("*.html") for line in lines(path, doubled)] == []


def test_every_word_of_a_template_is_translated() -> None:
    missed = [
        f"{path.relative_to(WEB)}: {text}"
        for path in sorted(WEB.rglob("*.html"))
        if not ENGLISH.fullmatch(path.name)
        for text in untranslated(path.read_text("utf-8"), KNOWN)
    ]
    assert missed == []
