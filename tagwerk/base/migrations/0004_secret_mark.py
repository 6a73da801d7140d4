from django.db import migrations

FORWARD = "create table secret_mark (name text primary key, mark text not null)"


class Migration(migrations.Migration):

    dependencies = [("base", "0003_parked_jobs")]

    operations = [migrations.RunSQL(FORWARD, "drop table secret_mark")]
