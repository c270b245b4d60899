import core.clock
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('planning', '0001_planning'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='trainingplan',
            name='plan_approved_by_somebody_else',
        ),
        migrations.AddField(
            model_name='coststandard',
            name='made_at',
            field=models.DateTimeField(default=core.clock.now),
        ),
        migrations.AddField(
            model_name='coststandard',
            name='made_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='plandecision',
            name='content',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name='plannedclass',
            name='over_reason',
            field=models.CharField(blank=True, max_length=300, verbose_name='超标准的理由'),
        ),
        migrations.AddField(
            model_name='plannedclass',
            name='version',
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='trainingplan',
            name='copy_notes',
            field=models.JSONField(blank=True, default=list, editable=False),
        ),
        migrations.AlterField(
            model_name='costline',
            name='fee_class',
            field=models.CharField(choices=[('first', '一类培训'), ('second', '二类培训'), ('third', '三类培训')], max_length=8, verbose_name='费用类别'),
        ),
        migrations.AlterField(
            model_name='plannedclass',
            name='fee_class',
            field=models.CharField(choices=[('first', '一类培训'), ('second', '二类培训'), ('third', '三类培训')], default='third', max_length=8, verbose_name='费用类别'),
        ),
        migrations.AddConstraint(
            model_name='plannedclass',
            constraint=models.UniqueConstraint(condition=models.Q(('cancelled_at__isnull', True)), fields=('plan', 'title', 'intake_no'), name='planned_once_per_plan'),
        ),
        migrations.AddConstraint(
            model_name='plannedclass',
            constraint=models.CheckConstraint(condition=models.Q(('intake_no__gt', 0)), name='planned_intake'),
        ),
        migrations.AddConstraint(
            model_name='trainingplan',
            constraint=models.UniqueConstraint(condition=models.Q(('copied_from__isnull', False)), fields=('copied_from', 'year'), name='one_copy_per_plan_and_year'),
        ),
        migrations.AddConstraint(
            model_name='trainingplan',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', False), ('approved_by__isnull', False), ('state', 'approved'), models.Q(('approved_by', models.F('submitted_by')), _negated=True)), models.Q(models.Q(('state', 'approved'), _negated=True), ('approved_at__isnull', True), ('approved_by__isnull', True)), _connector='OR'), name='plan_approved_by_somebody_else'),
        ),
    ]
