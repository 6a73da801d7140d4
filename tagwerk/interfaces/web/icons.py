"""The one set of icons, Bootstrap Icons: drawings on a grid of 16 px, read from the package and put into the page."""

import re
from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe

from tagwerk.interfaces.web.finders import NODE_MODULES

FOLDER = NODE_MODULES / "bootstrap-icons" / "icons"


@lru_cache(maxsize=512)
def icon_shapes(name: str) -> SafeString:
    """What is drawn inside the svg element of the icon of this name.

    Source: Bootstrap Icons (MIT), one file per icon. A name without a file is a mistake in a template.
    """
    if not re.fullmatch(r"[a-z0-9-]+", name):
        raise ValueError(f"“{name}” is no name of an icon")
    text = (FOLDER / f"{name}.svg").read_text("utf-8")
    inner = text[text.index(">") + 1 : text.rindex("</svg>")]
    return mark_safe("".join(line.strip() for line in inner.splitlines()))  # noqa: S308 (a file of the package)
