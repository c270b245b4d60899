import core.clock
import django.db.models.deletion
import uuid
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0003_saved_views'),
        ('people', '0001_people'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('records', '0003_caps_and_carry'),
    ]

    operations = [
        migrations.CreateModel(
            name='HourRuleDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('hours_per_day', models.DecimalField(decimal_places=2, max_digits=4, verbose_name='每天学时')),
                ('hours_per_half_day', models.DecimalField(decimal_places=2, max_digits=4, verbose_name='每半天学时')),
                ('online_unit', models.CharField(choices=[('lesson', '按课时逐个计算'), ('course', '按整门课程计算')], default='lesson', max_length=6, verbose_name='网络课程计算单位')),
                ('online_full_minutes', models.PositiveSmallIntegerField(default=30, verbose_name='计满学时的分钟数')),
                ('online_half_minutes', models.PositiveSmallIntegerField(default=15, verbose_name='计短课学时的分钟数上限')),
                ('online_full_hours', models.DecimalField(decimal_places=2, default=Decimal('1'), max_digits=4, verbose_name='长课学时')),
                ('online_half_hours', models.DecimalField(decimal_places=2, default=Decimal('0.5'), max_digits=4, verbose_name='中等时长学时')),
                ('online_short_hours', models.DecimalField(decimal_places=2, default=Decimal('0.25'), max_digits=4, verbose_name='短课学时')),
                ('online_test_hours', models.DecimalField(decimal_places=2, default=Decimal('0.5'), max_digits=4, verbose_name='测验通过另计学时')),
                ('online_capped', models.BooleanField(default=True, verbose_name='不超过课程标明的学时')),
                ('effective_from', models.DateField(verbose_name='生效日期')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='依据')),
                ('slot', models.PositiveSmallIntegerField(default=1, editable=False, unique=True)),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('changed_at', models.DateTimeField(default=core.clock.now)),
                ('changed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '学时规则草稿',
            },
        ),
        migrations.CreateModel(
            name='PolicyDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('effective_from', models.DateField(verbose_name='生效日期')),
                ('plan_from', models.DateField(blank=True, null=True, verbose_name='规划周期开始')),
                ('plan_to', models.DateField(blank=True, null=True, verbose_name='规划周期结束')),
                ('carry_from_year', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='自哪一年度起结转')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='依据')),
                ('slot', models.PositiveSmallIntegerField(default=1, editable=False, unique=True)),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('changed_at', models.DateTimeField(default=core.clock.now)),
                ('changed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '应训要求草稿',
            },
        ),
        migrations.CreateModel(
            name='PolicyDraftCap',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('bucket', models.CharField(choices=[('central', '集中培训'), ('online', '网络自学'), ('basic', '基本培训')], max_length=10, verbose_name='学时类别')),
                ('category', models.CharField(blank=True, choices=[('initial', '初任培训'), ('appointment', '任职培训'), ('special', '专门业务培训'), ('in_service', '在职培训'), ('other', '其他培训')], max_length=12, verbose_name='培训类别')),
                ('mode', models.CharField(blank=True, choices=[('off_job', '脱产培训'), ('centre_group', '中心组学习'), ('online', '网络培训'), ('self_study', '自学'), ('other_central', '其他集中培训')], max_length=14, verbose_name='培训方式')),
                ('max_hours', models.DecimalField(decimal_places=2, max_digits=6, verbose_name='每年最多计入学时')),
                ('max_days', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name='每年最多计入天数')),
                ('policy', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='caps', to='records.policydraft')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='PolicyDraftLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('regime', models.CharField(choices=[('senior', '县处级及以上、四级调研员及以上'), ('junior', '乡科级及以下、一级主任科员及以下')], max_length=10, verbose_name='对象')),
                ('bucket', models.CharField(choices=[('central', '集中培训'), ('online', '网络自学'), ('basic', '基本培训')], max_length=10, verbose_name='学时类别')),
                ('window', models.CharField(choices=[('year', '自然年度'), ('rolling_5', '近五年'), ('plan', '规划周期'), ('from_promotion', '提任一年内')], max_length=16, verbose_name='期限')),
                ('min_hours', models.DecimalField(blank=True, decimal_places=2, max_digits=7, null=True, verbose_name='学时不少于')),
                ('min_days', models.DecimalField(blank=True, decimal_places=2, max_digits=6, null=True, verbose_name='天数不少于')),
                ('min_months', models.DecimalField(blank=True, decimal_places=2, max_digits=4, null=True, verbose_name='月数不少于')),
                ('days_per_month', models.DecimalField(decimal_places=1, default=Decimal('30'), max_digits=4, verbose_name='一个月折合天数')),
                ('carry_years', models.PositiveSmallIntegerField(default=0, verbose_name='超出部分结转年数')),
                ('certainty', models.CharField(default='V', max_length=2, verbose_name='核对情况')),
                ('policy', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='records.policydraft')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='PolicyPreview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('draft_key', models.PositiveBigIntegerField()),
                ('revision', models.PositiveIntegerField()),
                ('as_of', models.DateField()),
                ('people', models.PositiveIntegerField(default=0)),
                ('done_at', models.DateTimeField(null=True)),
                ('job', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='core.job')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('policy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.requirementpolicy')),
            ],
            options={
                'verbose_name': '应训要求预览',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='PreviewedPerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('regime', models.CharField(choices=[('senior', '县处级及以上、四级调研员及以上'), ('junior', '乡科级及以下、一级主任科员及以下')], max_length=10)),
                ('bucket', models.CharField(choices=[('central', '集中培训'), ('online', '网络自学'), ('basic', '基本培训')], max_length=10)),
                ('before', models.CharField(blank=True, max_length=10)),
                ('after', models.CharField(blank=True, max_length=10)),
                ('preview', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='records.policypreview')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddConstraint(
            model_name='hourruledraft',
            constraint=models.CheckConstraint(condition=models.Q(('slot', 1)), name='hour_draft_slot'),
        ),
        migrations.AddConstraint(
            model_name='hourruledraft',
            constraint=models.CheckConstraint(condition=models.Q(('online_unit__in', ['lesson', 'course'])), name='hour_draft_unit'),
        ),
        migrations.AddConstraint(
            model_name='hourruledraft',
            constraint=models.CheckConstraint(condition=models.Q(('online_half_minutes__lt', models.F('online_full_minutes'))), name='hour_draft_brackets'),
        ),
        migrations.AddConstraint(
            model_name='policydraft',
            constraint=models.CheckConstraint(condition=models.Q(('slot', 1)), name='policy_draft_slot'),
        ),
        migrations.AddConstraint(
            model_name='policydraftcap',
            constraint=models.UniqueConstraint(fields=('policy', 'bucket', 'category', 'mode'), name='one_draft_cap'),
        ),
        migrations.AddConstraint(
            model_name='policydraftcap',
            constraint=models.CheckConstraint(condition=models.Q(('bucket__in', ['central', 'online', 'basic']), ('category__in', ['', 'initial', 'appointment', 'special', 'in_service', 'other']), ('mode__in', ['', 'off_job', 'centre_group', 'online', 'self_study', 'other_central'])), name='draft_cap_kinds'),
        ),
        migrations.AddConstraint(
            model_name='policydraftcap',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('category', ''), _negated=True), models.Q(('mode', ''), _negated=True), _connector='OR'), name='draft_cap_names_a_kind'),
        ),
        migrations.AddConstraint(
            model_name='policydraftline',
            constraint=models.UniqueConstraint(fields=('policy', 'regime', 'bucket', 'window'), name='one_draft_line'),
        ),
        migrations.AddConstraint(
            model_name='policydraftline',
            constraint=models.CheckConstraint(condition=models.Q(('min_hours__isnull', False), ('min_days__isnull', False), ('min_months__isnull', False), _connector='OR'), name='draft_line_has_a_measure'),
        ),
        migrations.AddConstraint(
            model_name='policydraftline',
            constraint=models.CheckConstraint(condition=models.Q(('carry_years', 0), models.Q(('carry_years__range', (1, 10)), ('window', 'year')), _connector='OR'), name='draft_carry_is_yearly'),
        ),
        migrations.AddIndex(
            model_name='previewedperson',
            index=models.Index(fields=['preview', 'before', 'after'], name='previewed_moves'),
        ),
        migrations.AddConstraint(
            model_name='previewedperson',
            constraint=models.UniqueConstraint(fields=('preview', 'user', 'bucket'), name='one_row_per_previewed'),
        ),
    ]
