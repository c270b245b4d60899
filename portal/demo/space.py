"""The space of the class of this week: a notice, materials of the first day, a topic with its answers."""

from __future__ import annotations

import hashlib
import uuid

from cohorts.models import Cohort
from cohorts.services import space
from core.drawing import draw_table_document
from core.uploads import CheckedFile
from portal.demo.stage import Stage

NOTICE = (
    "报到和第一周安排",
    "各位学员：\n请带好工作证件，按小组就座。课表、资料和讨论都在“班级”页里。\n\n"
    "用餐在领航楼一楼，晚上的在线课程见 /learn/courses/ 。",
)
TOPIC = (
    "跨部门事项从哪里入手",
    "请结合本单位的一件跨部门事项，谈谈共享需求清单怎么列。\n\n不要写涉密和不宜公开的内容。",
)
ANSWERS = (
    "我们先从办件量最大的事项入手，一次把需要哪个部门的哪一项数据写清楚。",
    "补充一点：每项数据要写明依据和用途，数源部门才好答复。",
)


def furnish(stage: Stage, cohort: Cohort) -> None:
    """Everything that the members find on the first morning."""
    teacher, users = stage.cast["class_teacher"], [m.user for m in cohort.memberships.select_related("user")]
    title, text = NOTICE
    space.write_notice(actor=teacher, cohort=cohort, client_key=uuid.uuid4(), title=title, text=text, is_pinned=True)
    for session in cohort.sessions.all()[:2]:
        space.upload_material(
            actor=teacher, cohort=cohort, client_key=uuid.uuid4(), title=f"{session.title}：阅读材料",
            session=session, file=_handout(session.title),
        )  # fmt: skip
    title, text = TOPIC
    topic = space.open_topic(actor=teacher, cohort=cohort, client_key=uuid.uuid4(), title=title, text=text)
    for user, words in zip(users, ANSWERS, strict=False):
        space.reply(actor=user, topic=topic, client_key=uuid.uuid4(), text=words)


def _handout(title: str) -> CheckedFile:
    rows = [["课前", "通读本单位的职责清单"], ["课上", "带着一件跨部门事项讨论"], ["课后", "把清单补充完整"]]
    data = draw_table_document("阅读材料（示范）", title, ["环节", "要求"], rows)
    return CheckedFile(
        f"{uuid.uuid4().hex}.pdf", "阅读材料.pdf", "pdf", "application/pdf", data, hashlib.sha256(data).hexdigest()
    )
