import os
import stat

import pytest
from django.conf import settings as shipped
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

from tagwerk.config.environment import SettingWrong, read_environment
from tagwerk.config.folders import ensure_folders
from tagwerk.config.secrets import ensure_secrets


def mode(path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(autouse=True)
def _usual_umask():
    before = os.umask(0o022)
    yield
    os.umask(before)


def test_nobody_else_reads_what_lies_in_the_data_folder(tmp_path):
    data = tmp_path / "data"
    ensure_secrets(read_environment({"TAGWERK_DATA": str(data)}))
    # The database's user has to get through root's folder; nobody may look around in it.
    assert mode(data) == (0o711 if os.geteuid() == 0 else 0o700)
    assert [mode(data / name) for name in ("files", "mail")] == [0o700, 0o700]
    assert mode(data / "secrets.json") == 0o600


def test_private_folders_are_closed_again_and_the_data_folder_is_left_as_it_was_made(tmp_path):
    tmp_path.chmod(0o755)
    (tmp_path / "files").mkdir(mode=0o755)
    ensure_folders(tmp_path)
    assert mode(tmp_path / "files") == 0o700
    assert mode(tmp_path) == 0o755


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingWrong, match="Set TAGWERK_DATA"):
        ensure_folders(tmp_path / "file" / "data")


def test_stored_files_are_private(tmp_path):
    options = {**shipped.STORAGES["default"]["OPTIONS"], "location": tmp_path / "files"}
    storage = FileSystemStorage(**options)
    stored = tmp_path / "files" / storage.save("media/7/a.png", ContentFile(b"x" * 10))
    assert mode(stored) == 0o600
    assert mode(stored.parent) == mode(tmp_path / "files" / "media") == 0o700
