"""A fingerprint of a task's data, by which a row and the task made of it are known to be the same."""

import hashlib
import json
from typing import Any


def data_digest(row: dict[str, Any]) -> str:
    """SHA-256 (hexadecimal) of a row's data as canonical JSON: keys sorted, no spaces, UTF-8; columns that begin
    with `_` (such as `_id` and `_truth`) are not data and are left out."""
    data = {name: value for name, value in row.items() if not name.startswith("_")}
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
