"""Long lists of numbers for the database."""

from collections.abc import Iterable


def bigints(numbers: Iterable[int]) -> str:
    """Numbers as the text of a PostgreSQL array, for `%s::bigint[]`: ten times as fast as the driver's own way,
    which looks at each number for signs that would have to be quoted."""
    return f"{{{','.join(map(str, numbers))}}}"
