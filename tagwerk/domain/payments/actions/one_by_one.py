"""One row that cannot be dealt with does not keep the others waiting."""

from collections.abc import Callable, Iterable


def one_by_one(what: str, numbers: Iterable[int], action: Callable[[int], object]) -> None:
    """Do something to each row. What fails is told at the end, as an ExceptionGroup whose notes name the rows."""
    errors = []
    for number in numbers:
        try:
            action(number)
        except Exception as error:
            error.add_note(f"at {what} {number}")
            errors.append(error)
    if errors:
        raise ExceptionGroup(f"Not every {what} could be dealt with.", errors)
