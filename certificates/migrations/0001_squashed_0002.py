"""For a new database: the tables as after 0002_photo."""

import core.clock
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('certificates', '0001_certificates'),
        ('certificates', '0002_photo'),
    ]

    initial = True

    dependencies = [
        ('cohorts', '0001_cohorts'),
        ('core', '0001_jobs'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CertificateTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('version', models.PositiveIntegerField(verbose_name='版本')),
                ('layout', models.JSONField()),
                ('issuer', models.CharField(max_length=60, verbose_name='发证机构')),
                ('seal_text', models.CharField(max_length=20, verbose_name='印章文字')),
                ('number_prefix', models.CharField(max_length=20, verbose_name='编号前缀')),
                ('made_at', models.DateTimeField(default=core.clock.now)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '证书模板',
                'constraints': [models.UniqueConstraint(fields=('name', 'version'), name='template_version_once')],
            },
        ),
        migrations.CreateModel(
            name='CompetencyReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('version', models.PositiveSmallIntegerField(verbose_name='版本')),
                ('figures', models.JSONField()),
                ('evidence', models.JSONField()),
                ('pdf', models.BinaryField()),
                ('sha256', models.CharField(max_length=64)),
                ('made_at', models.DateTimeField(default=core.clock.now)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='cohorts.membership')),
            ],
            options={
                'verbose_name': '能力报告',
                'ordering': ['-made_at'],
                'constraints': [models.UniqueConstraint(fields=('membership', 'version'), name='report_version_once')],
            },
        ),
        migrations.CreateModel(
            name='Issuance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('members', models.JSONField()),
                ('client_key', models.UUIDField(unique=True)),
                ('confirmed_at', models.DateTimeField(default=core.clock.now)),
                ('cohort', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='issuances', to='cohorts.cohort')),
                ('confirmed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('job', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.job')),
                ('template', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='certificates.certificatetemplate')),
            ],
        ),
        migrations.CreateModel(
            name='Certificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('number', models.CharField(max_length=60, unique=True, verbose_name='证书编号')),
                ('code', models.CharField(max_length=20, verbose_name='校验码')),
                ('printed', models.JSONField()),
                ('pdf', models.BinaryField()),
                ('sha256', models.CharField(max_length=64)),
                ('issued_on', models.DateField(verbose_name='发证日期')),
                ('issued_at', models.DateTimeField(default=core.clock.now)),
                ('status', models.CharField(choices=[('valid', '有效'), ('revoked', '已撤销'), ('reissued', '已补发')], default='valid', max_length=10, verbose_name='状态')),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('revoke_reason', models.CharField(blank=True, max_length=200, verbose_name='撤销原因')),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='cohorts.graduationdecision')),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='cohorts.membership')),
                ('predecessor', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='successor', to='certificates.certificate')),
                ('revoked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('template', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='certificates.certificatetemplate')),
                ('issuance', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='certificates.issuance')),
                ('photo', models.BinaryField(null=True)),
            ],
            options={
                'verbose_name': '证书',
                'verbose_name_plural': '证书',
                'ordering': ['-issued_on', 'number'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'valid')), fields=('membership',), name='one_valid_certificate_per_member'), models.CheckConstraint(condition=models.Q(('status__in', ['valid', 'revoked', 'reissued'])), name='certificate_status'), models.CheckConstraint(condition=models.Q(('status', 'valid'), models.Q(('revoked_at__isnull', False), models.Q(('revoke_reason', ''), _negated=True)), _connector='OR'), name='revoked_with_reason'), models.CheckConstraint(condition=models.Q(('predecessor', models.F('id')), _negated=True), name='not_its_own_predecessor')],
            },
        ),
        migrations.CreateModel(
            name='NumberSequence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('prefix', models.CharField(max_length=20)),
                ('year', models.PositiveSmallIntegerField()),
                ('last', models.PositiveIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('prefix', 'year'), name='one_sequence_per_year')],
            },
        ),
    ]
