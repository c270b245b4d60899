import core.clock
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0003_saved_views'),
        ('people', '0001_people'),
        ('planning', '0002_plans_guarded_lines_and_kept_decisions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='NeedLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('basis', models.CharField(choices=[('statute', '应训学时'), ('competency', '能力差距')], max_length=10, verbose_name='依据')),
                ('regime', models.CharField(choices=[('senior', '县处级及以上、四级调研员及以上'), ('junior', '乡科级及以下、一级主任科员及以下')], max_length=10, verbose_name='对象')),
                ('theme', models.CharField(blank=True, choices=[('reform', '行政改革'), ('digital', '数字政府'), ('talent', '人才队伍'), ('law', '法治监督'), ('service', '服务参与'), ('base', '政治能力与决策执行')], max_length=10, verbose_name='主题')),
                ('known', models.PositiveIntegerField(verbose_name='可以判断的人数')),
                ('people', models.PositiveIntegerField(verbose_name='需要培训的人数')),
                ('suppressed', models.BooleanField(default=False, verbose_name='人数不足，不显示')),
            ],
            options={
                'ordering': ['basis', 'regime', 'theme'],
            },
        ),
        migrations.CreateModel(
            name='NeedPerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('regime', models.CharField(choices=[('senior', '县处级及以上、四级调研员及以上'), ('junior', '乡科级及以下、一级主任科员及以下')], max_length=10, verbose_name='对象')),
                ('is_short', models.BooleanField(verbose_name='应训学时未达标')),
                ('short', models.JSONField(default=list)),
                ('themes', models.JSONField(default=list)),
                ('known', models.JSONField(default=list)),
            ],
            options={
                'verbose_name': '需要培训的干部',
                'ordering': ['user__sort_key', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='NeedSurvey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                ('on', models.DateField(verbose_name='测算日期')),
                ('policy', models.PositiveIntegerField(null=True, verbose_name='应训要求版本')),
                ('framework', models.PositiveIntegerField(null=True, verbose_name='能力框架版本')),
                ('people', models.PositiveIntegerField(default=0, verbose_name='干部人数')),
                ('client_key', models.UUIDField(editable=False, unique=True)),
                ('made_at', models.DateTimeField(default=core.clock.now)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': '培训需求测算',
                'verbose_name_plural': '培训需求测算',
                'ordering': ['-made_at', '-pk'],
            },
        ),
        migrations.AddField(
            model_name='needline',
            name='drafted_into',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='planning.trainingplan'),
        ),
        migrations.AddField(
            model_name='needperson',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='needsurvey',
            name='job',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='core.job'),
        ),
        migrations.AddField(
            model_name='needsurvey',
            name='made_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='needsurvey',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit', verbose_name='单位'),
        ),
        migrations.AddField(
            model_name='needperson',
            name='survey',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='persons', to='planning.needsurvey'),
        ),
        migrations.AddField(
            model_name='needline',
            name='survey',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='planning.needsurvey'),
        ),
        migrations.AddConstraint(
            model_name='needsurvey',
            constraint=models.CheckConstraint(condition=models.Q(('year__range', (2000, 2100))), name='need_year'),
        ),
        migrations.AddConstraint(
            model_name='needperson',
            constraint=models.UniqueConstraint(fields=('survey', 'user'), name='person_once_per_survey'),
        ),
        migrations.AddConstraint(
            model_name='needline',
            constraint=models.UniqueConstraint(fields=('survey', 'basis', 'regime', 'theme'), name='one_need_line'),
        ),
        migrations.AddConstraint(
            model_name='needline',
            constraint=models.CheckConstraint(condition=models.Q(('basis__in', ['statute', 'competency'])), name='need_basis'),
        ),
        migrations.AddConstraint(
            model_name='needline',
            constraint=models.CheckConstraint(condition=models.Q(('theme__in', ['', 'reform', 'digital', 'talent', 'law', 'service', 'base'])), name='need_theme'),
        ),
        migrations.AddConstraint(
            model_name='needline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('basis', 'statute'), ('theme', '')), models.Q(('basis', 'competency'), models.Q(('theme', ''), _negated=True)), _connector='OR'), name='need_theme_by_competency'),
        ),
        migrations.AddConstraint(
            model_name='needline',
            constraint=models.CheckConstraint(condition=models.Q(('suppressed', False), ('people', 0), _connector='OR'), name='suppressed_need_is_silent'),
        ),
    ]
