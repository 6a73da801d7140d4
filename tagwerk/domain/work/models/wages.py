"""What an hour pays, kept: pages read a row instead of counting answers."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from tagwerk.domain.projects.models import Project


class ProjectWage(models.Model):
    """What an hour paid in a project by its newest decided answers; measured again when others are decided."""

    project = models.OneToOneField(Project, models.PROTECT, related_name="+", primary_key=True)
    measured_at = models.DateTimeField(db_default=Now())
    approved = (
        models.BigIntegerField()
    )  # of the project when it was measured, to see whether anything has changed
    rejected = models.BigIntegerField()
    answers = models.BigIntegerField()
    workers = models.BigIntegerField()
    active_ms = models.BigIntegerField()
    pay_micros = models.BigIntegerField()
    median_micros = models.BigIntegerField()
    tenth_micros = models.BigIntegerField()
    answer_ms = models.BigIntegerField()  # half of the answers took less
    spread = ArrayField(models.BigIntegerField())

    class Meta:
        db_table = "project_wage"
        constraints = [
            models.CheckConstraint(
                condition=Q(answers__gte=0, workers__gte=0, active_ms__gte=0, pay_micros__gte=0),
                name="project_wage_not_negative",
            )
        ]
