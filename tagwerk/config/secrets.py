"""The instance's secrets: from the environment, else from one private file made at the first start."""

import base64
import hmac
import json
import os
import secrets
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet

from tagwerk.config.environment import SettingWrong
from tagwerk.config.folders import ensure_folders

SET_UP_FILE = "setup-code"
NAMES = {"TAGWERK_SECRET_KEY", "TAGWERK_ID_KEY", "TAGWERK_FIELD_KEY"}


def fresh() -> dict[str, str]:
    """New random secrets."""
    return {
        "TAGWERK_SECRET_KEY": secrets.token_urlsafe(64),
        "TAGWERK_ID_KEY": secrets.token_hex(16),
        "TAGWERK_FIELD_KEY": Fernet.generate_key().decode(),
    }


def secrets_file(data: Path) -> Path:
    """Where the generated secrets of an instance are kept."""
    return data / "secrets.json"


def set_up_code(secret_key: str) -> str:
    """The code that lets who has a shell make the first operator on a page: 80 bits, the same on all machines that have
    the instance's secret key."""
    mac = hmac.digest(secret_key.encode(), b"tagwerk first run", "sha256")
    text = base64.b32encode(mac)[:16].decode()
    return "-".join(text[at : at + 4] for at in range(0, 16, 4))


def keep_set_up_code(data: Path, code: str) -> None:
    """Keep the code where only the platform's own user reads it; an empty one is taken away."""
    path = data / SET_UP_FILE
    if not code:
        path.unlink(missing_ok=True)
        return
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(f"{code}\n")


def ensure_secrets(environment: dict[str, Any]) -> None:
    """Make the data folder and the secrets file at the first start; called by the command, never by an import."""
    ensure_folders(environment["TAGWERK_DATA"])
    path = secrets_file(environment["TAGWERK_DATA"])
    if path.exists() or all(environment[name] for name in NAMES):
        return
    made = {"made_for": environment["TAGWERK_MODE"], **fresh()}
    draft = path.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(made, file, indent=1)
    try:
        os.link(draft, path)  # the first of two starts at once wins, the other one reads what it made
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def kept_secrets(environment: dict[str, Any]) -> dict[str, str]:
    """The secrets that are set or kept, and the mode that they were made for; a part is missing where nobody knows it."""
    path = secrets_file(environment["TAGWERK_DATA"])
    try:
        kept = json.loads(path.read_text()) if path.exists() else {}
    except (OSError, ValueError) as error:
        raise SettingWrong(f"The secrets in {path} cannot be read: {error}.") from None
    known = {name: environment[name] or kept.get(name) for name in NAMES}
    found = {name: value for name, value in known.items() if value}
    return {"made_for": kept.get("made_for", environment["TAGWERK_MODE"]), **found}


def read_secrets(environment: dict[str, Any]) -> dict[str, str]:
    """The secrets to use. Without a file (type checks, tests) they live as long as the process."""
    kept = kept_secrets(environment)
    production = environment["TAGWERK_MODE"] == "production"
    if production and kept["made_for"] == "development" and not all(environment[name] for name in NAMES):
        raise SettingWrong(
            f"The secrets in {secrets_file(environment['TAGWERK_DATA'])} were made for development, and production "
            f"refuses them: set {', '.join(sorted(NAMES))}, or give production a TAGWERK_DATA of its own."
        )
    spare = fresh()
    chosen = {name: kept.get(name) or spare[name] for name in NAMES}
    _check(chosen)
    return chosen


def _check(chosen: dict[str, str]) -> None:
    if len(chosen["TAGWERK_SECRET_KEY"]) < 50 or len(set(chosen["TAGWERK_SECRET_KEY"])) < 10:
        raise SettingWrong("TAGWERK_SECRET_KEY must have at least 50 random characters.")
    try:
        if len(bytes.fromhex(chosen["TAGWERK_ID_KEY"])) != 16:
            raise ValueError
    except ValueError:
        raise SettingWrong("TAGWERK_ID_KEY must be 32 hexadecimal digits.") from None
    try:
        Fernet(chosen["TAGWERK_FIELD_KEY"])
    except ValueError:
        raise SettingWrong(
            "TAGWERK_FIELD_KEY must be a Fernet key (44 characters of URL-safe base64)."
        ) from None
