# What was credited by mistake is taken back by a line; the claim says so.

from django.conf import settings
from django.db import migrations, models


def say_credited(apps, schema_editor):
    """On the way back there is no such state; the line that takes the hours back stays."""
    apps.get_model("records", "HourClaim").objects.filter(state="reversed").update(state="credited")


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0001_people'),
        ('records', '0007_outlooks'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='hourclaim',
            name='claim_state',
        ),
        migrations.RemoveConstraint(
            model_name='hourclaim',
            name='credited_claim_has_its_line',
        ),
        migrations.RemoveConstraint(
            model_name='hourclaim',
            name='ended_claim_has_time',
        ),
        migrations.AlterField(
            model_name='hourclaim',
            name='state',
            field=models.CharField(choices=[('unit', '待单位认定'), ('office', '待培训处认定'), ('credited', '已认定'), ('refused', '不予认定'), ('withdrawn', '已撤回'), ('reversed', '已更正冲销')], default='unit', max_length=10, verbose_name='状态'),
        ),
        migrations.AddConstraint(
            model_name='hourclaim',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['unit', 'office', 'credited', 'refused', 'withdrawn', 'reversed'])), name='claim_state'),
        ),
        migrations.AddConstraint(
            model_name='hourclaim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('entry__isnull', False), ('state__in', ['credited', 'reversed'])), models.Q(models.Q(('state__in', ['credited', 'reversed']), _negated=True), ('entry__isnull', True)), _connector='OR'), name='credited_claim_has_its_line'),
        ),
        migrations.AddConstraint(
            model_name='hourclaim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state__in', ['unit', 'office'])), models.Q(('ended_at__isnull', False), ('state__in', ['credited', 'refused', 'withdrawn', 'reversed'])), _connector='OR'), name='ended_claim_has_time'),
        ),
        migrations.RunPython(migrations.RunPython.noop, say_credited),
    ]
