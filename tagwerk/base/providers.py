"""A room gets its provider (storage, mail, payout rail …) by name from the settings, and never imports it."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


@lru_cache
def provider(name: str) -> Any:
    """The one provider configured under `name` in settings.PROVIDERS, made at first use."""
    return import_string(settings.PROVIDERS[name])()
