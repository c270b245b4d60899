"""The archive made ready for its template; the number of queries does not depend on how long it is."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.models import Grade, Seat, Submission
from certificates.models import Certificate, CompetencyReport
from cohorts.models import GraduationDecision, Membership, MembershipState
from competencies.models import Framework, Phase
from competencies.profiles import Profile
from competencies.reading import profile_of
from core import clock
from core.templatetags.linghang import day, hours
from people.models import Posting, User
from people.presenters import span
from people.ranks import Regime, regime_of
from portal.archive.competency import dimension_folds, profile_chart
from portal.archive.filters import OwnHoursFilter
from records.models import HourEntry
from records.presenters.hours import requirement_lines
from records.reading.hours import compliance_of

PER_PAGE = 20
STATES = {
    MembershipState.GRADUATED: "done",
    MembershipState.NOT_GRADUATED: "failed",
    MembershipState.WITHDRAWN: "failed",
    MembershipState.ABSENT: "failed",
    MembershipState.REGISTERED: "info",
    MembershipState.CONFIRMED: "waiting",
}


def archive_page(person: User, query: QueryDict, *, own: bool) -> dict[str, Any]:
    """The context of a person's archive."""
    today = clock.today()
    lines = list(lines_of(person))
    postings = list(Posting.objects.filter(user=person).select_related("unit").order_by("-starts_on", "-pk"))
    requirements = requirement_lines(compliance_of(person.pk, today), today)
    found = OwnHoursFilter(query, queryset=lines_of(person))
    profile = profile_of(person.pk) if Framework.objects.exists() else None
    return {
        "person": person,
        "own": own,
        "today": today,
        "post": postings[0].post if postings else "",
        "needs": [_need(line, lines, postings) for line in requirements],
        "filters": found,
        "page": _paged(found, query),
        "hour_rows": [hour_row(entry) for entry in _paged(found, query).object_list],
        "hour_columns": hour_columns(),
        "postings": [_posting_row(posting) for posting in postings],
        "posting_columns": _columns("单位", "职务", "层次与职级", "任职起止", "适用的应训要求"),
        "classes": class_rows(person),
        "class_columns": _columns("班次", "时间", "状态", "学时"),
        "results": result_rows(person, own=own),
        "result_columns": _columns("名称", "类型", "日期", "结果"),
        "certificates": certificate_items(person),
        "evidence_columns": _columns("指标", "证据", "阶段", "得分", "日期", "来源"),
        **_competency(profile),
    }


def _competency(profile: Profile | None) -> dict[str, Any]:
    if profile is None:
        return {"chart": None, "dimensions": []}
    return {"chart": profile_chart(profile), "dimensions": dimension_folds(profile)}


def lines_of(person: User) -> Any:
    """Every line with its reversal, newest first."""
    rows = HourEntry.objects.filter(user=person).select_related("rule", "unit", "reversed_by")
    return rows.order_by("-earned_on", "-pk")


def _paged(found: OwnHoursFilter, query: QueryDict) -> Any:
    if not hasattr(found, "_page"):
        found._page = Paginator(list(found.qs), PER_PAGE).get_page(query.get("page"))
    return found._page


def _columns(*labels: str) -> list[dict[str, Any]]:
    return [{"label": _(label), "number": label in ("天数", "学时")} for label in labels]


def hour_columns() -> list[dict[str, Any]]:
    return _columns("来源", "类别", "取得日期", "天数", "学时", "依据")


def hour_row(entry: HourEntry) -> list[Any]:
    """One credited line with what it rests on."""
    reversed_by = getattr(entry, "reversed_by", None)
    sub = _("已冲销：%(why)s") % {"why": reversed_by.label} if reversed_by else ""
    kinds = f"{entry.get_bucket_display()} · {entry.get_category_display()} · {entry.get_mode_display()}"
    return [
        {"text": entry.label, "sub": sub},
        kinds,
        {"text": day(entry.earned_on), "sub": entry.unit.name if entry.unit else ""},
        hours(entry.days),
        hours(entry.hours),
        basis_of(entry),
    ]


def basis_of(entry: HourEntry) -> str:
    if entry.rule:
        return _("学时规则：%(rule)s") % {"rule": entry.rule}
    return _("证明材料：%(no)s") % {"no": entry.evidence_no} if entry.evidence_no else _("冲销")


def _need(line: Any, entries: list[HourEntry], postings: list[Posting]) -> dict[str, Any]:
    """A requirement with the lines, the postings and the policy that it was reckoned from."""
    used = set(line.entries)
    return {
        "line": line,
        "rows": [hour_row(entry) for entry in entries if entry.pk in used],
        "postings": [f"{p.unit.name} {p.post}（{span(p.starts_on, p.ends_on)}）" for p in postings],
    }


def _posting_row(posting: Posting) -> list[Any]:
    words = filter(None, [str(posting.get_level_display()), str(posting.get_rank_display())])
    regime = Regime(regime_of(posting.level, posting.rank)).label
    return [posting.unit.name, posting.post, "，".join(words), span(posting.starts_on, posting.ends_on), str(regime)]


def class_rows(person: User) -> list[list[Any]]:
    """Every class with how it ended, newest first."""
    members = Membership.objects.filter(user=person).select_related("cohort").order_by("-cohort__starts_on", "-pk")
    decided = GraduationDecision.objects.filter(membership__user=person, closing__undone_at__isnull=True)
    decisions = {decision.membership_id: decision for decision in decided}
    return [_class_row(member, decisions.get(member.pk)) for member in members]


def _class_row(member: Membership, decision: GraduationDecision | None) -> list[Any]:
    cohort = member.cohort
    unmet = [c["label"] for c in decision.conditions if not c["met"]] if decision else []
    sub = _("未满足：%(names)s") % {"names": "、".join(unmet)} if unmet and not decision.granted else member.reason
    state = {"state": STATES[MembershipState(member.state)], "state_word": str(member.get_state_display()), "sub": sub}
    worth = hours(decision.hours) if decision and decision.granted else "—"
    return [cohort.full_title, f"{day(cohort.starts_on)}—{day(cohort.ends_on)}", state, worth]


def result_rows(person: User, *, own: bool) -> list[list[Any]]:
    """Released exams and graded tasks, newest first; one's own lead to their pages."""
    seats = Seat.objects.filter(user=person, exam__released_at__isnull=False).select_related("exam")
    tasks = Submission.objects.filter(user=person).exclude(grade="").select_related("task")
    rows = [(seat.exam.released_at, _exam_row(seat, own)) for seat in seats]
    rows += [(submission.task.due_at, _task_row(submission, own)) for submission in tasks]
    return [row for _when, row in sorted(rows, key=lambda pair: pair[0], reverse=True)]


def _exam_row(seat: Seat, own: bool) -> list[Any]:
    state, word = {True: ("done", _("通过")), False: ("failed", _("未通过")), None: ("failed", _("缺考"))}[seat.passed]
    word = _("成绩已取消") if seat.is_voided else word
    sub = "" if seat.percent is None else _("得分率 %(n)s%%，及格线 %(line)s%%") % {
        "n": hours(seat.percent), "line": hours(seat.exam.pass_percent),
    }  # fmt: skip
    url = reverse("assessments:exam", args=[seat.exam.public_id]) if own else ""
    if seat.exam.phase == Phase.PRE and seat.passed is not None:
        state, word, sub = "info", _("训前测试"), _("得分率 %(n)s%%") % {"n": hours(seat.percent)}
    cell = {"text": seat.exam.title, "url": url}
    return [cell, _("考试"), day(seat.exam.released_at), {"state": state, "state_word": word, "sub": sub}]


def _task_row(submission: Submission, own: bool) -> list[Any]:
    url = reverse("assessments:task", args=[submission.task.public_id]) if own else ""
    state = "failed" if submission.grade == Grade.FAIL else "done"
    cell = {"text": submission.task.title, "url": url}
    graded = {"state": state, "state_word": str(Grade(submission.grade).label)}
    return [cell, _("任务"), day(submission.task.due_at), graded]


def certificate_items(person: User) -> list[dict[str, Any]]:
    """Certificates and the newest version of each competency report."""
    certificates = Certificate.objects.without_file().filter(membership__user=person).order_by("-issued_on", "-pk")
    reports = CompetencyReport.objects.without_file().newest().filter(membership__user=person)
    items = [_certificate(certificate) for certificate in certificates]
    return items + [_report(report) for report in reports.select_related("membership__cohort").order_by("-made_at")]


def _certificate(certificate: Certificate) -> dict[str, Any]:
    return {
        "title": certificate.printed["class_name"],
        "sub": f"{_('结业证书')} {certificate.number}，{day(certificate.issued_on)}",
        "state": "done" if certificate.status == Certificate.Status.VALID else "failed",
        "state_word": str(certificate.get_status_display()),
        "action_label": _("下载"),
        "action_url": reverse("certificates:download", args=[certificate.public_id]),
    }


def _report(report: CompetencyReport) -> dict[str, Any]:
    words = {"n": report.version, "day": day(report.made_at)}
    return {
        "title": _("能力报告：%(title)s") % {"title": report.membership.cohort.full_title},
        "sub": _("第%(n)s版，%(day)s发布") % words,
        "action_label": _("查看"),
        "action_url": reverse("certificates:report", args=[report.public_id]),
    }
