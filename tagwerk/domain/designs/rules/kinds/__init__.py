"""The answer kinds, found by listing this folder: a new kind is a new module here and touches no other file."""

import pkgutil
from importlib import import_module
from typing import Final, cast

from tagwerk.domain.designs.rules.question import Kind

KINDS: Final[dict[str, Kind]] = {
    module.name: cast(Kind, import_module(f"{__name__}.{module.name}"))
    for module in pkgutil.iter_modules(__path__)
}
