"""Did you mean …?"""

from collections.abc import Iterable
from difflib import get_close_matches

from tagwerk.base.errors import Sentence


def did_you_mean(word: str, known: Iterable[str]) -> Sentence | str:
    """A tail for a message: "; did you mean “scale”?", or what is known, or nothing."""
    names = list(known)
    near = get_close_matches(word.lower(), [name.lower() for name in names], n=1, cutoff=0.6)
    if near:
        meant = next(name for name in names if name.lower() == near[0])
        return Sentence("; did you mean “{name}”?", name=meant)
    return Sentence("; known here: {names}", names=", ".join(names[:20])) if names else ""
