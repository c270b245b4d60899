import core.clock
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0003_saved_views'),
        ('people', '0001_people'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('records', '0006_hour_imports'),
    ]

    operations = [
        migrations.CreateModel(
            name='CadreOutlook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('regime', models.CharField(blank=True, choices=[('senior', '县处级及以上、四级调研员及以上'), ('junior', '乡科级及以下、一级主任科员及以下')], max_length=10, verbose_name='对象')),
                ('state', models.CharField(blank=True, max_length=10, verbose_name='状态')),
                ('is_short', models.BooleanField(default=False)),
                ('as_of', models.DateField(null=True)),
                ('made_at', models.DateTimeField(default=core.clock.now)),
                ('managed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='hours_outlook', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '达标预测',
            },
        ),
        migrations.CreateModel(
            name='OutlookLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('bucket', models.CharField(choices=[('central', '集中培训'), ('online', '网络自学'), ('basic', '基本培训')], max_length=10, verbose_name='学时类别')),
                ('window', models.CharField(choices=[('year', '自然年度'), ('rolling_5', '近五年'), ('plan', '规划周期'), ('from_promotion', '提任一年内')], max_length=16, verbose_name='期限')),
                ('state', models.CharField(max_length=10, verbose_name='状态')),
                ('open_hours', models.DecimalField(decimal_places=2, max_digits=7, null=True)),
                ('open_days', models.DecimalField(decimal_places=2, max_digits=6, null=True)),
                ('class_days', models.DecimalField(decimal_places=2, default=0, max_digits=6)),
                ('window_words', models.CharField(max_length=120)),
                ('reached', models.CharField(max_length=120)),
                ('lack', models.CharField(blank=True, max_length=80)),
                ('closing', models.CharField(blank=True, max_length=200)),
                ('outlook', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='records.cadreoutlook')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.AddIndex(
            model_name='cadreoutlook',
            index=models.Index(fields=['state'], name='outlooks_by_state'),
        ),
        migrations.AddIndex(
            model_name='outlookline',
            index=models.Index(fields=['bucket', 'state'], name='outlook_lines_by_state'),
        ),
        migrations.AddConstraint(
            model_name='outlookline',
            constraint=models.UniqueConstraint(fields=('outlook', 'bucket', 'window'), name='one_outlook_line'),
        ),
        migrations.AddConstraint(
            model_name='outlookline',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['met', 'on_course', 'at_risk', 'short'])), name='outlook_state'),
        ),
    ]
