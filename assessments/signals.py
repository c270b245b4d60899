"""News for the floors above, sent when the change is committed."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.dispatch import Signal

from assessments.models import Exam, Submission

result_released = Signal()  # exam_id, context_key: results of an exam are public, or one changed
task_marked = Signal()  # submission_id, context_key: a submission has a grade, or lost it


def announce_results(exam: Exam) -> None:
    """Tell on commit that the exam's results are public."""
    transaction.on_commit(partial(result_released.send, sender=Exam, exam_id=exam.pk, context_key=exam.context_key))


def announce_mark(submission: Submission) -> None:
    """Tell on commit that the submission has a grade."""
    key = submission.task.context_key
    transaction.on_commit(partial(task_marked.send, sender=Submission, submission_id=submission.pk, context_key=key))
