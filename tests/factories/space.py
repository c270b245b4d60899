"""The class space: what somebody wrote or uploaded, as the services make it."""

from __future__ import annotations

import uuid
from typing import Any

from cohorts.models import ClassNotice, Cohort, Material, Topic
from cohorts.services import space
from core.uploads import CheckedFile
from tests.factories.cohorts import teacher_of

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF\n"


def checked(name: str = "第一讲讲义.pdf", data: bytes = PDF) -> CheckedFile:
    """An upload that passed the door."""
    return CheckedFile(f"{uuid.uuid4().hex}.pdf", name, "pdf", "application/pdf", data, str(hash(data)))


def notice(cohort: Cohort, **more: Any) -> ClassNotice:
    given = {"title": "明天上午调课", "text": "第二讲改到二楼会议室。", "client_key": uuid.uuid4()}
    return space.write_notice(**{"actor": teacher_of(cohort), "cohort": cohort, **given, **more})


def material(cohort: Cohort, **more: Any) -> Material:
    given = {"title": "第一讲讲义", "file": checked(), "client_key": uuid.uuid4()}
    return space.upload_material(**{"actor": teacher_of(cohort), "cohort": cohort, **given, **more})


def topic(cohort: Cohort, actor: Any = None, **more: Any) -> Topic:
    given = {"title": "数据共享从哪里开始", "text": "请大家谈谈本单位的做法。", "client_key": uuid.uuid4()}
    return space.open_topic(**{"actor": actor or teacher_of(cohort), "cohort": cohort, **given, **more})


def answer(topic: Topic, actor: Any, text: str = "先列清单，再谈系统。", **more: Any) -> Any:
    return space.reply(**{"actor": actor, "topic": topic, "text": text, "client_key": uuid.uuid4(), **more})
