"""A kind of job that kills its worker in the middle of two steps; each step writes one row and one line of a file."""

from __future__ import annotations

import os
import signal
from datetime import timedelta
from pathlib import Path

from django.contrib.auth.models import Group

from core import jobs, models
from core.models import Job

STEPS = 40
FATAL = (12, 24)  # the worker that first comes to one of these dies in it


def write_twice(job: Job, number: int) -> str:
    """A row inside the step's transaction, and a line outside any: the control."""
    with Path(job.params["file"]).open("a+") as lines:
        lines.write(f"{number}\n")
        lines.seek(0)
        first = lines.read().split().count(str(number)) == 1
    Group.objects.create(name=f"{job.pk} {number}")
    if number in FATAL and first:
        os.kill(os.getpid(), signal.SIGKILL)
    return f"第{number + 1}行"


jobs.register(jobs.JobKind(name="test.kill", title="写四十行", total=lambda job: STEPS, step=write_twice))

if "LINGHANG_WORKER_BROKER" in os.environ:  # in a worker: do not wait half a minute for a dead colleague
    models.SILENCE = timedelta(seconds=1)
