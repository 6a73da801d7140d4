from django.db import migrations

# Parked jobs are listed, and looked for by their key, whenever a coalesced job ends: never by reading all jobs.
FORWARD = "create index job_parked on procrastinate_jobs (queueing_lock, id) where status = 'failed'"


class Migration(migrations.Migration):

    dependencies = [
        ("base", "0002_stored_reply"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]

    operations = [migrations.RunSQL(FORWARD, "drop index job_parked")]
