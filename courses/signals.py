"""News from courses; both are sent on commit."""

from __future__ import annotations

from django.dispatch import Signal

lesson_completed = Signal()  # enrolment_id, lesson_id (of the edition): a required lesson is done
course_completed = Signal()  # enrolment_id, context_key: every required lesson of an enrolment is done
