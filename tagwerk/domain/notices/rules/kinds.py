"""What a kind of notice is."""

from dataclasses import dataclass
from string import Formatter


def N_(text: str) -> str:  # noqa: N802 (the name by which Babel finds texts to translate later)
    """Marks a text for translation; it is translated when it is shown, for who reads it."""
    return text


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """Title, body and what stands on the button of the mail are message ids, the first two with named places.

    An important one is mailed to all who take any mail.
    """

    title: str
    body: str
    important: bool = True
    always: bool = False  # is mailed whatever a person chose, also to who cannot sign in any more
    button: str = N_("Look at it")  # empty: none
    proves: bool = False  # the mail's link shows that it was read in the mailbox; the inbox's does not

    @property
    def places(self) -> frozenset[str]:
        """The names of the places to be filled in."""
        parts = (*Formatter().parse(self.title), *Formatter().parse(self.body))
        return frozenset(name for _, name, _, _ in parts if name)
