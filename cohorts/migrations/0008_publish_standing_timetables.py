"""Members could read every timetable so far: those that stand count as published once, by who made the class."""

from typing import Any

from django.db import migrations


def publish(apps: Any, schema_editor: Any) -> None:
    cohorts, publications = apps.get_model("cohorts", "Cohort"), apps.get_model("cohorts", "TimetablePublication")
    for cohort in cohorts.objects.exclude(state="cancelled").filter(publications=None):
        rows = [row(session) for session in cohort.sessions.order_by("day", "starts_at", "pk")]
        if rows:
            publications.objects.create(cohort=cohort, number=1, by_id=cohort.made_by_id, rows=rows, changes=[])


def row(session: Any) -> dict[str, Any]:
    hours = f"{session.hours.normalize():f}" if session.hours else "0"
    return {
        "key": session.pk,
        "title": session.title,
        "kind": session.kind,
        "day": session.day.isoformat(),
        "half": session.half,
        "starts_at": f"{session.starts_at:%H:%M}",
        "ends_at": f"{session.ends_at:%H:%M}",
        "room": session.room,
        "lecturer": session.lecturer_id,
        "hours": hours,
        "groups": [],
    }


class Migration(migrations.Migration):
    dependencies = [("cohorts", "0007_timetable_publications_and_faculty")]

    operations = [migrations.RunPython(publish, migrations.RunPython.noop)]
