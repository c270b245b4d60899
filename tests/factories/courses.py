"""Synthetic courses, taught as editions; the same every time."""

from __future__ import annotations

import struct
import uuid
import zipfile
from collections.abc import Iterable
from datetime import timedelta
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

from assessments.models import Check, CheckPaper, Question, QuestionVersion
from assessments.services import save_check, save_question
from competencies.models import Indicator
from competencies.services import load_framework
from core import clock
from courses.models import (
    Course,
    CourseAudit,
    CourseEdition,
    CourseLecturer,
    CourseMaterial,
    CourseOutcome,
    Enrolment,
    Lesson,
    LessonCue,
    LessonKind,
    LessonNote,
    LessonQuestion,
    Module,
    ModuleItem,
    PlaybackAnomaly,
    Stage,
)
from courses.rules.progress import ProgressUpdate, Refusal, RefusalKind
from courses.services import Opinion, enrol, give_opinion, hand_in, publish_edition, save_progress
from courses.services.anomalies import note_refusals
from courses.services.auditing import passed_audit
from courses.services.notes import save_note
from courses.services.questions import ask
from people.models import Role, User
from tests.factories.people import UserFactory, grant

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


def mp3_bytes(seconds: float) -> bytes:
    """Silence of this length that players play (MPEG 1 layer III, 32 kbit/s)."""
    return (b"\xff\xfb\x10\xc4" + bytes(100)) * round(seconds * 44100 / 1152)


def stream_bytes(segments: int = 3, seconds: int = 2, **more: bytes) -> bytes:
    """A package of a playlist and segments with nothing in them; ``more`` replaces or adds files.

    Its bytes name tests, so they hold no time.
    """
    names = [f"s{n}.ts" for n in range(segments)]
    lines = ["#EXTM3U", *[f"#EXTINF:{seconds},\n{name}" for name in names], "#EXT-X-ENDLIST"]
    files = {"index.m3u8": "\n".join(lines).encode(), **{name: bytes(range(188)) for name in names}, **more}
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as package:
        for name, content in files.items():
            package.writestr(zipfile.ZipInfo(name), content)
    return data.getvalue()


def AnomalyFactory(enrolment: Enrolment, *, position: int = 1, seconds: int = 60) -> PlaybackAnomaly:
    """A leap over what was not played, as it was refused."""
    refusal = Refusal(RefusalKind.LEAP, Decimal(seconds), Decimal(0))
    lesson = enrolment.edition.lessons.get(position=position)
    note_refusals(enrolment=enrolment, lesson=lesson, refusals=[refusal], now=clock.now())
    return PlaybackAnomaly.objects.latest("pk")


def document(name: str, content: bytes, title: str = "") -> Any:
    return get_document_model().objects.create(title=title or name, file=ContentFile(content, name))


def png_bytes(colour: str = "#1e4e8c") -> bytes:
    data = BytesIO()
    Picture.new("RGB", (60, 40), colour).save(data, "PNG")
    return data.getvalue()


def image(title: str = "流程图") -> Any:
    return get_image_model().objects.create(title=title, file=ContentFile(png_bytes(), "liucheng.png"))


def make_question(key: str) -> Question:
    """A single choice; the second option (number 1) is right."""
    return save_question(
        actor=editor(),
        key=key,
        kind="single",
        indicator=indicator(),
        difficulty=2,
        stem=f"示范题{key}：数据需求单首先应当写明什么？",
        options=["设备型号", "业务事项和法定职责依据", "经办人的喜好", "建设单位名称"],
        answer=[1],
        explanation="需求单从业务事项和职责依据写起，其余各栏都要与它对得上。",
        in_bank=False,
    ).question


def make_check(questions: int = 3, pass_mark: int = 2) -> Check:
    """A check of single choices; the second option (number 1) is right in each."""
    key = f"check-{next(_number)}"
    entries = [make_question(f"{key}-{n}") for n in range(1, questions + 1)]
    return save_check(actor=editor(), key=key, title="课时测验", pass_mark=pass_mark, questions=entries)


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
    """A published lesson with a check; ``LessonFactory(video=True, seconds=60)``, ``checked=False``, ``draft=True``.

    ``audio=True`` makes a recording to listen to; ``cues=(20, 40)`` asks a question at these seconds,
    ``stream=True`` makes a video that comes as a package.
    """

    class Meta:
        model = Lesson

    key = factory.Sequence(lambda n: f"lesson-{n}")
    title = factory.Sequence(lambda n: f"示范课时{n}：数据怎样要、怎样给")
    body = BODY

    @classmethod
    def _create(cls, model_class: type[Lesson], *args: Any, **kwargs: Any) -> Lesson:
        video, audio, seconds = kwargs.pop("video", False), kwargs.pop("audio", False), kwargs.pop("seconds", 60)
        cues, stream = kwargs.pop("cues", ()), kwargs.pop("stream", False)
        checked, draft = kwargs.pop("checked", True), kwargs.pop("draft", False)
        blocks = [{"type": kind, "value": value, "id": str(uuid.uuid4())} for kind, value in kwargs.pop("body")]
        lesson = Lesson(**kwargs, body=blocks, live=False)
        if checked:
            lesson.check_of_learning = make_check()
        if video:
            lesson.kind = LessonKind.VIDEO
            lesson.video = document("yanshi.mp4", mp4_bytes(seconds), "示范视频")
        if stream:
            lesson.kind = LessonKind.VIDEO
            lesson.video = document("yanshi.zip", stream_bytes(), "示范分段视频")
        if audio:
            lesson.kind = LessonKind.AUDIO
            lesson.audio = document("yanshi.mp3", mp3_bytes(seconds + 0.1), "示范音频")
        lesson.cues = [LessonCue(at=at, question=make_question(f"q-{next(_number)}"), sort_order=at) for at in cues]
        lesson.save()
        return lesson if draft else published(lesson)


def writer() -> User:
    """Somebody who writes courses and hands them in; takes no number of the factories'."""
    held = User.objects.holding(Role.CONTENT_EDITOR).order_by("pk").first()
    if held is None:
        held = User.objects.create_user(work_number="WRITER", name="周编", unit=editor().unit)
        grant(held, Role.CONTENT_EDITOR)
    return held


def all_met(audit: CourseAudit, stage: str = Stage.INTERNAL, tick: str = "met") -> dict[str, tuple[str, str]]:
    return {item["code"]: (tick, "") for item in audit.checklist.for_stage(stage)}


def audited(course: Course) -> CourseAudit:
    """The latest draft handed in by its writer and passed by the office, through the services."""
    audit = hand_in(actor=writer(), course=course)
    return give_opinion(actor=editor(), audit=audit, opinion=Opinion(passed=True, ticks=all_met(audit)))


def published(item: Any) -> Any:
    """Publish what was edited: a lesson as the button does, a course after its audit."""
    if isinstance(item, Course):
        revision = item.save_revision(user=writer(), log_action=True)
        if passed_audit(revision.as_object()) is None:
            audited(item)
    else:
        revision = item.save_revision(user=editor(), log_action=True)
    revision.publish(user=editor())
    item.refresh_from_db()
    return item


class CourseFactory(DjangoModelFactory):
    """A published course taught as edition 1: ``CourseFactory(lessons=3)`` or ``lessons=[…]``, ``edition=False``.

    ``video=True`` makes the last lesson a video; ``checked=False`` leaves the checks out;
    ``max_speed`` allows faster play; ``files`` are titles of files that go with it.
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
            edition_of(course)
        return course


def module(title: str, lessons: Iterable[Lesson], *, required: bool = True) -> Module:
    entries = [ModuleItem(lesson=lesson, required=required, sort_order=n) for n, lesson in enumerate(lessons)]
    made = Module(title=title, sort_order=0)
    made.items = entries
    return made


def edition_of(course: Course) -> CourseEdition:
    """The course as it is published now, judged again where its lessons have changed, as its next edition."""
    if passed_audit(Course.objects.get(pk=course.pk)) is None:
        audited(course)
    return publish_edition(actor=editor(), course=course)


def EditionFactory(**kwargs: Any) -> CourseEdition:
    """The first edition of a new course; arguments as for CourseFactory."""
    return CourseFactory(**kwargs).editions.get()


def EnrolmentFactory(
    *, user: User | None = None, edition: CourseEdition | None = None, context_key: str = "", **course: Any
) -> Enrolment:
    """A learner on an edition; further arguments as for CourseFactory."""
    return enrol(user=user or UserFactory(), edition=edition or EditionFactory(**course), context_key=context_key)


def document_lesson(**more: Any) -> Lesson:
    """A published lesson that is a PDF of 20 minutes."""
    return LessonFactory(
        **{"kind": "document", "document": document("banfa.pdf", PDF, "管理办法"), "minutes": 20, "body": [], **more}
    )


def link_lesson(**more: Any) -> Lesson:
    """A published lesson on another platform."""
    where = {"platform": "示范网络学院", "address": "https://academy.example.cn/course/7"}
    return LessonFactory(**{"kind": "link", **where, "body": [], **more})


def live_lesson(starts_at: Any, *, hours: int = 2, **more: Any) -> Lesson:
    """A published live session of some hours in a room and on the net."""
    when = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=hours)}
    where = {"address": "https://live.example.cn/r/1", "place": "三楼报告厅"}
    return LessonFactory(**{"kind": "live", **when, **where, "body": [], **more})


def teach(course: Course, user: User) -> None:
    """The person is one of the course's lecturers, for all learners below the root of their own unit."""
    CourseLecturer.objects.create(course=course, user=user, unit=user.unit.get_root(), given_by=user)


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
