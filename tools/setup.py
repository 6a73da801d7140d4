"""Set tagwerk up in this folder: `python3 tools/setup.py [--test]`, called by `make`.

This part runs under old Python 3, too: it looks for one that tagwerk can use and hands over to setup_steps.py.
"""

import os
import shutil
import subprocess
import sys

OLDEST, NEWEST = (3, 11), (3, 14)
NAMES = ["python3.13", "python3.12", "python3.11", "python3.14", "python3", "python"]
QUESTION = "import sys; print(*sys.version_info[:2]); import venv, ensurepip"


def look_at(program):
    """The version of a Python as a pair, and whether it can make virtual environments."""
    try:
        asked = subprocess.Popen([program, "-c", QUESTION], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        answer = asked.communicate()[0].decode().strip()
        version = tuple(int(part) for part in answer.split())
    except (OSError, ValueError):
        return None, False
    return version, asked.returncode == 0


def choose():
    """The first usable Python, and the sentence to say where there is none."""
    without_venv = None
    seen = []
    for name in [os.environ["PYTHON"]] if os.environ.get("PYTHON") else NAMES:
        program = shutil.which(name)
        version, complete = look_at(program) if program else (None, False)
        if not version:
            continue
        seen.append(f"{name} is {version[0]}.{version[1]}")
        if OLDEST <= version <= NEWEST and complete:
            return program, ""
        if OLDEST <= version <= NEWEST:
            without_venv = without_venv or (name, version)
    return None, complaint(without_venv, seen)


def complaint(without_venv, seen):
    """What is missing, in one sentence."""
    if without_venv:
        name, version = without_venv
        package = "python3-venv" if name in ("python3", "python") else f"python{version[0]}.{version[1]}-venv"
        return f"{name} cannot make virtual environments. Debian and Ubuntu: apt-get install {package}"
    found = ", ".join(seen) if seen else "none was found"
    return (
        f"tagwerk needs Python 3.11 to 3.14 ({found}). Debian and Ubuntu: apt-get install python3 python3-venv; "
        "macOS: brew install python@3.13; or name one: PYTHON=/path/to/python3.12 make …"
    )


def main():
    """Hand over to the steps."""
    program, sentence = choose()
    if program is None:
        sys.exit("setup: " + sentence)
    steps = os.path.join(os.path.dirname(os.path.abspath(__file__)), "setup_steps.py")
    os.execv(program, [program, steps, *sys.argv[1:]])


if __name__ == "__main__":
    main()
