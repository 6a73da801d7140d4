"""Gold against the questions as they are now."""

from tagwerk.base.errors import Refusal
from tagwerk.domain.designs import queries as designs
from tagwerk.domain.designs.rules.answers import check_gold
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.work.models import Gold

LOOKED_AT = 1_000  # rows of gold: a change of the question shows in the first ones


def gold_misfits(project_id: int) -> int:
    """How many of the first rows of gold no longer fit the questions; for who has passed the project's gate."""
    design = designs.design(projects.project(project_id).design_id)
    rows = Gold.objects.filter(project_id=project_id).order_by("pos").values_list("answers", flat=True)
    misfits = 0
    for right in rows[:LOOKED_AT]:
        try:
            check_gold(design, right)
        except Refusal:
            misfits += 1
    return misfits
