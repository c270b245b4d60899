"""Synthetic courses, taught as editions; the same every time."""

from __future__ import annotations

import struct
import uuid
from collections.abc import Iterable
from decimal import Decimal
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

import factory
from django.conf import settings
from django.core.files.base import ContentFile
from factory.django import DjangoModelFactory
from PIL import Image as Picture
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from assessments.models import Check, CheckPaper, QuestionVersion
from assessments.services import save_check, save_question
from competencies.models import Indicator
from competencies.services import load_framework
from courses.models import (
    Course,
    CourseEdition,
    CourseMaterial,
    CourseOutcome,
    Enrolment,
    Lesson,
    LessonKind,
    LessonNote,
    LessonQuestion,
    Module,
    ModuleItem,
)
from courses.progress import ProgressUpdate
from courses.services import enrol, publish_edition, save_progress
from courses.services.notes import save_note
from courses.services.questions import ask
from people.models import Role, User
from tests.factories.people import UserFactory

SAMPLE_VIDEO = Path(settings.BASE_DIR) / "cms" / "curriculum" / "media" / "one-stop-service.mp4"
SAMPLE_CAPTIONS = SAMPLE_VIDEO.with_suffix(".vtt")
PDF = "%PDF-1.7 示范讲义".encode().ljust(2048)
_number = count(1)


def editor() -> User:
    """Somebody who may edit the bank and publish editions."""
    held = User.objects.holding(Role.TRAINING_OFFICE).order_by("pk").first()
    return held or UserFactory(role=Role.TRAINING_OFFICE)


def indicator(code: str = "C2") -> Indicator:
    return Indicator.objects.get(dimension__framework=load_framework(), code=code)


def mp4_bytes(seconds: int, *, filler: int = 4096) -> bytes:
    """A file with the header of a video of this length and nothing to see."""

    def box(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I4s", 8 + len(content), kind) + content

    header = struct.pack(">IIIII", 0, 0, 0, 1000, seconds * 1000) + bytes(80)
    frames = bytes(n % 251 for n in range(filler))
    return box(b"ftyp", b"isom\0\0\2\0") + box(b"mdat", frames) + box(b"moov", box(b"mvhd", header))


def document(name: str, content: bytes, title: str = "") -> Any:
    return get_document_model().objects.create(title=title or name, file=ContentFile(content, name))


def png_bytes(colour: str = "#1e4e8c") -> bytes:
    data = BytesIO()
    Picture.new("RGB", (60, 40), colour).save(data, "PNG")
    return data.getvalue()


def image(title: str = "流程图") -> Any:
    return get_image_model().objects.create(title=title, file=ContentFile(png_bytes(), "liucheng.png"))


def make_check(questions: int = 3, pass_mark: int = 2) -> Check:
    """A check of single choices; the second option (number 1) is right in each."""
    actor, key = editor(), f"check-{next(_number)}"
    versions = [
        save_question(
            actor=actor,
            key=f"{key}-{n}",
            kind="single",
            indicator=indicator(),
            difficulty=2,
            stem=f"示范题{n}：数据需求单首先应当写明什么？",
            options=["设备型号", "业务事项和法定职责依据", "经办人的喜好", "建设单位名称"],
            answer=[1],
            explanation="需求单从业务事项和职责依据写起，其余各栏都要与它对得上。",
            in_bank=False,
        )
        for n in range(1, questions + 1)
    ]
    return save_check(
        actor=actor, key=key, title="课时测验", pass_mark=pass_mark, questions=[v.question for v in versions]
    )


def right_answers(paper: CheckPaper) -> dict[str, list[int]]:
    return {str(v.pk): list(v.answer) for v in QuestionVersion.objects.filter(pk__in=paper.versions)}


def wrong_answers(paper: CheckPaper) -> dict[str, list[int]]:
    return {str(pk): [0] for pk in paper.versions}


def text_block(words: str) -> tuple[str, str]:
    return "text", f"<p>{words}</p>"


BODY = [
    ("heading", "动手之前先查三处"),
    text_block("先查目录，再查现成服务，最后查自己的流程。三处查完，仍需新的数据，才填需求单。"),
    ("quote", {"text": "共享的单位是字段和用途。", "source": "示范讲义"}),
]


class LessonFactory(DjangoModelFactory):
    """A published lesson with a check; ``LessonFactory(video=True, seconds=60)``, ``checked=False``, ``draft=True``."""

    class Meta:
        model = Lesson

    key = factory.Sequence(lambda n: f"lesson-{n}")
    title = factory.Sequence(lambda n: f"示范课时{n}：数据怎样要、怎样给")
    body = BODY

    @classmethod
    def _create(cls, model_class: type[Lesson], *args: Any, **kwargs: Any) -> Lesson:
        video, seconds = kwargs.pop("video", False), kwargs.pop("seconds", 60)
        checked, draft = kwargs.pop("checked", True), kwargs.pop("draft", False)
        blocks = [{"type": kind, "value": value, "id": str(uuid.uuid4())} for kind, value in kwargs.pop("body")]
        lesson = Lesson(**kwargs, body=blocks, live=False)
        if checked:
            lesson.check_of_learning = make_check()
        if video:
            lesson.kind = LessonKind.VIDEO
            lesson.video = document("yanshi.mp4", mp4_bytes(seconds), "示范视频")
        lesson.save()
        return lesson if draft else published(lesson)


def published(item: Any) -> Any:
    """Publish what was edited, as the editor's button does."""
    item.save_revision(user=editor(), log_action=True).publish(user=editor())
    item.refresh_from_db()
    return item


class CourseFactory(DjangoModelFactory):
    """A published course taught as edition 1: ``CourseFactory(lessons=3)`` or ``lessons=[…]``, ``edition=False``.

    ``video=True`` makes the last lesson a video; ``checked=False`` leaves the checks out; ``files`` are titles of
    files that go with it.
    """

    class Meta:
        model = Course

    key = factory.Sequence(lambda n: f"course-{n}")
    title = factory.Sequence(lambda n: f"示范课程{n}：政务数据共享与安全使用")
    track = "digital"
    summary = "面向业务部门负责人。讲怎样提出一份站得住的数据需求。"
    lecturer = "陈若溪（示范讲师）"
    hours = Decimal("2")
    notice = "示范内容，使用前须经审核"

    @classmethod
    def _create(cls, model_class: type[Course], *args: Any, **kwargs: Any) -> Course:
        lessons, edition = kwargs.pop("lessons", 2), kwargs.pop("edition", True)
        video, checked = kwargs.pop("video", False), kwargs.pop("checked", True)
        codes = kwargs.pop("indicators", ("C2",))
        files = kwargs.pop("files", ())
        if isinstance(lessons, int):
            lessons = [LessonFactory(checked=checked, video=video and n == lessons) for n in range(1, lessons + 1)]
        course = Course(**kwargs, live=False)
        course.modules = [module("第一单元", lessons)]
        course.outcomes = [
            CourseOutcome(indicator=indicator(code), text="能写出字段级的数据共享需求单", sort_order=n)
            for n, code in enumerate(codes)
        ]
        course.materials = [
            CourseMaterial(title=title, document=document("jiangyi.pdf", PDF, title), sort_order=n)
            for n, title in enumerate(files)
        ]
        course.save()
        published(course)
        if edition:
            publish_edition(actor=editor(), course=course)
        return course


def module(title: str, lessons: Iterable[Lesson], *, required: bool = True) -> Module:
    entries = [ModuleItem(lesson=lesson, required=required, sort_order=n) for n, lesson in enumerate(lessons)]
    made = Module(title=title, sort_order=0)
    made.items = entries
    return made


def EditionFactory(**kwargs: Any) -> CourseEdition:
    """The first edition of a new course; arguments as for CourseFactory."""
    return CourseFactory(**kwargs).editions.get()


def EnrolmentFactory(
    *, user: User | None = None, edition: CourseEdition | None = None, context_key: str = "", **course: Any
) -> Enrolment:
    """A learner on an edition; further arguments as for CourseFactory."""
    return enrol(user=user or UserFactory(), edition=edition or EditionFactory(**course), context_key=context_key)


def teach(course: Course, user: User) -> None:
    """The person is one of the course's lecturers."""
    course.lecturers.add(user)
    course.save()


def note(enrolment: Enrolment, text: str = "共享的单位是字段和用途。", *, position: int = 1) -> LessonNote:
    lesson = enrolment.edition.lessons.get(position=position)
    return save_note(user=enrolment.user, enrolment=enrolment, lesson=lesson, key=uuid.uuid4(), text=text)


def question(
    enrolment: Enrolment, text: str = "目录里没有的数据怎样申请？", *, name_shown: bool = False
) -> LessonQuestion:
    lesson, key = enrolment.edition.lessons.first(), uuid.uuid4()
    return ask(user=enrolment.user, enrolment=enrolment, lesson=lesson, key=key, text=text, name_shown=name_shown)


def finish(enrolment: Enrolment) -> Enrolment:
    """All lessons read to their end, as the page reports it."""
    for lesson in enrolment.edition.lessons.all():
        update = ProgressUpdate(1, Decimal(100), reached_end=True)
        save_progress(user=enrolment.user, enrolment=enrolment, lesson=lesson, update=update)
    enrolment.refresh_from_db()
    return enrolment
