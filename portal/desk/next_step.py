"""The one sentence at the top of the desk: what is next, where and when. Pure: values in, a sentence out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from core.templatetags.linghang import clock_time, day_short, moment


@dataclass(frozen=True)
class Slot:
    """An entry of the timetable with its moments."""

    title: str
    room: str
    starts: datetime
    ends: datetime
    url: str


@dataclass(frozen=True)
class Sitting:
    """An exam that one is in or may begin."""

    title: str
    running: bool
    until: datetime
    url: str


@dataclass(frozen=True)
class Work:
    """A task to hand in."""

    title: str
    due: datetime
    url: str


@dataclass(frozen=True)
class Study:
    """A course to go on with; ``lesson`` is where one stopped, empty before the first."""

    title: str
    lesson: str
    url: str


@dataclass(frozen=True)
class NextStep:
    """The sentence and its button."""

    sentence: str
    label: str
    url: str


def next_step(
    *,
    name: str,
    now: datetime,
    today: date,
    slots: Sequence[Slot],
    sittings: Sequence[Sitting],
    works: Sequence[Work],
    studies: Sequence[Study],
    catalogue: str,
) -> NextStep:
    """A running exam first, then the lesson of today or tomorrow, an open exam, work that is due, a course to go on
    with, a lesson further away; with none of these the catalogue."""
    ahead = sorted((slot for slot in slots if slot.ends > now), key=lambda slot: slot.starts)
    near = [slot for slot in ahead if slot.starts.date() <= today + timedelta(days=1)]
    step = (
        _sitting([s for s in sittings if s.running])
        or _slot(near, now, today)
        or _sitting(sittings)
        or _work(works)
        or _study(studies)
        or _slot(ahead, now, today)
        or NextStep(_("目前没有安排。可以从课程目录里选一门课开始学习。"), _("浏览课程"), catalogue)
    )
    return NextStep(_("%(name)s，%(rest)s") % {"name": name, "rest": step.sentence}, step.label, step.url)


def _sitting(sittings: Sequence[Sitting]) -> NextStep | None:
    if not sittings:
        return None
    first = min(sittings, key=lambda sitting: sitting.until)
    words = {"title": first.title, "until": moment(first.until)}
    if first.running:
        return NextStep(_("《%(title)s》正在作答，%(until)s交卷") % words, _("继续作答"), first.url)
    return NextStep(_("《%(title)s》可以参加，%(until)s截止") % words, _("进入考试"), first.url)


def _slot(slots: Sequence[Slot], now: datetime, today: date) -> NextStep | None:
    if not slots:
        return None
    first = slots[0]
    words = {"when": _when(first, today), "room": first.room, "title": first.title, "end": clock_time(first.ends)}
    if first.starts <= now:
        now_here, now_somewhere = _("正在%(room)s上课：%(title)s，%(end)s结束"), _("正在上课：%(title)s，%(end)s结束")
        sentence = now_here if first.room else now_somewhere
    else:
        sentence = _("%(when)s 在%(room)s：%(title)s") if first.room else _("%(when)s：%(title)s")
    return NextStep(sentence % words, _("查看班级安排"), first.url)


def _when(slot: Slot, today: date) -> str:
    time = clock_time(slot.starts)
    if slot.starts.date() == today:
        return _("今天 %(time)s") % {"time": time}
    if slot.starts.date() == today + timedelta(days=1):
        return _("明天 %(time)s") % {"time": time}
    return f"{day_short(slot.starts)} {time}"


def _work(works: Sequence[Work]) -> NextStep | None:
    if not works:
        return None
    first = min(works, key=lambda work: work.due)
    words = {"title": first.title, "due": moment(first.due)}
    return NextStep(_("任务《%(title)s》请在%(due)s前提交") % words, _("去完成"), first.url)


def _study(studies: Sequence[Study]) -> NextStep | None:
    if not studies:
        return None
    first = studies[0]
    if not first.lesson:
        return NextStep(_("《%(title)s》还没有开始") % {"title": first.title}, _("开始学习"), first.url)
    words = {"title": first.title, "lesson": first.lesson}
    return NextStep(_("接着学《%(title)s》，上次学到“%(lesson)s”") % words, _("继续学习"), first.url)
