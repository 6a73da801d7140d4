"""What is counted while answers are fed, for dashboards."""

from django.db import models
from django.db.models import F, Q

from tagwerk.domain.work.rules.active_times import EDGES


class WorkHour(models.Model):
    """What was handed in to a project in one hour, and by how many; counted while answers are fed, so that no page has
    to count answers."""

    pk = models.CompositePrimaryKey("project_id", "hour")
    project_id = models.BigIntegerField()
    hour = models.DateTimeField()  # its beginning
    active_ms = models.BigIntegerField()
    answers = models.IntegerField()
    gold_answers = models.IntegerField()  # among them
    workers = models.IntegerField()

    class Meta:
        db_table = "work_hour"
        constraints = [
            models.CheckConstraint(
                condition=Q(gold_answers__gte=0, gold_answers__lte=F("answers"), workers__gte=0),
                name="work_hour_counts_fit",
            )
        ]


class HourWorker(models.Model):
    """Somebody handed in something in that hour."""

    pk = models.CompositePrimaryKey("project_id", "hour", "worker_id")
    project_id = models.BigIntegerField()
    hour = models.DateTimeField()
    worker_id = models.BigIntegerField()

    class Meta:
        db_table = "hour_worker"


class ActiveTime(models.Model):
    """How many answers of a project took about so long: the bucket lies between two of `rules.active_times.EDGES`."""

    pk = models.CompositePrimaryKey("project_id", "bucket")
    project_id = models.BigIntegerField()
    answers = models.BigIntegerField()
    bucket = models.SmallIntegerField()

    class Meta:
        db_table = "active_time"
        constraints = [
            models.CheckConstraint(
                condition=Q(bucket__gte=0, bucket__lte=len(EDGES)), name="active_time_bucket_known"
            )
        ]


class ApprovedCount(models.Model):
    """How many answers of a worker to a project were approved, where more of them raise what the next ones pay."""

    pk = models.CompositePrimaryKey("project_id", "worker_id")
    project_id = models.BigIntegerField()
    worker_id = models.BigIntegerField()
    answers = models.IntegerField()

    class Meta:
        db_table = "approved_count"
