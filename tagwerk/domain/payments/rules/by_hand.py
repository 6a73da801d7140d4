"""The list of people whom an operator pays by hand."""

COLUMNS = ("reference", "name", "account", "amount", "currency", "state")


def safe_cell(text: str) -> str:
    """A cell that no program takes for a formula. Source: OWASP, CSV injection."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    return f"'{plain}" if plain.lstrip()[:1] in ("=", "+", "-", "@", "|", "%") else plain
