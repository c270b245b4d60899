from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('courses', '0013_modules_named'),
    ]

    operations = [
        migrations.AddField(
            model_name='playbackanomaly',
            name='given_at',
            field=models.DateTimeField(null=True, verbose_name='补计时间'),
        ),
        migrations.AddField(
            model_name='playbackanomaly',
            name='refused',
            field=models.JSONField(default=list, verbose_name='未计入的片段'),
        ),
    ]
