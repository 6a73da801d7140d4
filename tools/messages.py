"""The texts that people read and their translations: `messages.py extract | compile | check`.

extract   find every text in code and templates and bring the catalogues up to date; translations stay
compile   write the .mo files that the program reads
check     say which texts are new, untranslated, no longer used or have lost a place such as {name}; exit 1 if any

allauth brings a German of its own that says “du”; where it does (or is OTHERWISE wrong), our catalogue has it again.
So it has a few sentences OF_DJANGO.
"""

import ast
import io
import re
import sys
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import allauth
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
HOUSE = ROOT / "tagwerk"
LOCALE = HOUSE / "locale"
LANGUAGES = ("de",)
SECOND = (2,)  # the message is the second argument, after the code
REFUSALS = ("Refusal", "Invalid", "NotAllowed", "NotFound", "Conflict", "TooMany")
KEYWORDS: dict[str, Any] = {
    "_": None,
    "N_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    **dict.fromkeys(["Sentence", "wrong"]),
    **dict.fromkeys([*REFUSALS, "refuse"], SECOND),
}
REFUSAL = re.compile(rf"^class (\w+)\((?:{'|'.join(REFUSALS)})\):", re.M)  # and those made of them
ONLY_IN_THE_HOUSE = {"client", "simulation", "inference"}  # speak to programs
PLACE = re.compile(r"%\(\w+\)[sd]|%[sd]|(?<!\{)\{(\w+)[^{}]*\}(?!\})")
CHANGING_HEADERS = rb'"(?:POT-|PO-|Last-T|Report-|Language-Team|Project-Id|Generated)[^\n]*\n'
OF_DJANGO = {"This field is required."}  # said shorter in our catalogue: it stands below every empty field
OTHERWISE = {  # a button, and allauth’s German for it is no command; "du" in a verb alone; one word, written in two ways
    "Sign In",
    "Please contact us if you have any trouble resetting your password.",
    "Recovery Codes",
}
FAMILIAR = re.compile(r"\b([Dd]u|[Dd]ein\w*|[Dd]ir|[Dd]ich)\b")


def _keywords() -> dict[str, Any]:
    """What a translatable text is an argument of: gettext's functions and every kind of refusal."""
    return _keywords_in(HOUSE)


@cache
def _keywords_in(house: Path) -> dict[str, Any]:
    refusals = {name for path in house.rglob("*.py") for name in REFUSAL.findall(path.read_text("utf-8"))}
    return KEYWORDS | dict.fromkeys(refusals, SECOND)


def _sources() -> Iterator[Path]:
    for path in sorted([*HOUSE.rglob("*.py"), *HOUSE.rglob("*.html"), *HOUSE.rglob("*.txt")]):
        parts = path.relative_to(HOUSE).parts
        if "migrations" not in parts and parts[0] not in ONLY_IN_THE_HOUSE:
            yield path


Call = tuple[str, tuple[str | None, ...]]


def _calls(path: Path) -> Iterator[Call]:
    """(function, its texts) of every call that names a text; None for an argument that is no literal."""
    text = path.read_text("utf-8")
    return _calls_in_code(text) if path.suffix == ".py" else _calls_in_template(text)


def _calls_in_code(text: str) -> Iterator[Call]:
    yield from _calls_within(ast.parse(text), {})


Named = dict[str, list[str | None]]


def _calls_within(node: ast.AST, named: Named) -> Iterator[Call]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        named = _named_in(node)
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in _keywords():
            each = product(*(_literals(argument, named) for argument in node.args))
            yield from ((name, texts) for texts in each)
    for child in ast.iter_child_nodes(node):
        yield from _calls_within(child, named)


def _named_in(function: ast.AST) -> Named:
    """The texts that a function gives a name before it says them: `message = "…"`."""
    found: Named = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            texts = [text for text in _literals(node.value, {}) if text is not None]
            found.setdefault(node.targets[0].id, []).extend(texts)
    return {name: texts for name, texts in found.items() if texts}


def _literals(node: ast.expr, named: Named) -> list[str | None]:
    """The text of an argument; both of `one if … else other`; all that a name stands for."""
    if isinstance(node, ast.IfExp):
        return [*_literals(node.body, named), *_literals(node.orelse, named)]
    if isinstance(node, ast.Name):
        return named.get(node.id, [None])
    return [node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None]


def _calls_in_template(text: str) -> Iterator[Call]:
    # Django writes a template's texts as Python calls, between words that mean nothing, indented as the template is.
    code = "\n".join(line.strip() for line in templatize(text).splitlines()).encode()
    for _line, function, texts, _comments in extract_python(io.BytesIO(code), _keywords(), [], {}):
        yield function or "_", (texts,) if isinstance(texts, str | None) else tuple(texts)


def _found() -> Catalog:
    """Every text of the house, with the files where it stands (no lines: they move too often)."""
    catalog = Catalog(charset="utf-8")
    for path in _sources():
        for function, texts in _calls(path):
            for id_, context in _ids(function, texts):
                catalog.add(id_, locations=[(path.relative_to(ROOT).as_posix(), None)], context=context)
    return catalog


def _ids(function: str, texts: tuple[str | None, ...]) -> Iterator[tuple[Any, str | None]]:
    """(text or (one, many), context) of one call; nothing where the text is no literal."""
    wanted = _keywords()[function] or (1,)
    context = next((texts[at[0] - 1] for at in wanted if isinstance(at, tuple) and texts), None)
    places = [at for at in wanted if isinstance(at, int)]
    if max(places) <= len(texts):
        ids = [texts[at - 1] for at in places]
        # Nothing is left to translate where a text is one place, filled with what another text says.
        if all(text and PLACE.sub("", text).strip() for text in ids):
            yield (ids[0] if len(ids) == 1 else tuple(ids)), context


def _borrowed(language: str) -> Iterator[Message]:
    """allauth's sentences that our catalogue says again: mostly those that are familiar in German."""
    path = Path(allauth.__file__).parent / "locale" / language / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        for message in read_po(file, locale=language):
            text = message.string if isinstance(message.string, str) else " ".join(message.string)
            if (
                message.id
                and (FAMILIAR.search(text) or message.id in OTHERWISE)
                and _is_on_our_pages(message)
            ):
                yield message


def _is_on_our_pages(message: Message) -> bool:
    return any(
        not name.startswith(("idp/", "templates/idp/", "usersessions/")) for name, _ in message.locations
    )


def _catalogue(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def _read(language: str) -> Catalog:
    path = _catalogue(language)
    if not path.is_file():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def _wanted(language: str) -> Catalog:
    catalog = _found()
    for message in _borrowed(language):
        if catalog.get(message.id, message.context) is None:
            catalog.add(message.id, locations=[("allauth", None)], context=message.context)
    for text in sorted(OF_DJANGO):
        catalog.add(text, locations=[("django", None)])
    return catalog


def extract() -> int:
    """Bring the catalogues up to date."""
    for language in LANGUAGES:
        old, path = _read(language), _catalogue(language)
        new = Catalog(locale=language, project="tagwerk", charset="utf-8", fuzzy=False)
        new.header_comment = "# Translations of tagwerk. Texts come from tools/messages.py extract."
        for message in _wanted(language):
            if message.id:
                known = old.get(message.id, message.context)
                new.add(
                    message.id,
                    known.string if known else "",
                    locations=message.locations,
                    context=message.context,
                )
        path.parent.mkdir(parents=True, exist_ok=True)
        written = io.BytesIO()
        write_po(written, new, sort_output=True, width=100)
        path.write_bytes(re.sub(CHANGING_HEADERS, b"", written.getvalue()))
    return 0


def compile_all() -> int:
    """Write the .mo files."""
    for language in LANGUAGES:
        with _catalogue(language).with_suffix(".mo").open("wb") as file:
            write_mo(file, _read(language))
    return 0


def problems() -> list[str]:
    """What is missing or wrong in the catalogues, one line each."""
    found = []
    for language in LANGUAGES:
        catalog, wanted = _read(language), _wanted(language)
        for message in wanted:
            known = catalog.get(message.id, message.context) if message.id else message
            found += [f"{language}: {problem}: {message.id!r}" for problem in _problems(message, known)]
        found += [f"{language}: no longer used: {message.id!r}" for message in _left_over(catalog, wanted)]
    return found


def _left_over(catalog: Catalog, wanted: Catalog) -> Iterator[Message]:
    """What the catalogue has and no text asks for."""
    yield from catalog.obsolete.values()
    yield from (one for one in catalog if one.id and wanted.get(one.id, one.context) is None)


def _problems(message: Message, known: Message | None) -> Iterator[str]:
    if not message.id:
        return
    if known is None:
        yield "new (run tools/messages.py extract)"
        return
    ids = message.id if isinstance(message.id, tuple) else (message.id,)
    texts = known.string if isinstance(known.string, tuple) else (known.string,)
    if not all(texts) or len(texts) < len(ids):
        yield "not translated"
    elif known.fuzzy:
        yield "fuzzy"
    elif any(not _places(text) <= _places(ids[-1]) for text in texts) or _places(texts[-1]) != _places(
        ids[-1]
    ):
        yield f"other places than in English ({' '.join(sorted(_places(texts[-1]) ^ _places(ids[-1])))})"


def _places(text: str) -> set[str]:
    return {match.group(0) for match in PLACE.finditer(text)}


def check() -> int:
    """Print what is missing or wrong."""
    found = problems()
    print("\n".join(found) or "All texts are translated.")
    return 1 if found else 0


def main(arguments: list[str]) -> int:
    """Run one of the three."""
    words = {"extract": extract, "compile": compile_all, "check": check}
    if len(arguments) != 1 or arguments[0] not in words:
        print(__doc__)
        return 2
    return words[arguments[0]]()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
