# Needs are counted by post and rank within each regime.

from django.db import migrations, models


def forget_levels(apps, schema_editor):
    """On the way back only the lines of whole regimes have a place."""
    apps.get_model("planning", "NeedLine").objects.exclude(level="").delete()


class Migration(migrations.Migration):

    dependencies = [
        ('planning', '0004_calls_places_reminders'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='needline',
            name='one_need_line',
        ),
        migrations.AddField(
            model_name='needline',
            name='level',
            field=models.CharField(blank=True, choices=[('bureau_head', '厅局级正职'), ('bureau_deputy', '厅局级副职'), ('county_head', '县处级正职'), ('county_deputy', '县处级副职'), ('township_head', '乡科级正职'), ('township_deputy', '乡科级副职'), ('inspector_1', '一级巡视员'), ('inspector_2', '二级巡视员'), ('researcher_1', '一级调研员'), ('researcher_2', '二级调研员'), ('researcher_3', '三级调研员'), ('researcher_4', '四级调研员'), ('principal_1', '一级主任科员'), ('principal_2', '二级主任科员'), ('principal_3', '三级主任科员'), ('principal_4', '四级主任科员'), ('clerk_1', '一级科员'), ('clerk_2', '二级科员'), ('other', '未登记职务层次和职级')], max_length=20, verbose_name='职务层次或职级'),
        ),
        migrations.AddField(
            model_name='needperson',
            name='level',
            field=models.CharField(blank=True, choices=[('bureau_head', '厅局级正职'), ('bureau_deputy', '厅局级副职'), ('county_head', '县处级正职'), ('county_deputy', '县处级副职'), ('township_head', '乡科级正职'), ('township_deputy', '乡科级副职'), ('inspector_1', '一级巡视员'), ('inspector_2', '二级巡视员'), ('researcher_1', '一级调研员'), ('researcher_2', '二级调研员'), ('researcher_3', '三级调研员'), ('researcher_4', '四级调研员'), ('principal_1', '一级主任科员'), ('principal_2', '二级主任科员'), ('principal_3', '三级主任科员'), ('principal_4', '四级主任科员'), ('clerk_1', '一级科员'), ('clerk_2', '二级科员'), ('other', '未登记职务层次和职级')], max_length=20, verbose_name='职务层次或职级'),
        ),
        migrations.AddConstraint(
            model_name='needline',
            constraint=models.UniqueConstraint(fields=('survey', 'basis', 'regime', 'level', 'theme'), name='one_need_line'),
        ),
        migrations.RunPython(migrations.RunPython.noop, forget_levels),
    ]
