"""For a new database: the tables as after 0004_messages_outside."""

import core.clock
import core.storage
import datetime
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('core', '0001_jobs'),
        ('core', '0002_notices_and_calendar'),
        ('core', '0003_saved_views'),
        ('core', '0004_messages_outside'),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=60, verbose_name='种类')),
                ('title', models.CharField(max_length=200, verbose_name='名称')),
                ('params', models.JSONField(blank=True, default=dict)),
                ('state', models.CharField(choices=[('queued', '排队中'), ('running', '进行中'), ('done', '已完成'), ('failed', '未完成')], default='queued', max_length=10, verbose_name='状态')),
                ('done', models.PositiveIntegerField(default=0, verbose_name='已完成步数')),
                ('total', models.PositiveIntegerField(blank=True, null=True, verbose_name='总步数')),
                ('message', models.CharField(blank=True, max_length=300, verbose_name='说明')),
                ('result', models.JSONField(blank=True, default=dict)),
                ('result_name', models.CharField(blank=True, max_length=200, verbose_name='结果文件名')),
                ('result_file', models.FileField(blank=True, max_length=200, storage=core.storage.private_storage, upload_to='', verbose_name='结果文件')),
                ('error', models.TextField(blank=True, verbose_name='未完成的原因')),
                ('heartbeat', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='尝试次数')),
                ('dedupe_key', models.CharField(blank=True, max_length=200, null=True, unique=True)),
                ('created_at', models.DateTimeField(default=core.clock.database_now, editable=False, verbose_name='提交时间')),
                ('started_at', models.DateTimeField(blank=True, null=True, verbose_name='开始时间')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='结束时间')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='jobs', to=settings.AUTH_USER_MODEL, verbose_name='发起人')),
            ],
            options={
                'verbose_name': '后台任务',
                'verbose_name_plural': '后台任务',
                'ordering': ['-created_at', 'id'],
                'permissions': [('view_site_history', '查看全站操作记录')],
                'indexes': [models.Index(fields=['owner', '-created_at'], name='job_owner_newest'), models.Index(condition=models.Q(('state__in', ['queued', 'running'])), fields=['heartbeat'], name='job_open')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'running', 'done', 'failed'])), name='job_state'), models.CheckConstraint(condition=models.Q(models.Q(('done', 0), ('total__isnull', True)), models.Q(('done__lte', models.F('total')), ('total__isnull', False)), _connector='OR'), name='job_done_within_total'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), models.Q(('done', models.F('total')), ('total__isnull', False)), _connector='OR'), name='job_done_is_whole'), models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', True), ('state__in', ['queued', 'running'])), models.Q(('finished_at__isnull', False), ('state__in', ['done', 'failed'])), _connector='OR'), name='job_end_is_dated'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'failed'), _negated=True), models.Q(('error', ''), _negated=True), _connector='OR'), name='job_failure_has_reason')],
            },
        ),
        migrations.CreateModel(
            name='JobRefusal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.PositiveIntegerField()),
                ('reason', models.CharField(max_length=500, verbose_name='原因')),
                ('job', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='refusals', to='core.job')),
            ],
            options={
                'verbose_name': '被退回的一项',
                'verbose_name_plural': '被退回的各项',
                'ordering': ['step'],
                'constraints': [models.UniqueConstraint(fields=('job', 'step'), name='one_refusal_per_step')],
            },
        ),
        migrations.CreateModel(
            name='CalendarDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(unique=True, verbose_name='日期')),
                ('is_working', models.BooleanField(default=False, verbose_name='上班')),
                ('name', models.CharField(max_length=40, verbose_name='名称')),
                ('source', models.CharField(blank=True, max_length=120, verbose_name='依据')),
            ],
            options={
                'verbose_name': '节假日和调休',
                'verbose_name_plural': '节假日和调休',
                'ordering': ['day'],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('title', models.CharField(max_length=100, verbose_name='标题')),
                ('text', models.CharField(blank=True, max_length=1000, verbose_name='内容')),
                ('url', models.CharField(blank=True, max_length=300, verbose_name='链接')),
                ('key', models.CharField(blank=True, max_length=120)),
                ('sent_at', models.DateTimeField(default=core.clock.now, verbose_name='时间')),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '通知',
                'verbose_name_plural': '通知',
                'ordering': ['-sent_at', '-pk'],
                'indexes': [models.Index(fields=['recipient', '-sent_at'], name='notices_of_a_person'), models.Index(condition=models.Q(('read_at__isnull', True)), fields=['recipient'], name='unread_notices')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('key', ''), _negated=True), fields=('recipient', 'key'), name='one_notice_per_cause')],
            },
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.CharField(max_length=80)),
                ('name', models.CharField(max_length=20, verbose_name='名称')),
                ('query', models.CharField(max_length=500)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='saved_views', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '常用筛选',
                'verbose_name_plural': '常用筛选',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('owner', 'place', 'name'), name='one_view_per_name')],
            },
        ),
        migrations.CreateModel(
            name='MessageRules',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(unique=True)),
                ('quiet_from', models.TimeField(default=datetime.time(21, 30), verbose_name='免打扰开始')),
                ('quiet_to', models.TimeField(default=datetime.time(8, 0), verbose_name='免打扰结束')),
                ('quiet_rest_days', models.BooleanField(default=False, verbose_name='休息日也不打扰')),
                ('mandatory_by_mail', models.BooleanField(default=False, verbose_name='必须送达的通知不受个人邮件开关限制')),
                ('at', models.DateTimeField(default=core.clock.now)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '外发消息规则',
                'verbose_name_plural': '外发消息规则',
                'ordering': ['-version'],
            },
        ),
        migrations.CreateModel(
            name='MessageTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=60, verbose_name='种类')),
                ('channel', models.CharField(choices=[('mail', '电子邮件'), ('sms', '短信'), ('wecom', '企业微信')], max_length=10, verbose_name='渠道')),
                ('version', models.PositiveIntegerField(verbose_name='版本')),
                ('text', models.TextField(blank=True, verbose_name='文字')),
                ('at', models.DateTimeField(default=core.clock.now, verbose_name='时间')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '消息模板',
                'verbose_name_plural': '消息模板',
                'ordering': ['kind', 'channel', '-version'],
                'constraints': [models.UniqueConstraint(fields=('kind', 'channel', 'version'), name='one_template_per_version'), models.CheckConstraint(condition=models.Q(('channel__in', ['mail', 'sms', 'wecom'])), name='template_channel'), models.CheckConstraint(condition=models.Q(('version__gte', 1)), name='template_version_from_one')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('channel', models.CharField(choices=[('mail', '电子邮件'), ('sms', '短信'), ('wecom', '企业微信')], max_length=10, verbose_name='渠道')),
                ('kind', models.CharField(max_length=60, verbose_name='种类')),
                ('due', models.DateField(blank=True, null=True, verbose_name='期限')),
                ('urgent', models.BooleanField(default=False, verbose_name='紧急')),
                ('must', models.BooleanField(default=False, verbose_name='必须送达')),
                ('state', models.CharField(choices=[('waiting', '等待发送'), ('held', '到时再发'), ('sending', '正在发送'), ('sent', '已发出'), ('failed', '待重试'), ('given_up', '已放弃'), ('dropped', '不必再发')], default='waiting', max_length=10, verbose_name='状态')),
                ('not_before', models.DateTimeField(default=core.clock.now, verbose_name='不早于')),
                ('hold', models.CharField(blank=True, choices=[('', ''), ('quiet', '免打扰时段'), ('bundle', '与后面的消息合并')], max_length=10, verbose_name='等待的原因')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='尝试次数')),
                ('claim', models.UUIDField(editable=False, null=True)),
                ('claimed_at', models.DateTimeField(editable=False, null=True)),
                ('address', models.CharField(blank=True, max_length=100, verbose_name='地址（已遮盖）')),
                ('receipt', models.CharField(blank=True, max_length=200, verbose_name='回执')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='原因')),
                ('created_at', models.DateTimeField(default=core.clock.now, verbose_name='产生时间')),
                ('sent_at', models.DateTimeField(null=True, verbose_name='发出时间')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='结束时间')),
                ('lead', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='followers', to='core.delivery')),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='core.notice')),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to=settings.AUTH_USER_MODEL, verbose_name='收件人')),
                ('template', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.messagetemplate')),
            ],
            options={
                'verbose_name': '外发消息',
                'verbose_name_plural': '外发消息',
                'ordering': ['-created_at', '-pk'],
                'permissions': [('view_every_delivery', '查看全部外发消息')],
                'indexes': [models.Index(condition=models.Q(('state__in', ['waiting', 'held', 'failed'])), fields=['not_before'], name='delivery_open'), models.Index(condition=models.Q(('state', 'sending')), fields=['claimed_at'], name='delivery_sending'), models.Index(fields=['recipient', 'channel', 'kind'], name='delivery_group'), models.Index(fields=['-created_at'], name='delivery_newest')],
                'constraints': [models.UniqueConstraint(fields=('notice', 'channel'), name='one_delivery_per_notice_and_channel'), models.CheckConstraint(condition=models.Q(('channel__in', ['mail', 'sms', 'wecom'])), name='delivery_channel'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'held', 'sending', 'sent', 'failed', 'given_up', 'dropped'])), name='delivery_state'), models.CheckConstraint(condition=models.Q(models.Q(('claim__isnull', False), ('claimed_at__isnull', False), ('state', 'sending')), models.Q(models.Q(('state', 'sending'), _negated=True), ('claim__isnull', True), ('claimed_at__isnull', True)), _connector='OR'), name='delivery_sending_is_claimed'), models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', False), ('state', 'sent')), models.Q(models.Q(('state', 'sent'), _negated=True), ('sent_at__isnull', True)), _connector='OR'), name='delivery_sent_is_dated'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state__in', ['sent', 'given_up', 'dropped'])), models.Q(models.Q(('state__in', ['sent', 'given_up', 'dropped']), _negated=True), ('ended_at__isnull', True)), _connector='OR'), name='delivery_end_is_dated'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['failed', 'given_up', 'dropped']), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='delivery_failure_has_reason'), models.CheckConstraint(condition=models.Q(('lead__isnull', True), models.Q(('lead', models.F('pk')), _negated=True), _connector='OR'), name='delivery_follows_another')],
            },
        ),
        migrations.CreateModel(
            name='ChannelChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(choices=[('mail', '电子邮件'), ('sms', '短信'), ('wecom', '企业微信')], max_length=10, verbose_name='渠道')),
                ('agreed', models.BooleanField()),
                ('at', models.DateTimeField(default=core.clock.now)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='channel_choices', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('channel__in', ['mail', 'sms', 'wecom'])), name='choice_channel')],
            },
        ),
    ]
