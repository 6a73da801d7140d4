"""What happens to designs: they are kept."""

from django.db import transaction

from tagwerk.domain.designs.models import Design
from tagwerk.domain.designs.queries import design
from tagwerk.domain.designs.rules.design import DesignView, design_id, digest_of, spec_of
from tagwerk.domain.designs.rules.project_file import DesignPart, ProjectFile


@transaction.atomic
def save_design(*, organisation_id: int, file: ProjectFile | DesignPart) -> DesignView:
    """Keep the design of a project file; the same content is the same design, also when saved twice at once."""
    spec = spec_of(file.design if isinstance(file, ProjectFile) else file)
    digest = digest_of(spec)
    number = design_id(organisation_id, digest)
    # Two at once: one inserts, the other waits for it and then inserts nothing.
    new = Design(id=number, organisation_id=organisation_id, spec=spec, digest=digest)
    Design.objects.bulk_create([new], ignore_conflicts=True)
    return design(number)
