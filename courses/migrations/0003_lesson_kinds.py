from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0004_handing_in'),
        ('courses', '0002_progress_since'),
        ('wagtailcore', '0098_apitoken'),
        ('wagtaildocs', '0014_alter_document_file_size'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='lesson',
            name='lesson_kind',
        ),
        migrations.AlterField(
            model_name='editionlesson',
            name='kind',
            field=models.CharField(choices=[('article', '图文'), ('video', '视频'), ('audio', '音频'), ('document', '文档'), ('link', '外部课程'), ('live', '直播')], max_length=10, verbose_name='形式'),
        ),
        migrations.AlterField(
            model_name='lesson',
            name='kind',
            field=models.CharField(choices=[('article', '图文'), ('video', '视频'), ('audio', '音频'), ('document', '文档'), ('link', '外部课程'), ('live', '直播')], default='article', max_length=10, verbose_name='形式'),
        ),
        migrations.AddConstraint(
            model_name='lesson',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['article', 'video', 'audio', 'document', 'link', 'live'])), name='lesson_kind'),
        ),
    ]
