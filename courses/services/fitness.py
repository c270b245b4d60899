"""Documents, links and live sessions that cannot be taught as they are, each group with its sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _

from core import clock
from courses.models import Lesson, LessonKind

Unfit = tuple[list[Lesson], str]
Test = Callable[[Lesson], bool]


def unfit_by_kind(lessons: Sequence[Lesson]) -> list[Unfit]:
    """Every reason of the three kinds with the lessons it concerns; none where all are fit."""
    found = [
        ([lesson for lesson in lessons if lesson.kind == kind and test(lesson)], str(words))
        for kind, test, words in _reasons()
    ]
    return [(names, words) for names, words in found if names]


def _reasons() -> list[tuple[str, Test, str]]:
    document, link, live = LessonKind.DOCUMENT, LessonKind.LINK, LessonKind.LIVE
    return [
        (document, lambda x: not is_pdf(x.document), _("文档课时%s没有可以打开的 PDF 文件，请上传 PDF。")),
        (document, lambda x: not x.minutes, _("文档课时%s没有标称时长，请填写读完大约需要多少分钟。")),
        (link, lambda x: not (x.platform and x.address), _("外部课程%s没有写明平台名称和网址，请补充。")),
        (live, lambda x: not (x.starts_at and x.ends_at), _("直播课时%s没有写明开始和结束时间，请补充。")),
        (live, lambda x: not (x.address or x.place), _("直播课时%s没有直播网址，也没有地点，请至少填写一项。")),
        (live, _is_out_of_order, _("直播课时%s的结束时间不晚于开始时间，请改正。")),
        (live, _is_over, _("直播课时%s的时间已经过去，请改为将来的时间，或者改用录像。")),
    ]


def _is_out_of_order(lesson: Lesson) -> bool:
    return bool(lesson.starts_at and lesson.ends_at and lesson.ends_at <= lesson.starts_at)


def _is_over(lesson: Lesson) -> bool:
    return bool(lesson.ends_at and lesson.ends_at <= clock.now())


def is_pdf(document: object) -> bool:
    """Whether the file is there and begins as a PDF does."""
    if document is None:
        return False
    try:
        with document.file.open("rb") as file:  # type: ignore[attr-defined]
            return bool(file.read(5) == b"%PDF-")
    except FileNotFoundError:
        return False
