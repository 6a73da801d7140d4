"""The other side of a comparison: crowd-kit, run by its own Python. Reads one JSON line per wish, answers with one.

A wish: {"table": path of a Parquet file, "method": name, "options": {…}}. The answer: processor and clock seconds of
`fit_predict` with the table already in memory, bytes of memory beyond it, iterations, and the labels as a file.
"""

import json
import sys
import time

import pandas as pd
from crowdkit import aggregation

from benchmarks.memory import most, settle


def main() -> None:
    """Answer until there is no further wish."""
    print(json.dumps({"ready": True}), flush=True)
    tables: dict[str, pd.DataFrame] = {}
    for line in sys.stdin:
        wish = json.loads(line)
        path = wish["table"]
        if path not in tables:
            tables = {path: pd.read_parquet(path)}
        print(
            json.dumps(answer(tables[path], wish["method"], wish["options"], wish.get("labels"))), flush=True
        )


def answer(table: pd.DataFrame, method: str, options: dict, labels: str | None) -> dict:
    """Fit once, and say what it took."""
    if method == "ROVER":
        options = {"tokenizer": lambda text: text.split(" "), "detokenizer": " ".join}
    model = getattr(aggregation, method)(**options)
    before = settle()
    begun, clock = time.process_time(), time.perf_counter()
    found = model.fit_predict(table)
    used = {"cpu": time.process_time() - begun, "clock": time.perf_counter() - clock}
    if labels:
        found.to_frame("label").to_parquet(labels)
    return {**used, "bytes": most() - before, "iterations": len(getattr(model, "loss_history_", []) or [])}


if __name__ == "__main__":
    main()
