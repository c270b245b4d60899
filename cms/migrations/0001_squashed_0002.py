"""For a new database: the tables as after 0002_case_teaching."""

import core.clock
import core.fields
import django.db.models.deletion
import modelcluster.fields
import modelsearch.index
import uuid
import wagtail.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('cms', '0001_cms'),
        ('cms', '0002_case_teaching'),
    ]

    initial = True

    dependencies = [
        ('competencies', '0001_competencies'),
        ('courses', '0002_progress_since'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('wagtailcore', '0098_apitoken'),
    ]

    operations = [
        migrations.CreateModel(
            name='CaseIndexPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('summary', models.TextField(blank=True, max_length=600, verbose_name='摘要')),
                ('notice', models.CharField(blank=True, max_length=120, verbose_name='提示')),
            ],
            options={
                'verbose_name': '案例库',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='HomePage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('summary', models.TextField(blank=True, max_length=600, verbose_name='摘要')),
                ('notice', models.CharField(blank=True, max_length=120, verbose_name='提示')),
                ('heading', models.CharField(max_length=40, verbose_name='大标题')),
                ('lede', models.CharField(max_length=160, verbose_name='一句话')),
            ],
            options={
                'verbose_name': '首页',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='LawIndexPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('summary', models.TextField(blank=True, max_length=600, verbose_name='摘要')),
                ('notice', models.CharField(blank=True, max_length=120, verbose_name='提示')),
            ],
            options={
                'verbose_name': '法规库',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='LawRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=80, unique=True, verbose_name='名称')),
                ('short', models.CharField(max_length=40, verbose_name='简称')),
                ('kind', models.CharField(max_length=20, verbose_name='类别')),
                ('number', models.CharField(blank=True, help_text='未核对的留空。', max_length=60, verbose_name='文号')),
                ('issuer', models.CharField(blank=True, help_text='未核对的留空。', max_length=60, verbose_name='制定机关')),
                ('adopted', models.DateField(blank=True, null=True, verbose_name='通过或公布日期')),
                ('effective', models.DateField(blank=True, null=True, verbose_name='现行文本施行日期')),
                ('revised', models.JSONField(blank=True, default=list, verbose_name='修订、修正日期')),
                ('status', models.CharField(default='以官方发布为准', max_length=40, verbose_name='效力状态')),
                ('articles', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='条数')),
                ('checked_against', models.CharField(max_length=300, verbose_name='核对情况')),
            ],
            options={
                'verbose_name': '法规目录条目',
                'verbose_name_plural': '法规目录',
                'ordering': ['pk'],
            },
            bases=(modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name='StandardPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('summary', models.TextField(blank=True, max_length=600, verbose_name='摘要')),
                ('notice', models.CharField(blank=True, max_length=120, verbose_name='提示')),
                ('body', wagtail.fields.StreamField([('section', 3), ('heading', 4), ('text', 2), ('figure', 8), ('table', 12), ('quote', 15), ('law', 19), ('callout', 22), ('reading', 25)], blank=True, block_lookup={0: ('wagtail.blocks.RegexBlock', (), {'help_text': '小写字母、数字和连字符，供各页“本页帮助”链接到这里。', 'label': '锚点', 'regex': '^[a-z][a-z0-9-]*$'}), 1: ('wagtail.blocks.CharBlock', (), {'label': '标题', 'max_length': 60}), 2: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'label': '正文'}), 3: ('wagtail.blocks.StructBlock', [[('anchor', 0), ('title', 1), ('text', 2)]], {}), 4: ('wagtail.blocks.CharBlock', (), {'icon': 'title', 'label': '小标题', 'template': 'core/blocks/heading.html'}), 5: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': '图片'}), 6: ('wagtail.blocks.CharBlock', (), {'label': '替代文字', 'max_length': 200}), 7: ('wagtail.blocks.CharBlock', (), {'label': '图题', 'max_length': 120, 'required': False}), 8: ('wagtail.blocks.StructBlock', [[('image', 5), ('alt', 6), ('caption', 7)]], {}), 9: ('wagtail.blocks.CharBlock', (), {'label': '表题', 'max_length': 120}), 10: ('wagtail.blocks.CharBlock', (), {'label': '文字', 'required': False}), 11: ('wagtail.contrib.typed_table_block.blocks.TypedTableBlock', [[('text', 10)]], {'label': '表'}), 12: ('wagtail.blocks.StructBlock', [[('caption', 9), ('table', 11)]], {}), 13: ('wagtail.blocks.TextBlock', (), {'label': '引文'}), 14: ('wagtail.blocks.CharBlock', (), {'label': '出处', 'max_length': 120}), 15: ('wagtail.blocks.StructBlock', [[('text', 13), ('source', 14)]], {}), 16: ('wagtail.blocks.CharBlock', (), {'label': '法规名称', 'max_length': 80}), 17: ('wagtail.blocks.CharBlock', (), {'help_text': '中文数字，如：三十七', 'label': '条', 'max_length': 20}), 18: ('wagtail.blocks.TextBlock', (), {'label': '条文'}), 19: ('wagtail.blocks.StructBlock', [[('title', 16), ('article', 17), ('text', 18)]], {}), 20: ('wagtail.blocks.CharBlock', (), {'label': '标题', 'max_length': 40}), 21: ('wagtail.blocks.TextBlock', (), {'label': '正文'}), 22: ('wagtail.blocks.StructBlock', [[('title', 20), ('text', 21)]], {}), 23: ('wagtail.blocks.PageChooserBlock', (), {'label': '页面'}), 24: ('wagtail.blocks.CharBlock', (), {'label': '说明', 'max_length': 120, 'required': False}), 25: ('wagtail.blocks.StructBlock', [[('page', 23), ('note', 24)]], {})}, verbose_name='正文')),
            ],
            options={
                'verbose_name': '说明页',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='TrackIndexPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('summary', models.TextField(blank=True, max_length=600, verbose_name='摘要')),
                ('notice', models.CharField(blank=True, max_length=120, verbose_name='提示')),
            ],
            options={
                'verbose_name': '专题总览',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='CoursePage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('summary', models.TextField(blank=True, max_length=600, verbose_name='摘要')),
                ('notice', models.CharField(blank=True, max_length=120, verbose_name='提示')),
                ('audience', models.CharField(blank=True, max_length=120, verbose_name='适合对象')),
                ('intro', wagtail.fields.StreamField([('heading', 0), ('text', 1), ('figure', 5), ('table', 9), ('quote', 12), ('law', 16), ('callout', 19), ('reading', 22)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'icon': 'title', 'label': '小标题', 'template': 'core/blocks/heading.html'}), 1: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'label': '正文'}), 2: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': '图片'}), 3: ('wagtail.blocks.CharBlock', (), {'label': '替代文字', 'max_length': 200}), 4: ('wagtail.blocks.CharBlock', (), {'label': '图题', 'max_length': 120, 'required': False}), 5: ('wagtail.blocks.StructBlock', [[('image', 2), ('alt', 3), ('caption', 4)]], {}), 6: ('wagtail.blocks.CharBlock', (), {'label': '表题', 'max_length': 120}), 7: ('wagtail.blocks.CharBlock', (), {'label': '文字', 'required': False}), 8: ('wagtail.contrib.typed_table_block.blocks.TypedTableBlock', [[('text', 7)]], {'label': '表'}), 9: ('wagtail.blocks.StructBlock', [[('caption', 6), ('table', 8)]], {}), 10: ('wagtail.blocks.TextBlock', (), {'label': '引文'}), 11: ('wagtail.blocks.CharBlock', (), {'label': '出处', 'max_length': 120}), 12: ('wagtail.blocks.StructBlock', [[('text', 10), ('source', 11)]], {}), 13: ('wagtail.blocks.CharBlock', (), {'label': '法规名称', 'max_length': 80}), 14: ('wagtail.blocks.CharBlock', (), {'help_text': '中文数字，如：三十七', 'label': '条', 'max_length': 20}), 15: ('wagtail.blocks.TextBlock', (), {'label': '条文'}), 16: ('wagtail.blocks.StructBlock', [[('title', 13), ('article', 14), ('text', 15)]], {}), 17: ('wagtail.blocks.CharBlock', (), {'label': '标题', 'max_length': 40}), 18: ('wagtail.blocks.TextBlock', (), {'label': '正文'}), 19: ('wagtail.blocks.StructBlock', [[('title', 17), ('text', 18)]], {}), 20: ('wagtail.blocks.PageChooserBlock', (), {'label': '页面'}), 21: ('wagtail.blocks.CharBlock', (), {'label': '说明', 'max_length': 120, 'required': False}), 22: ('wagtail.blocks.StructBlock', [[('page', 20), ('note', 21)]], {})}, verbose_name='导语')),
                ('course', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='page', to='courses.course', verbose_name='课程')),
            ],
            options={
                'verbose_name': '课程介绍页',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='LawPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('summary', models.TextField(blank=True, max_length=600, verbose_name='摘要')),
                ('notice', models.CharField(blank=True, max_length=120, verbose_name='提示')),
                ('points', wagtail.fields.StreamField([('point', 3)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'help_text': '中文数字，如：三十七', 'label': '条', 'max_length': 20}), 1: ('wagtail.blocks.CharBlock', (), {'label': '要点', 'max_length': 60}), 2: ('wagtail.blocks.TextBlock', (), {'label': '说明'}), 3: ('wagtail.blocks.StructBlock', [[('article', 0), ('heading', 1), ('text', 2)]], {})}, verbose_name='条文要点')),
                ('practice', wagtail.fields.RichTextField(blank=True, verbose_name='实务提示')),
                ('related_courses', modelcluster.fields.ParentalManyToManyField(blank=True, related_name='+', to='courses.course', verbose_name='相关课程')),
                ('law', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='page', to='cms.lawrecord', verbose_name='法规')),
            ],
            options={
                'verbose_name': '法规解读',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='TrackPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('summary', models.TextField(blank=True, max_length=600, verbose_name='摘要')),
                ('notice', models.CharField(blank=True, max_length=120, verbose_name='提示')),
                ('track', models.CharField(choices=[('reform', '行政改革'), ('digital', '数字政府'), ('talent', '人才队伍'), ('law', '法治监督'), ('service', '服务参与'), ('base', '政治能力与决策执行')], max_length=10, unique=True, verbose_name='专题')),
                ('intro', wagtail.fields.StreamField([('heading', 0), ('text', 1), ('figure', 5), ('table', 9), ('quote', 12), ('law', 16), ('callout', 19), ('reading', 22)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'icon': 'title', 'label': '小标题', 'template': 'core/blocks/heading.html'}), 1: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'label': '正文'}), 2: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': '图片'}), 3: ('wagtail.blocks.CharBlock', (), {'label': '替代文字', 'max_length': 200}), 4: ('wagtail.blocks.CharBlock', (), {'label': '图题', 'max_length': 120, 'required': False}), 5: ('wagtail.blocks.StructBlock', [[('image', 2), ('alt', 3), ('caption', 4)]], {}), 6: ('wagtail.blocks.CharBlock', (), {'label': '表题', 'max_length': 120}), 7: ('wagtail.blocks.CharBlock', (), {'label': '文字', 'required': False}), 8: ('wagtail.contrib.typed_table_block.blocks.TypedTableBlock', [[('text', 7)]], {'label': '表'}), 9: ('wagtail.blocks.StructBlock', [[('caption', 6), ('table', 8)]], {}), 10: ('wagtail.blocks.TextBlock', (), {'label': '引文'}), 11: ('wagtail.blocks.CharBlock', (), {'label': '出处', 'max_length': 120}), 12: ('wagtail.blocks.StructBlock', [[('text', 10), ('source', 11)]], {}), 13: ('wagtail.blocks.CharBlock', (), {'label': '法规名称', 'max_length': 80}), 14: ('wagtail.blocks.CharBlock', (), {'help_text': '中文数字，如：三十七', 'label': '条', 'max_length': 20}), 15: ('wagtail.blocks.TextBlock', (), {'label': '条文'}), 16: ('wagtail.blocks.StructBlock', [[('title', 13), ('article', 14), ('text', 15)]], {}), 17: ('wagtail.blocks.CharBlock', (), {'label': '标题', 'max_length': 40}), 18: ('wagtail.blocks.TextBlock', (), {'label': '正文'}), 19: ('wagtail.blocks.StructBlock', [[('title', 17), ('text', 18)]], {}), 20: ('wagtail.blocks.PageChooserBlock', (), {'label': '页面'}), 21: ('wagtail.blocks.CharBlock', (), {'label': '说明', 'max_length': 120, 'required': False}), 22: ('wagtail.blocks.StructBlock', [[('page', 20), ('note', 21)]], {})}, verbose_name='导语')),
            ],
            options={
                'verbose_name': '专题',
                'constraints': [models.CheckConstraint(condition=models.Q(('track__in', ['reform', 'digital', 'talent', 'law', 'service', 'base'])), name='track_page_track')],
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='CasePage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('summary', models.TextField(blank=True, max_length=600, verbose_name='摘要')),
                ('notice', models.CharField(blank=True, max_length=120, verbose_name='提示')),
                ('track', models.CharField(choices=[('reform', '行政改革'), ('digital', '数字政府'), ('talent', '人才队伍'), ('law', '法治监督'), ('service', '服务参与'), ('base', '政治能力与决策执行')], max_length=10, verbose_name='专题')),
                ('background', wagtail.fields.RichTextField(verbose_name='背景')),
                ('process', wagtail.fields.RichTextField(verbose_name='过程')),
                ('figures', wagtail.fields.StreamField([('table', 3)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'label': '表题', 'max_length': 120}), 1: ('wagtail.blocks.CharBlock', (), {'label': '文字', 'required': False}), 2: ('wagtail.contrib.typed_table_block.blocks.TypedTableBlock', [[('text', 1)]], {'label': '表'}), 3: ('wagtail.blocks.StructBlock', [[('caption', 0), ('table', 2)]], {})}, verbose_name='数据')),
                ('result', wagtail.fields.RichTextField(verbose_name='结果')),
                ('discussion', wagtail.fields.StreamField([('question', 0)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'icon': 'help', 'label': '讨论题', 'max_length': 300})}, verbose_name='讨论')),
                ('sources', wagtail.fields.StreamField([('source', 2)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'label': '名称', 'max_length': 120}), 1: ('wagtail.blocks.CharBlock', (), {'label': '说明', 'max_length': 200, 'required': False}), 2: ('wagtail.blocks.StructBlock', [[('title', 0), ('note', 1)]], {})}, verbose_name='依据与来源')),
                ('indicators', modelcluster.fields.ParentalManyToManyField(blank=True, related_name='+', to='competencies.indicator', verbose_name='能力指标')),
                ('related_courses', modelcluster.fields.ParentalManyToManyField(blank=True, related_name='+', to='courses.course', verbose_name='相关课程')),
                ('teaching', wagtail.fields.RichTextField(blank=True, verbose_name='教学提示')),
            ],
            options={
                'verbose_name': '案例',
                'constraints': [models.CheckConstraint(condition=models.Q(('track__in', ['reform', 'digital', 'talent', 'law', 'service', 'base'])), name='case_page_track')],
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='FeedbackMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(editable=False, max_length=16, unique=True, verbose_name='查询编号')),
                ('client_key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('category', models.CharField(choices=[('problem', '页面打不开或出错'), ('hard', '看不懂、不好用'), ('content', '课程、案例或法规内容有误'), ('burden', '增加了不必要的负担'), ('data', '我的个人信息或成绩有误'), ('other', '其他建议')], max_length=10, verbose_name='类别')),
                ('page_path', models.CharField(blank=True, max_length=200, verbose_name='所在页面')),
                ('message', models.TextField(max_length=2000, verbose_name='内容')),
                ('contact', core.fields.EncryptedTextField(blank=True, default='', verbose_name='联系方式')),
                ('created_at', models.DateTimeField(default=core.clock.now, verbose_name='提出时间')),
                ('state', models.CharField(choices=[('new', '待回复'), ('answered', '已回复'), ('closed', '已办结')], default='new', max_length=10, verbose_name='状态')),
                ('reply', models.TextField(blank=True, max_length=2000, verbose_name='答复')),
                ('answered_at', models.DateTimeField(null=True, verbose_name='答复时间')),
                ('closed_at', models.DateTimeField(null=True, verbose_name='办结时间')),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='答复人')),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='提出人')),
            ],
            options={
                'verbose_name': '意见反馈',
                'verbose_name_plural': '意见反馈',
                'ordering': ['-created_at', '-pk'],
                'indexes': [models.Index(fields=['state', '-created_at'], name='feedback_by_state')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['new', 'answered', 'closed'])), name='feedback_state'), models.CheckConstraint(condition=models.Q(('category__in', ['problem', 'hard', 'content', 'burden', 'data', 'other'])), name='feedback_category'), models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('reply', ''), ('state', 'new')), models.Q(('answered_at__isnull', False), ('state__in', ['answered', 'closed']), models.Q(('reply', ''), _negated=True)), _connector='OR'), name='answered_feedback_has_reply'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('state', 'closed')), models.Q(('closed_at__isnull', True), ('state__in', ['new', 'answered'])), _connector='OR'), name='closed_feedback_has_time')],
            },
        ),
    ]
