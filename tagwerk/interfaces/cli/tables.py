"""Plain tables for a terminal."""

from collections.abc import Sequence


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Columns as wide as they need to be; numbers to the right."""
    texts = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in [list(head), *texts]) for i in range(len(head))]
    right = [
        bool(rows) and all(isinstance(row[i], int | float) or _number(str(row[i])) for row in rows)
        for i in range(len(head))
    ]

    def line(cells: Sequence[str]) -> str:
        return "  ".join(
            c.rjust(w) if r else c.ljust(w) for c, w, r in zip(cells, widths, right, strict=True)
        ).rstrip()

    return "\n".join([line(list(head)), line(["-" * w for w in widths]), *(line(row) for row in texts)])


def _number(text: str) -> bool:
    return bool(text) and text.split()[0].replace(".", "", 1).rstrip("%").lstrip("-").isdigit()
