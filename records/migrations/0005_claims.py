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
        ('records', '0004_drafts'),
    ]

    operations = [
        migrations.CreateModel(
            name='HourClaim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('bucket', models.CharField(choices=[('central', '集中培训'), ('online', '网络自学'), ('basic', '基本培训')], max_length=10, verbose_name='学时类别')),
                ('category', models.CharField(choices=[('initial', '初任培训'), ('appointment', '任职培训'), ('special', '专门业务培训'), ('in_service', '在职培训'), ('other', '其他培训')], max_length=12, verbose_name='培训类别')),
                ('mode', models.CharField(choices=[('off_job', '脱产培训'), ('centre_group', '中心组学习'), ('online', '网络培训'), ('self_study', '自学'), ('other_central', '其他集中培训')], max_length=14, verbose_name='培训方式')),
                ('days', models.DecimalField(decimal_places=2, max_digits=6, verbose_name='天数')),
                ('hours', models.DecimalField(decimal_places=2, max_digits=7, verbose_name='学时')),
                ('starts_on', models.DateField(verbose_name='开始日期')),
                ('ends_on', models.DateField(verbose_name='结束日期')),
                ('title', models.CharField(max_length=80, verbose_name='培训名称')),
                ('organiser', models.CharField(max_length=60, verbose_name='主办单位')),
                ('certificate_no', models.CharField(blank=True, max_length=80, verbose_name='证书编号')),
                ('file', models.FileField(max_length=200, storage=core.storage.private_storage, upload_to='hour-claims')),
                ('file_name', models.CharField(max_length=120)),
                ('content_type', models.CharField(max_length=60)),
                ('sha256', models.CharField(max_length=64)),
                ('state', models.CharField(choices=[('unit', '待单位认定'), ('office', '待培训处认定'), ('credited', '已认定'), ('refused', '不予认定'), ('withdrawn', '已撤回')], default='unit', max_length=10, verbose_name='状态')),
                ('submitted_at', models.DateTimeField(default=core.clock.now, verbose_name='提交时间')),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('entry', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='claim', to='records.hourentry')),
                ('follows', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='followed_by', to='records.hourclaim')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hour_claims', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '学时申报',
                'verbose_name_plural': '学时申报',
                'ordering': ['-submitted_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ClaimDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.CharField(choices=[('unit', '单位'), ('office', '培训处')], max_length=6, verbose_name='环节')),
                ('outcome', models.CharField(choices=[('accept', '同意'), ('refuse', '不予认定')], max_length=6, verbose_name='意见')),
                ('days', models.DecimalField(decimal_places=2, max_digits=6, verbose_name='认定天数')),
                ('hours', models.DecimalField(decimal_places=2, max_digits=7, verbose_name='认定学时')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='理由')),
                ('at', models.DateTimeField(default=core.clock.now)),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='records.hourclaim')),
            ],
            options={
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.AddIndex(
            model_name='hourclaim',
            index=models.Index(fields=['state', 'submitted_at'], name='claims_by_state'),
        ),
        migrations.AddConstraint(
            model_name='hourclaim',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['unit', 'office', 'credited', 'refused', 'withdrawn'])), name='claim_state'),
        ),
        migrations.AddConstraint(
            model_name='hourclaim',
            constraint=models.CheckConstraint(condition=models.Q(('bucket__in', ['central', 'online', 'basic']), ('category__in', ['initial', 'appointment', 'special', 'in_service', 'other']), ('mode__in', ['off_job', 'centre_group', 'online', 'self_study', 'other_central'])), name='claim_kinds'),
        ),
        migrations.AddConstraint(
            model_name='hourclaim',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='claim_dates_in_order'),
        ),
        migrations.AddConstraint(
            model_name='hourclaim',
            constraint=models.CheckConstraint(condition=models.Q(('days__gte', 0), ('hours__gte', 0), models.Q(('days__gt', 0), ('hours__gt', 0), _connector='OR')), name='claim_has_an_amount'),
        ),
        migrations.AddConstraint(
            model_name='hourclaim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('entry__isnull', False), ('state', 'credited')), models.Q(models.Q(('state', 'credited'), _negated=True), ('entry__isnull', True)), _connector='OR'), name='credited_claim_has_its_line'),
        ),
        migrations.AddConstraint(
            model_name='hourclaim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state__in', ['unit', 'office'])), models.Q(('ended_at__isnull', False), ('state__in', ['credited', 'refused', 'withdrawn'])), _connector='OR'), name='ended_claim_has_time'),
        ),
        migrations.AddConstraint(
            model_name='claimdecision',
            constraint=models.UniqueConstraint(fields=('claim', 'step'), name='one_decision_per_claim_step'),
        ),
        migrations.AddConstraint(
            model_name='claimdecision',
            constraint=models.CheckConstraint(condition=models.Q(('days__gte', 0), ('hours__gte', 0), ('outcome__in', ['accept', 'refuse']), ('step__in', ['unit', 'office'])), name='claim_decision_kinds'),
        ),
        migrations.AddConstraint(
            model_name='claimdecision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'refuse'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='refused_claim_has_a_reason'),
        ),
    ]
