"""The figures of evaluations as words and rows, for pages and workbooks alike."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from assessments.reading.survey_results import Result
from assessments.rules.surveying import FEWEST
from cohorts.presenters.figures import plain
from core.spreadsheets.writer import ColumnSpec, SheetSpec
from core.templatetags.linghang import moment


def rate_words(result: Result) -> str:
    """12 / 30（40%）: those who answered of those who were asked."""
    return _("%(answered)s / %(invited)s 人（%(rate)s%%）") % {
        "answered": result.answered,
        "invited": result.invited,
        "rate": plain(result.rate),
    }


def hidden_words(result: Result) -> str:
    """Why no figures are shown; empty where they are."""
    if not result.is_closed:
        return _("截止后显示")
    return "" if result.tally else _("不足 %(n)s 份，不显示") % {"n": FEWEST}


def score_words(result: Result) -> str:
    """92.4 分（满分 100 分）, or why it is not shown."""
    if result.tally is None:
        return hidden_words(result)
    return _("%(mean)s 分（满分 %(full)s 分）") % {"mean": result.tally.mean, "full": result.tally.full}


def state_of(result: Result) -> dict[str, str]:
    if result.is_upcoming:
        return {"state": "waiting", "state_word": _("未开始")}
    return (
        {"state": "done", "state_word": _("已截止")}
        if result.is_closed
        else {"state": "info", "state_word": _("填写中")}
    )


def window_words(result: Result) -> str:
    survey = result.survey
    return _("%(opens)s 至 %(closes)s") % {"opens": moment(survey.opens_at), "closes": moment(survey.closes_at)}


def columns() -> list[dict[str, Any]]:
    names = (_("课程"), _("状态"), _("回收率"), _("平均分"), _("等次"))
    return [{"label": name} for name in names]


def row(result: Result, url: str) -> list[dict[str, Any]]:
    """A line of the table of evaluations."""
    grade = result.tally.grade if result.tally else "—"
    return [
        {"text": result.survey.title, "url": url, "sub": result.survey.subject},
        {"text": "", **state_of(result), "sub": window_words(result)},
        {"text": rate_words(result)},
        {"text": score_words(result)},
        {"text": _(grade)},
    ]


def about(result: Result) -> dict[str, Any]:
    """Everything of one evaluation that may be shown."""
    figures = result.tally
    return {
        "survey": result.survey,
        "rate": rate_words(result),
        "percent": f"{plain(result.rate)}%",
        "people": _("%(answered)s / %(invited)s 人") % {"answered": result.answered, "invited": result.invited},
        "window": window_words(result),
        **state_of(result),
        "hidden": hidden_words(result),
        "mean": str(figures.mean) if figures else "",
        "full": figures.full if figures else 0,
        "grade": _(figures.grade) if figures else "",
        "score_rows": [[_(s.label), f"{s.mean}", str(s.points)] for s in figures.scores] if figures else [],
        "grade_rows": [[_(label), str(n), share(n, figures.answers)] for label, n in figures.grades] if figures else [],
        "score_columns": _columns(_("指标"), _("平均分"), _("满分")),
        "grade_columns": _columns(_("等次"), _("份数"), _("占比")),
        "comments": result.comments,
    }


def _columns(first: str, *numbers: str) -> list[dict[str, Any]]:
    return [{"label": first}, *({"label": label, "number": True} for label in numbers)]


def share(part: int, whole: int) -> str:
    return f"{round(part * 100 / whole)}%" if whole else "—"


def sheets(results: Iterable[Result]) -> list[SheetSpec]:
    """The workbook: figures on one sheet, what was written on the other; hidden is hidden here as well."""
    rows = list(results)
    labels = [i["label"] for i in rows[-1].survey.questionnaire.indicators] if rows else []
    grades = [g["label"] for g in rows[-1].survey.questionnaire.grades] if rows else []
    heading = [
        ColumnSpec(_("课程"), width=40), ColumnSpec(_("教师和时间"), width=28), ColumnSpec(_("起止时间"), width=36),
        _("受邀人数"), _("已提交份数"), _("回收率（%）"), _("平均分（百分制合计）"), _("等次"),
        *[_("%(name)s平均分") % {"name": _(name)} for name in labels],
        *[_("%(name)s份数") % {"name": _(name)} for name in grades],
    ]  # fmt: skip
    note = _("回收率 = 已提交 ÷ 受邀；截止前和不足 %(n)s 份的不显示得分和意见。") % {"n": FEWEST}
    said = [(r.survey.title, r.survey.subject, comment) for r in rows for comment in r.comments]
    return [
        SheetSpec(_("教学评估"), heading, [_sheet_row(r, len(labels), len(grades)) for r in rows], note=note),
        SheetSpec(_("意见和建议"), [_("课程"), _("教师和时间"), ColumnSpec(_("意见和建议"), width=48)], said),
    ]


def _sheet_row(result: Result, indicators: int, grades: int) -> list[Any]:
    survey, figures = result.survey, result.tally
    facts = [survey.title, survey.subject, window_words(result), result.invited, result.answered, float(result.rate)]
    if figures is None:
        return [*facts, hidden_words(result), *[""] * (1 + indicators + grades)]
    means = [float(s.mean) for s in figures.scores]
    return [*facts, float(figures.mean), _(figures.grade), *means, *[n for _label, n in figures.grades]]
