from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('courses', '0015_live_arrangements'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='coursematerial',
            options={'ordering': ['sort_order'], 'verbose_name': '课程资料', 'verbose_name_plural': '课程资料'},
        ),
        migrations.AddField(
            model_name='coursematerial',
            name='copyright_until',
            field=models.DateField(blank=True, help_text='授权使用的最后一天；不限期的留空。到期前 60 天起提醒。', null=True, verbose_name='使用授权至'),
        ),
    ]
