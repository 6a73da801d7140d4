"""crowd-kit in an environment of its own. `python -m benchmarks.peer` makes it, in build/crowdkit."""

import json
import os
import queue
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Self

from benchmarks.figures import note

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / "build" / "crowdkit"
PYTHON = HOME / "bin" / "python"
REQUIREMENTS = ROOT / "requirements" / "crowdkit.txt"
ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
STARTING = 120  # seconds


class Peer:
    """A process that answers wishes, one after the other; use it as a context. One that takes too long is ended."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    @staticmethod
    def there() -> bool:
        """Whether its environment has been made."""
        return PYTHON.exists()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def ask(self, wish: dict[str, Any], seconds: float) -> dict[str, Any] | None:
        """Its answer, or None where it takes longer or fails."""
        if self._process is None:
            command = [str(PYTHON), "-m", "benchmarks.crowdkit_side"]
            environment = {**os.environ, **ONE_THREAD, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment
            )
            if self._line(STARTING) is None:
                return None
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(wish) + "\n")
        self._process.stdin.flush()
        return self._line(seconds)

    def _line(self, seconds: float) -> dict[str, Any] | None:
        found: queue.Queue[str] = queue.Queue()
        process = self._process
        assert process is not None and process.stdout is not None
        threading.Thread(target=lambda: found.put(process.stdout.readline()), daemon=True).start()
        try:
            line = found.get(timeout=seconds)
        except queue.Empty:
            line = ""
        if not line:
            self._end()
            return None
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


def install() -> None:
    """Make the environment, from pinned versions."""
    note(f"making {HOME} from {REQUIREMENTS.name}")
    subprocess.run([sys.executable, "-m", "venv", HOME], check=True)
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--no-deps", "-r", str(REQUIREMENTS)]
    subprocess.run(command, check=True)


if __name__ == "__main__":
    install()
