"""Did you mean …?"""

from collections.abc import Iterable
from difflib import get_close_matches

from tagwerk.base.errors import Invalid, Refusal


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A tail for a message: "; did you mean “scale”?", or what is known, or nothing."""
    return str(near_hint(word, known))


def near_hint(word: str, known: Iterable[str]) -> Refusal | str:
    """The same as a part of a refusal, which is said in the reader's language."""
    names = list(known)
    near = get_close_matches(word.lower(), [name.lower() for name in names], n=1, cutoff=0.6)
    if near:
        meant = next(name for name in names if name.lower() == near[0])
        return Invalid("name_unknown", "; did you mean “{name}”?", name=meant)
    return Invalid("name_unknown", "; known here: {names}", names=", ".join(names[:20])) if names else ""
