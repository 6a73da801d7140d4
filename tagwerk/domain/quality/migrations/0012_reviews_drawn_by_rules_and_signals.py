from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('quality', '0011_experts_as_a_method'),
    ]

    operations = [
        migrations.AddField(
            model_name='review',
            name='drawn',
            field=models.CharField(blank=True, db_default='', max_length=10),
        ),
        migrations.AddField(
            model_name='review',
            name='drawn_about',
            field=models.CharField(blank=True, db_default='', max_length=20),
        ),
        migrations.RemoveConstraint(
            model_name='intervention',
            name='intervention_step_known',
        ),
        migrations.AddConstraint(
            model_name='intervention',
            constraint=models.CheckConstraint(condition=models.Q(('step__in', ['pause', 'signal', 'more_answers', 'review', 'grant', 'revoke'])), name='intervention_step_known'),
        ),
    ]
