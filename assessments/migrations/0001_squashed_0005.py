"""For a new database: the tables as after 0005_double_rating_and_voiding."""

import core.clock
import core.storage
import django.db.models.deletion
import modelcluster.fields
import uuid
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('assessments', '0001_assessments'),
        ('assessments', '0002_makeup_and_reasons'),
        ('assessments', '0003_surveys'),
        ('assessments', '0004_handing_in'),
        ('assessments', '0005_double_rating_and_voiding'),
    ]

    initial = True

    dependencies = [
        ('competencies', '0001_competencies'),
        # Wagtail's own tables first: each of its migrations takes longer the more models already stand.
        ('axes', '0010_accessattemptexpiration'),
        ('django_celery_beat', '0019_alter_periodictasks_options'),
        ('taggit', '0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx'),
        ('wagtailadmin', '0006_formstate'),
        ('wagtailcore', '0098_apitoken'),
        ('wagtaildocs', '0014_alter_document_file_size'),
        ('wagtailembeds', '0009_embed_cache_until'),
        ('wagtailforms', '0005_alter_formsubmission_form_data'),
        ('wagtailimages', '0027_image_description'),
        ('wagtailredirects', '0008_add_verbose_name_plural'),
        ('wagtailsearch', '0010_add_text_fields'),
        ('wagtailusers', '0015_userprofile_keyboard_shortcuts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Rubric',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=80, verbose_name='名称')),
                ('note', models.TextField(blank=True, verbose_name='说明')),
            ],
            options={
                'verbose_name': '评分标准',
                'verbose_name_plural': '评分标准',
            },
        ),
        migrations.CreateModel(
            name='Blueprint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=80, verbose_name='名称')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '组卷方案',
                'verbose_name_plural': '组卷方案',
            },
        ),
        migrations.CreateModel(
            name='Exam',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('context_key', models.CharField(blank=True, db_index=True, max_length=60)),
                ('title', models.CharField(max_length=120, verbose_name='名称')),
                ('phase', models.CharField(choices=[('pre', '训前'), ('during', '训中'), ('post', '训后'), ('follow_up', '跟踪')], max_length=10, verbose_name='用途')),
                ('opens_at', models.DateTimeField(verbose_name='开始时间')),
                ('closes_at', models.DateTimeField(verbose_name='截止时间')),
                ('minutes', models.PositiveSmallIntegerField(verbose_name='时长（分钟）')),
                ('grace_seconds', models.PositiveSmallIntegerField(default=10, verbose_name='交卷宽限（秒）')),
                ('pass_percent', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='及格线（%）')),
                ('attempts_allowed', models.PositiveSmallIntegerField(default=1, verbose_name='允许次数')),
                ('best_counts', models.BooleanField(default=True, verbose_name='取最高分')),
                ('released_at', models.DateTimeField(blank=True, null=True, verbose_name='成绩公布时间')),
                ('blueprint', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exams', to='assessments.blueprint')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('excludes', models.ManyToManyField(blank=True, related_name='excluded_by', to='assessments.exam', verbose_name='不重复出题的考试')),
            ],
            options={
                'verbose_name': '考试',
                'verbose_name_plural': '考试',
                'ordering': ['opens_at', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('closes_at__gt', models.F('opens_at'))), name='exam_opens_before_it_closes'), models.CheckConstraint(condition=models.Q(('pass_percent__gte', 0), ('pass_percent__lte', 100)), name='exam_percent'), models.CheckConstraint(condition=models.Q(('attempts_allowed__gte', 1), ('minutes__gte', 1)), name='exam_has_time')],
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40, unique=True, verbose_name='题号')),
                ('kind', models.CharField(choices=[('single', '单选题'), ('multiple', '多选题'), ('judge', '判断题')], max_length=10, verbose_name='题型')),
                ('difficulty', models.PositiveSmallIntegerField(default=2, verbose_name='难度')),
                ('in_bank', models.BooleanField(default=True, verbose_name='可用于组卷')),
                ('is_active', models.BooleanField(default=True, verbose_name='启用')),
                ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='competencies.indicator', verbose_name='能力指标')),
            ],
            options={
                'verbose_name': '试题',
                'verbose_name_plural': '试题',
                'ordering': ['key'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['single', 'multiple', 'judge'])), name='question_kind'), models.CheckConstraint(condition=models.Q(('difficulty__gte', 1), ('difficulty__lte', 3)), name='question_difficulty')],
            },
        ),
        migrations.CreateModel(
            name='QuestionVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='版本')),
                ('stem', models.TextField(verbose_name='题干')),
                ('options', models.JSONField(verbose_name='选项')),
                ('answer', models.JSONField(verbose_name='答案')),
                ('explanation', models.TextField(verbose_name='解析')),
                ('made_at', models.DateTimeField(default=core.clock.now)),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='assessments.question')),
            ],
            options={
                'ordering': ['question', 'number'],
                'constraints': [models.UniqueConstraint(fields=('question', 'number'), name='one_wording_per_version')],
            },
        ),
        migrations.CreateModel(
            name='RubricCriterion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=80, verbose_name='评分项')),
                ('weight', models.DecimalField(decimal_places=2, max_digits=3, verbose_name='权重')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='顺序')),
                ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='competencies.indicator', verbose_name='能力指标')),
                ('rubric', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='criteria', to='assessments.rubric')),
            ],
            options={
                'ordering': ['position', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('rubric', 'indicator'), name='indicator_once_in_rubric')],
            },
        ),
        migrations.CreateModel(
            name='Seat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('extra_minutes', models.PositiveSmallIntegerField(default=0, verbose_name='加时（分钟）')),
                ('is_makeup', models.BooleanField(default=False, verbose_name='补考')),
                ('score', models.DecimalField(blank=True, decimal_places=2, max_digits=6, null=True, verbose_name='成绩')),
                ('percent', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name='得分率（%）')),
                ('passed', models.BooleanField(blank=True, null=True, verbose_name='及格')),
                ('exam', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='assessments.exam')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seats', to=settings.AUTH_USER_MODEL)),
                ('extra_attempts', models.PositiveSmallIntegerField(default=0, verbose_name='增加的作答次数')),
                ('is_voided', models.BooleanField(default=False, verbose_name='成绩已取消')),
                ('makeup_until', models.DateTimeField(blank=True, null=True, verbose_name='补考截止')),
            ],
            options={
                'verbose_name': '考位',
                'constraints': [models.UniqueConstraint(fields=('exam', 'user'), name='one_seat_per_exam'), models.CheckConstraint(condition=models.Q(('is_voided', False), models.Q(('passed__isnull', True), ('percent__isnull', True), ('score__isnull', True)), _connector='OR'), name='voided_seat_has_no_result')],
                'verbose_name_plural': '考位',
            },
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('number', models.PositiveSmallIntegerField(verbose_name='第几次')),
                ('state', models.CharField(choices=[('running', '作答中'), ('submitted', '已交卷'), ('marked', '已评分'), ('voided', '成绩已取消')], default='running', max_length=10, verbose_name='状态')),
                ('seed', models.PositiveBigIntegerField()),
                ('started_at', models.DateTimeField()),
                ('deadline_at', models.DateTimeField()),
                ('submitted_at', models.DateTimeField(blank=True, null=True)),
                ('auto_submitted', models.BooleanField(default=False)),
                ('blur_count', models.PositiveIntegerField(default=0)),
                ('score', models.DecimalField(blank=True, decimal_places=2, max_digits=6, null=True)),
                ('full_score', models.DecimalField(decimal_places=2, max_digits=6)),
                ('seat', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='assessments.seat')),
            ],
            options={
                'verbose_name': '答卷',
                'constraints': [models.UniqueConstraint(fields=('seat', 'number'), name='attempt_number_once'), models.UniqueConstraint(condition=models.Q(('state', 'running')), fields=('seat',), name='one_running_attempt_per_seat'), models.CheckConstraint(condition=models.Q(('state', 'running'), ('submitted_at__isnull', False), _connector='OR'), name='submitted_attempt_has_time'), models.CheckConstraint(condition=models.Q(('state__in', ['running', 'submitted', 'marked', 'voided'])), name='attempt_state')],
            },
        ),
        migrations.CreateModel(
            name='AttemptItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('option_order', models.JSONField()),
                ('points', models.DecimalField(decimal_places=2, max_digits=5)),
                ('attempt', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='assessments.attempt')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assessments.questionversion')),
            ],
            options={
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('attempt', 'position'), name='one_item_per_position'), models.UniqueConstraint(fields=('attempt', 'version'), name='question_once_on_a_paper')],
            },
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('choice', models.JSONField(default=list)),
                ('flagged', models.BooleanField(default=False)),
                ('sequence', models.PositiveBigIntegerField(default=0)),
                ('saved_at', models.DateTimeField()),
                ('item', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='answer', to='assessments.attemptitem')),
            ],
        ),
        migrations.CreateModel(
            name='Task',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('context_key', models.CharField(blank=True, db_index=True, max_length=60)),
                ('title', models.CharField(max_length=120, verbose_name='名称')),
                ('brief', models.TextField(verbose_name='要求')),
                ('due_at', models.DateTimeField(verbose_name='截止时间')),
                ('marking_closed_at', models.DateTimeField(blank=True, null=True)),
                ('markers', models.ManyToManyField(related_name='tasks_to_mark', to=settings.AUTH_USER_MODEL, verbose_name='评分教师')),
                ('rubric', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='assessments.rubric')),
                ('arbiter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tasks_to_decide', to=settings.AUTH_USER_MODEL, verbose_name='裁定人')),
                ('ratings_asked', models.PositiveSmallIntegerField(default=1, verbose_name='每份作业评分人数')),
                ('tolerance', models.DecimalField(decimal_places=2, default=Decimal('0.50'), max_digits=3, verbose_name='双评允许分差')),
            ],
            options={
                'verbose_name': '任务',
                'verbose_name_plural': '任务',
                'constraints': [models.CheckConstraint(condition=models.Q(('ratings_asked__in', (1, 2))), name='task_rated_once_or_twice'), models.CheckConstraint(condition=models.Q(('tolerance__gte', 0), ('tolerance__lte', 4)), name='task_tolerance')],
            },
        ),
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('text', models.TextField(blank=True, verbose_name='正文')),
                ('handed_in_at', models.DateTimeField(blank=True, null=True)),
                ('grade', models.CharField(blank=True, choices=[('excellent', '优秀'), ('good', '良好'), ('pass', '合格'), ('fail', '不合格')], max_length=10, verbose_name='等第')),
                ('score', models.DecimalField(blank=True, decimal_places=2, max_digits=3, null=True, verbose_name='得分')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to=settings.AUTH_USER_MODEL)),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='assessments.task')),
                ('extended_until', models.DateTimeField(blank=True, null=True, verbose_name='延期至')),
                ('disputed_at', models.DateTimeField(blank=True, null=True, verbose_name='两次评分不一致')),
                ('voided_at', models.DateTimeField(blank=True, null=True, verbose_name='成绩取消时间')),
            ],
            options={
                'verbose_name': '作业',
                'constraints': [models.UniqueConstraint(fields=('task', 'user'), name='one_submission_per_task'), models.CheckConstraint(condition=models.Q(('voided_at__isnull', True), models.Q(('grade', ''), ('score__isnull', True)), _connector='OR'), name='voided_work_has_no_grade')],
                'verbose_name_plural': '作业',
            },
        ),
        migrations.CreateModel(
            name='Mark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.DecimalField(decimal_places=2, max_digits=3, verbose_name='等级')),
                ('comment', models.CharField(blank=True, max_length=300, verbose_name='评语')),
                ('round', models.PositiveSmallIntegerField()),
                ('at', models.DateTimeField(default=core.clock.now)),
                ('marked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='marks_given', to=settings.AUTH_USER_MODEL)),
                ('criterion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='marks', to='assessments.rubriccriterion')),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='marks', to='assessments.submission')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='改分理由')),
                ('kind', models.CharField(choices=[('single', '评分'), ('rating', '双评'), ('agreed', '两次评分一致，取平均'), ('decided', '裁定')], default='single', max_length=10)),
            ],
            options={
                'ordering': ['round', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('submission', 'criterion', 'round'), name='one_mark_per_round'), models.CheckConstraint(condition=models.Q(('level__gte', 1), ('level__lte', 5)), name='mark_level'), models.CheckConstraint(condition=models.Q(('kind__in', ['single', 'rating', 'agreed', 'decided'])), name='mark_kind'), models.CheckConstraint(condition=models.Q(('kind', 'decided'), ('reason', ''), _negated=True), name='decision_has_reason')],
            },
        ),
        migrations.CreateModel(
            name='BlueprintLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('single', '单选题'), ('multiple', '多选题'), ('judge', '判断题')], max_length=10, verbose_name='题型')),
                ('difficulty', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='难度')),
                ('count', models.PositiveSmallIntegerField(verbose_name='题数')),
                ('points', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='每题分值')),
                ('blueprint', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='assessments.blueprint')),
                ('indicator', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='competencies.indicator', verbose_name='能力指标')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('count__gte', 1), ('points__gt', 0)), name='blueprint_line_asks')],
            },
        ),
        migrations.CreateModel(
            name='Questionnaire',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveSmallIntegerField(unique=True, verbose_name='版本')),
                ('title', models.CharField(max_length=80, verbose_name='名称')),
                ('indicators', models.JSONField(verbose_name='指标')),
                ('choices', models.JSONField(verbose_name='选项')),
                ('grades', models.JSONField(verbose_name='等次')),
                ('made_at', models.DateTimeField(default=core.clock.now)),
            ],
            options={
                'verbose_name': '评估表',
                'verbose_name_plural': '评估表',
                'ordering': ['version'],
            },
        ),
        migrations.CreateModel(
            name='Survey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('context_key', models.CharField(db_index=True, max_length=60)),
                ('about', models.CharField(max_length=60)),
                ('title', models.CharField(max_length=120, verbose_name='评估内容')),
                ('subject', models.CharField(max_length=120, verbose_name='评估对象')),
                ('opens_at', models.DateTimeField(verbose_name='开始时间')),
                ('closes_at', models.DateTimeField(verbose_name='截止时间')),
                ('made_at', models.DateTimeField(default=core.clock.now)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('questionnaire', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='surveys', to='assessments.questionnaire')),
            ],
            options={
                'verbose_name': '教学评估',
                'verbose_name_plural': '教学评估',
                'ordering': ['opens_at', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('closes_at__gt', models.F('opens_at'))), name='survey_opens_before_it_closes'), models.UniqueConstraint(fields=('context_key', 'about'), name='one_survey_about_a_thing')],
            },
        ),
        migrations.CreateModel(
            name='SurveyAnswer',
            fields=[
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('points', models.JSONField(verbose_name='得分')),
                ('comment', models.CharField(blank=True, max_length=300, verbose_name='意见建议')),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='assessments.survey')),
            ],
            options={
                'verbose_name': '评估答卷',
                'ordering': ['key'],
            },
        ),
        migrations.CreateModel(
            name='SurveyInvitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('answered', models.BooleanField(default=False, verbose_name='已提交')),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='assessments.survey')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='survey_invitations', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '评估邀请',
                'constraints': [models.UniqueConstraint(fields=('survey', 'user'), name='one_invitation_per_survey')],
            },
        ),
        migrations.CreateModel(
            name='HandIn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('number', models.PositiveSmallIntegerField(verbose_name='版本')),
                ('text', models.TextField(blank=True, verbose_name='正文')),
                ('file', models.FileField(blank=True, storage=core.storage.private_storage, upload_to='task-files/', verbose_name='文件')),
                ('file_name', models.CharField(blank=True, max_length=120, verbose_name='文件名')),
                ('content_type', models.CharField(blank=True, max_length=60)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('at', models.DateTimeField(verbose_name='提交时间')),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='assessments.submission')),
            ],
            options={
                'verbose_name': '作业版本',
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('submission', 'number'), name='hand_in_number_once'), models.CheckConstraint(condition=models.Q(models.Q(('text', ''), _negated=True), models.Q(('file', ''), _negated=True), _connector='OR'), name='hand_in_has_content'), models.CheckConstraint(condition=models.Q(models.Q(('file', ''), ('sha256', '')), models.Q(models.Q(('file', ''), _negated=True), models.Q(('sha256', ''), _negated=True), models.Q(('file_name', ''), _negated=True)), _connector='OR'), name='handed_in_file_is_known')],
            },
        ),
        migrations.CreateModel(
            name='Voiding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('cause', models.CharField(choices=[('cheating', '违反考试或学术纪律'), ('technical', '技术故障'), ('other', '其他原因')], max_length=10, verbose_name='情形')),
                ('reason', models.CharField(max_length=200, verbose_name='理由')),
                ('document_no', models.CharField(blank=True, max_length=60, verbose_name='文号')),
                ('again_until', models.DateTimeField(blank=True, null=True, verbose_name='可补考或补交至')),
                ('round', models.PositiveSmallIntegerField(default=0)),
                ('at', models.DateTimeField(default=core.clock.now, verbose_name='决定时间')),
                ('reply', models.CharField(blank=True, max_length=500, verbose_name='学员申述')),
                ('replied_at', models.DateTimeField(blank=True, null=True)),
                ('lifted_at', models.DateTimeField(blank=True, null=True)),
                ('lift_reason', models.CharField(blank=True, max_length=200, verbose_name='撤销取消的理由')),
                ('attempt', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='voidings', to='assessments.attempt')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('lifted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('submission', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='voidings', to='assessments.submission')),
            ],
            options={
                'verbose_name': '取消成绩',
                'verbose_name_plural': '取消成绩',
                'ordering': ['at', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('attempt__isnull', False), ('submission__isnull', True)), models.Q(('attempt__isnull', True), ('submission__isnull', False)), _connector='OR'), name='voiding_of_one_thing'), models.UniqueConstraint(condition=models.Q(('lifted_at__isnull', True)), fields=('attempt',), name='one_standing_voiding_per_attempt'), models.CheckConstraint(condition=models.Q(('cause__in', ['cheating', 'technical', 'other'])), name='voiding_cause'), models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), _negated=True), models.Q(('cause', 'cheating'), ('document_no', ''), _negated=True)), name='voiding_reasoned'), models.CheckConstraint(condition=models.Q(models.Q(('lift_reason', ''), ('lifted_at__isnull', True), ('lifted_by__isnull', True)), models.Q(('lifted_at__isnull', False), ('lifted_by__isnull', False), models.Q(('lift_reason', ''), _negated=True)), _connector='OR'), name='voiding_lifted_as_a_whole'), models.CheckConstraint(condition=models.Q(models.Q(('replied_at__isnull', True), ('reply', '')), models.Q(models.Q(('reply', ''), _negated=True), ('replied_at__isnull', False)), _connector='OR'), name='voiding_reply_is_dated')],
            },
        ),
        migrations.CreateModel(
            name='Check',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=80, unique=True, verbose_name='标识')),
                ('title', models.CharField(max_length=120, verbose_name='名称')),
                ('pass_mark', models.PositiveSmallIntegerField(verbose_name='答对题数')),
            ],
            options={
                'verbose_name': '课时测验',
                'verbose_name_plural': '课时测验',
            },
        ),
        migrations.CreateModel(
            name='CheckPaper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120)),
                ('pass_mark', models.PositiveSmallIntegerField()),
                ('versions', models.JSONField()),
                ('made_at', models.DateTimeField(default=core.clock.now)),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='assessments.check')),
            ],
        ),
        migrations.CreateModel(
            name='CheckQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='assessments.check')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assessments.question')),
            ],
            options={
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('owner', 'question'), name='question_once_in_check')],
            },
        ),
        migrations.CreateModel(
            name='CheckAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('context_key', models.CharField(max_length=60)),
                ('client_key', models.UUIDField()),
                ('answers', models.JSONField()),
                ('right', models.PositiveSmallIntegerField()),
                ('passed', models.BooleanField()),
                ('at', models.DateTimeField(default=core.clock.now)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='check_attempts', to=settings.AUTH_USER_MODEL)),
                ('paper', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='assessments.checkpaper')),
            ],
            options={
                'indexes': [models.Index(fields=['context_key', 'paper'], name='check_tries')],
                'constraints': [models.UniqueConstraint(fields=('user', 'client_key'), name='one_check_attempt_per_key')],
            },
        ),
        migrations.AddField(
            model_name='Check',
            name='questions',
            field=models.ManyToManyField(related_name='checks', through='assessments.CheckQuestion', to='assessments.question'),
        ),
    ]
