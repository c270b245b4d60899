import core.clock
import datetime
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0003_saved_views'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
        migrations.AddConstraint(
            model_name='messagetemplate',
            constraint=models.UniqueConstraint(fields=('kind', 'channel', 'version'), name='one_template_per_version'),
        ),
        migrations.AddConstraint(
            model_name='messagetemplate',
            constraint=models.CheckConstraint(condition=models.Q(('channel__in', ['mail', 'sms', 'wecom'])), name='template_channel'),
        ),
        migrations.AddConstraint(
            model_name='messagetemplate',
            constraint=models.CheckConstraint(condition=models.Q(('version__gte', 1)), name='template_version_from_one'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state__in', ['waiting', 'held', 'failed'])), fields=['not_before'], name='delivery_open'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state', 'sending')), fields=['claimed_at'], name='delivery_sending'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(fields=['recipient', 'channel', 'kind'], name='delivery_group'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(fields=['-created_at'], name='delivery_newest'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(fields=('notice', 'channel'), name='one_delivery_per_notice_and_channel'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(('channel__in', ['mail', 'sms', 'wecom'])), name='delivery_channel'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'held', 'sending', 'sent', 'failed', 'given_up', 'dropped'])), name='delivery_state'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('claim__isnull', False), ('claimed_at__isnull', False), ('state', 'sending')), models.Q(models.Q(('state', 'sending'), _negated=True), ('claim__isnull', True), ('claimed_at__isnull', True)), _connector='OR'), name='delivery_sending_is_claimed'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', False), ('state', 'sent')), models.Q(models.Q(('state', 'sent'), _negated=True), ('sent_at__isnull', True)), _connector='OR'), name='delivery_sent_is_dated'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state__in', ['sent', 'given_up', 'dropped'])), models.Q(models.Q(('state__in', ['sent', 'given_up', 'dropped']), _negated=True), ('ended_at__isnull', True)), _connector='OR'), name='delivery_end_is_dated'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['failed', 'given_up', 'dropped']), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='delivery_failure_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(('lead__isnull', True), models.Q(('lead', models.F('pk')), _negated=True), _connector='OR'), name='delivery_follows_another'),
        ),
    ]
