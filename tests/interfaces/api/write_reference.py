"""`python -m tests.interfaces.api.write_reference`: write docs/reference/api.md and openapi.json anew."""

import os
from pathlib import Path

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tagwerk.config.settings")
    django.setup()
    from tagwerk.interfaces.api.document import writers

    for name, content in writers().items():
        (Path(__file__).parents[3] / "docs" / "reference" / name).write_text(content)
