"""Where a Chromium for the browser journeys is, or how to get one. Standard library only."""

import os
import platform
import shutil
import subprocess
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
MAC_PLACES = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
ADVICE = (
    "The browser tests need a Chromium or Chrome, and none was found. Debian and Ubuntu: “apt-get install chromium” "
    "as root. macOS: install Google Chrome. Elsewhere: set CHROMIUM to the program."
)


def find_chromium() -> str | None:
    """The program, from CHROMIUM, the search path, the usual places or what playwright has downloaded."""
    wanted = os.environ.get("CHROMIUM")
    if wanted:
        return shutil.which(wanted)
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    downloaded = sorted(Path.home().glob(".cache/ms-playwright/chromium-*/chrome-linux*/chrome"))
    places = [*MAC_PLACES, *map(str, reversed(downloaded))]
    return next((place for place in places if os.access(place, os.X_OK)), None)


def can_install() -> bool:
    """Whether we may install Debian's package."""
    return platform.system() == "Linux" and os.geteuid() == 0 and shutil.which("apt-get") is not None


def install() -> str:
    """Install Debian's Chromium; returns what went wrong, or nothing."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
        done = subprocess.run(
            ["apt-get", *arguments], env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            return done.stderr.strip() or done.stdout.strip()
    return ""
