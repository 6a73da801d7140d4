"""Papers as PDF, set by Typst: archivable (PDF/A-3a) and accessible (PDF/UA-1), the same bytes for the same words."""

import json
import logging
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

log = logging.getLogger(__name__)

TEMPLATE = Path(__file__).with_name("paper.typ")
STANDARDS = ["a-3a", "ua-1"]


class TypstPapers:
    """`domain.payments.provider.Papers`. Only the fonts of the wheel and those in TAGWERK_PAPER_FONTS are used, so a
    machine's own fonts change nothing. The template sees no file but itself and no network."""

    def __init__(self) -> None:
        self._template = TEMPLATE.read_bytes()
        self._fonts = [settings.PAPER_FONTS] if settings.PAPER_FONTS else []

    def pdf(self, sheet: Mapping[str, Any], *, at: datetime) -> tuple[bytes, bool]:
        """The paper, and whether the fonts here have all of its signs. Without some it is still made: they are
        boxes then, and it is a plain tagged PDF, since the archive standards forbid boxes."""
        try:
            return self._compiled(sheet, at, STANDARDS), True
        except typst.TypstError as error:
            log.warning("A paper has signs that no font here has, see TAGWERK_PAPER_FONTS: %s", error)
            return self._compiled(sheet, at, ["1.7"]), False

    def _compiled(self, sheet: Mapping[str, Any], at: datetime, standards: Any) -> bytes:
        made = typst.compile(
            self._template, root=str(TEMPLATE.parent), format="pdf", ignore_system_fonts=True,
            font_paths=self._fonts, pdf_standards=standards, timestamp=int(at.timestamp()),
            sys_inputs={"sheet": json.dumps(sheet, ensure_ascii=False, sort_keys=True)},
        )  # fmt: skip
        assert isinstance(made, bytes), "one PDF is asked for, not pages"
        return made
