import core.clock
import core.storage
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0003_saved_views'),
        ('people', '0001_people'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('records', '0005_claims'),
    ]

    operations = [
        migrations.CreateModel(
            name='HourImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('source', models.CharField(max_length=30, verbose_name='来源系统')),
                ('file_name', models.CharField(max_length=200, verbose_name='文件名')),
                ('file', models.FileField(storage=core.storage.private_storage, upload_to='hour-imports')),
                ('sha256', models.CharField(max_length=64)),
                ('report', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('previewed', '待确认'), ('committed', '已导入'), ('discarded', '已放弃')], default='previewed', max_length=10)),
                ('created_at', models.DateTimeField(default=core.clock.now)),
                ('committed_at', models.DateTimeField(null=True)),
                ('job', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='core.job')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '学时导入',
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ImportedHours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=30, verbose_name='来源系统')),
                ('external_id', models.CharField(max_length=60, verbose_name='外部编号')),
                ('version', models.PositiveSmallIntegerField(default=1)),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='imported', to='records.hourentry')),
            ],
            options={
                'verbose_name': '外部学时',
            },
        ),
        migrations.CreateModel(
            name='HourChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('bucket', models.CharField(choices=[('central', '集中培训'), ('online', '网络自学'), ('basic', '基本培训')], max_length=10, verbose_name='学时类别')),
                ('category', models.CharField(choices=[('initial', '初任培训'), ('appointment', '任职培训'), ('special', '专门业务培训'), ('in_service', '在职培训'), ('other', '其他培训')], max_length=12, verbose_name='培训类别')),
                ('mode', models.CharField(choices=[('off_job', '脱产培训'), ('centre_group', '中心组学习'), ('online', '网络培训'), ('self_study', '自学'), ('other_central', '其他集中培训')], max_length=14, verbose_name='培训方式')),
                ('days', models.DecimalField(decimal_places=2, max_digits=6, verbose_name='天数')),
                ('hours', models.DecimalField(decimal_places=2, max_digits=7, verbose_name='学时')),
                ('earned_on', models.DateField(verbose_name='取得日期')),
                ('label', models.CharField(max_length=120, verbose_name='来源')),
                ('evidence_no', models.CharField(blank=True, max_length=80, verbose_name='证明材料编号')),
                ('brought_at', models.DateTimeField(default=core.clock.now, verbose_name='导入时间')),
                ('state', models.CharField(choices=[('waiting', '待审批'), ('approved', '已更改'), ('refused', '维持原值'), ('replaced', '已被新值取代')], default='waiting', max_length=10, verbose_name='状态')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='理由')),
                ('decided_at', models.DateTimeField(null=True)),
                ('after', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.hourentry')),
                ('before', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.hourentry')),
                ('brought_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit')),
                ('imported', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='records.importedhours')),
            ],
            options={
                'verbose_name': '学时更改',
                'verbose_name_plural': '学时更改',
                'ordering': ['-brought_at', '-pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='hourimport',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['previewed', 'committed', 'discarded'])), name='hour_import_state'),
        ),
        migrations.AddConstraint(
            model_name='hourimport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'committed'), _negated=True), ('committed_at__isnull', False), _connector='OR'), name='committed_import_has_time'),
        ),
        migrations.AddConstraint(
            model_name='importedhours',
            constraint=models.UniqueConstraint(fields=('source', 'external_id'), name='one_line_per_external_id'),
        ),
        migrations.AddConstraint(
            model_name='hourchange',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'approved', 'refused', 'replaced'])), name='hour_change_state'),
        ),
        migrations.AddConstraint(
            model_name='hourchange',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('imported',), name='one_waiting_change_per_line'),
        ),
        migrations.AddConstraint(
            model_name='hourchange',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_by__isnull', True), ('state__in', ['waiting', 'replaced'])), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('state__in', ['approved', 'refused'])), _connector='OR'), name='hour_change_decided'),
        ),
        migrations.AddConstraint(
            model_name='hourchange',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('after__isnull', False), ('state', 'approved')), models.Q(models.Q(('state', 'approved'), _negated=True), ('after__isnull', True)), _connector='OR'), name='approved_change_has_its_line'),
        ),
        migrations.AddConstraint(
            model_name='hourchange',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='kept_value_has_a_reason'),
        ),
    ]
