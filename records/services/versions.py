"""New versions of the hour rule and of the requirements: written as a draft, put in force, never changed again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from core import clock
from core.errors import Conflict, DomainError
from core.templatetags.linghang import day
from records.models import (
    CountingCap,
    HourRule,
    HourRuleDraft,
    HourTerms,
    PolicyDraft,
    PolicyDraftCap,
    PolicyDraftLine,
    PolicyTerms,
    RequirementLine,
    RequirementPolicy,
    Window,
)
from records.models.rules import CapTerms, LineTerms
from records.permissions import keeps_rules

Version = HourRule | RequirementPolicy
AnyDraft = HourRuleDraft | PolicyDraft


def _terms(base: type[models.Model]) -> list[str]:
    return [field.name for field in base._meta.get_fields()]


HOUR_TERMS, POLICY_TERMS = _terms(HourTerms), _terms(PolicyTerms)
LINE_TERMS, CAP_TERMS = _terms(LineTerms), _terms(CapTerms)


def _copied(row: models.Model, names: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _require_keeper(actor: Any) -> None:
    if not keeps_rules(actor):
        raise DomainError(_("学时规则和应训要求对全体干部适用，由最上级单位的培训处修订。"), code="forbidden")


def _newest(model: type[Version]) -> Version:
    found = model.objects.order_by("-version").first()
    if found is None:
        raise DomainError(_("还没有载入第一版，请系统管理员先运行 load_reference。"))
    return found


def first_day_for(newest: Version) -> date:
    """The first New Year's Day on which a following version may begin."""
    return date(max(clock.today(), newest.effective_from).year + 1, 1, 1)


@transaction.atomic
def start_hour_draft(*, actor: Any) -> HourRuleDraft:
    """A draft that says what the newest version says; where one is being written, that one."""
    _require_keeper(actor)
    newest = _newest(HourRule)
    values = {**_copied(newest, HOUR_TERMS), "effective_from": first_day_for(newest), "changed_by": actor}
    draft, made = HourRuleDraft.objects.get_or_create(slot=1, defaults={**values, "changed_at": clock.now()})
    if made:
        log(draft, "records.rule.draft", user=actor)
    return draft


@transaction.atomic
def start_policy_draft(*, actor: Any) -> PolicyDraft:
    """A draft with the lines and caps of the newest version; where one is being written, that one."""
    _require_keeper(actor)
    newest = _newest(RequirementPolicy)
    values = {**_copied(newest, POLICY_TERMS), "effective_from": first_day_for(newest), "changed_by": actor}
    draft, made = PolicyDraft.objects.get_or_create(slot=1, defaults={**values, "changed_at": clock.now()})
    if made:
        _write(draft, PolicyDraftLine, [_copied(line, LINE_TERMS) for line in newest.lines.all()])
        _write(draft, PolicyDraftCap, [_copied(cap, CAP_TERMS) for cap in newest.caps.all()])
        log(draft, "records.policy.draft", user=actor)
    return draft


def _write(owner: models.Model, model: type[models.Model], rows: Sequence[Mapping[str, Any]]) -> None:
    model._default_manager.bulk_create(model(policy=owner, **row) for row in rows)


@transaction.atomic
def save_hour_draft(*, actor: Any, revision: int, **values: Any) -> HourRuleDraft:
    """Change the draft; Conflict when somebody changed it since ``revision`` was read."""
    _require_keeper(actor)
    _check_hours(values)
    draft = _saved(HourRuleDraft, actor, revision, values)
    _check_day(draft)
    return draft


def _saved(model: type[AnyDraft], actor: Any, revision: int, values: Mapping[str, Any]) -> Any:
    changed = model.objects.filter(slot=1, revision=revision).update(
        **values, revision=F("revision") + 1, changed_by=actor, changed_at=clock.now()
    )
    if not changed:
        raise Conflict(_("草稿刚被他人修改、施行或放弃，您的修改没有写入。请刷新后再改。"))
    return model.objects.get(slot=1)


def _check_hours(values: Mapping[str, Any]) -> None:
    if values["online_half_minutes"] >= values["online_full_minutes"]:
        raise DomainError(_("“计短课学时的分钟数上限”应小于“计满学时的分钟数”。"))
    if values["hours_per_half_day"] > values["hours_per_day"]:
        raise DomainError(_("半天的学时不能多于一天的学时。"))


def _check_day(draft: AnyDraft) -> None:
    """A version begins after those in force, and not in the past: what was reckoned stays as it is."""
    newest = _newest(HourRule if isinstance(draft, HourRuleDraft) else RequirementPolicy)
    if draft.effective_from <= newest.effective_from:
        words = {"n": newest.version, "day": day(newest.effective_from)}
        raise DomainError(_("生效日期须晚于第%(n)s版的生效日期（%(day)s）。") % words)
    if draft.effective_from < clock.today():
        raise DomainError(_("生效日期不能早于今天，已经计算的学时不因修订而改变。"))


@transaction.atomic
def save_policy_draft(
    *, actor: Any, revision: int, lines: Sequence[Mapping[str, Any]], caps: Sequence[Mapping[str, Any]], **values: Any
) -> PolicyDraft:
    """Change the draft with all its lines and caps; Conflict when somebody changed it since ``revision`` was read."""
    _require_keeper(actor)
    _check_lines(lines, values)
    _check_caps(caps)
    draft: PolicyDraft = _saved(PolicyDraft, actor, revision, values)
    _check_day(draft)
    for model, rows in ((PolicyDraftLine, lines), (PolicyDraftCap, caps)):
        model._default_manager.filter(policy=draft).delete()
        _write(draft, model, rows)
    return draft


def _check_lines(lines: Sequence[Mapping[str, Any]], values: Mapping[str, Any]) -> None:
    if not lines:
        raise DomainError(_("请至少保留一项要求。"))
    if len({(x["regime"], x["bucket"], x["window"]) for x in lines}) < len(lines):
        raise DomainError(_("同一对象、同一学时类别、同一期限只能有一项要求，请合并。"))
    plan_from, plan_to = values.get("plan_from"), values.get("plan_to")
    if (plan_from is None) != (plan_to is None) or (plan_from and plan_to and plan_to < plan_from):
        raise DomainError(_("规划周期的开始和结束日期须同时填写，结束不能早于开始。"))
    if plan_from is None and any(x["window"] == Window.PLAN for x in lines):
        raise DomainError(_("有按规划周期的要求，请填写规划周期的起止日期。"))
    for line in lines:
        _check_line(line, values)


def _check_line(line: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    if not any(line.get(name) is not None for name in ("min_hours", "min_days", "min_months")):
        raise DomainError(_("每项要求至少填写学时、天数、月数中的一种。"))
    if not line.get("carry_years"):
        return
    if line["window"] != Window.YEAR:
        raise DomainError(_("只有按自然年度的要求可以结转超出部分。"))
    if line.get("min_hours") is None and line.get("min_days") is None:
        raise DomainError(_("结转按学时或天数计算，请填写其中一种。"))
    if values.get("carry_from_year") is None:
        raise DomainError(_("有结转的要求，请填写自哪一年度起结转。"))


def _check_caps(caps: Sequence[Mapping[str, Any]]) -> None:
    if len({(x["bucket"], x["category"], x["mode"]) for x in caps}) < len(caps):
        raise DomainError(_("同一学时类别、培训类别、培训方式只能有一条上限，请合并。"))
    if any(not (x["category"] or x["mode"]) for x in caps):
        raise DomainError(_("上限须指明培训类别或培训方式。"))


@transaction.atomic
def drop_draft(*, actor: Any, draft: AnyDraft) -> None:
    """Give the draft up; nothing that is in force changes."""
    _require_keeper(actor)
    gone = type(draft).objects.filter(pk=draft.pk, revision=draft.revision)
    if not gone.exists():
        raise Conflict(_("草稿刚被他人修改、施行或放弃，请刷新后查看。"))
    log(draft, "records.draft.drop", user=actor, data={"name": draft.name})
    gone.delete()


@transaction.atomic
def put_hour_rule_in_force(*, actor: Any, revision: int) -> HourRule:
    """Make the draft the next version of the hour rule; Conflict when it is not the draft that was shown."""
    _require_keeper(actor)
    draft = _taken(HourRuleDraft, revision)
    rule = HourRule(version=_newest(HourRule).version + 1, **_copied(draft, HOUR_TERMS))
    _put(rule)
    draft.delete()
    log(rule, "records.rule.in_force", user=actor, data=_said(rule))
    return rule


@transaction.atomic
def put_policy_in_force(*, actor: Any, revision: int) -> RequirementPolicy:
    """Make the draft the next version of the requirements, with its lines and caps."""
    _require_keeper(actor)
    draft = _taken(PolicyDraft, revision)
    policy = RequirementPolicy(version=_newest(RequirementPolicy).version + 1, **_copied(draft, POLICY_TERMS))
    _put(policy)
    _write(policy, RequirementLine, [_copied(line, LINE_TERMS) for line in draft.lines.all()])
    _write(policy, CountingCap, [_copied(cap, CAP_TERMS) for cap in draft.caps.all()])
    draft.delete()
    log(policy, "records.policy.in_force", user=actor, data=_said(policy))
    return policy


def _taken(model: type[AnyDraft], revision: int) -> Any:
    """The draft, claimed for this transaction: of two who act at once, the later finds it changed."""
    if not model.objects.filter(slot=1, revision=revision).update(revision=F("revision") + 1):
        raise Conflict(_("草稿刚被他人修改、施行或放弃，请刷新后查看。"))
    draft = model.objects.get(slot=1)
    _check_day(draft)
    return draft


def _put(version: Version) -> None:
    try:
        with transaction.atomic():
            version.save(force_insert=True)
    except IntegrityError as taken:
        raise Conflict(_("刚有另一版施行，请刷新后查看。")) from taken


def _said(version: Version) -> dict[str, Any]:
    return {"version": version.version, "day": day(version.effective_from)}
