"""New versions of the hour rule and of the requirements: drafts, previews, in force, never changed."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from core import jobs
from core.errors import Conflict, DomainError
from people.models import Unit
from records import services
from records.models import CountingCap, HourRule, HourRuleDraft, PolicyDraft, RequirementLine, RequirementPolicy
from records.reading.hours import compliance_of, hour_rule_on, policy_on
from records.services import previewing
from records.services.previewing import order_preview
from records.services.versions import CAP_TERMS, HOUR_TERMS, LINE_TERMS, POLICY_TERMS
from tests.factories import cohorts as classes
from tests.factories import hours
from tests.factories.people import PostingFactory, UserFactory

pytestmark = pytest.mark.django_db
JUNIOR = {"level": "township_head", "rank": "principal_1"}
NEXT = date(2027, 1, 1)


def words(response) -> str:
    text = re.sub(r"<(script|style|template).*?</\1>", " ", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


@pytest.fixture
def office(personas, reference, frozen_clock):
    return personas["training_office"]


@pytest.fixture
def bureau(office):
    """The training office of a unit that is not a top one."""
    return UserFactory(role="training_office", unit=Unit.objects.get(code="YS-SJ"))


def hour_values(draft, **changes):
    return {**{name: getattr(draft, name) for name in HOUR_TERMS}, "revision": draft.revision, **changes}


def policy_values(draft, *, lines=None, caps=(), **changes):
    kept = [{name: getattr(line, name) for name in LINE_TERMS} for line in draft.lines.all()]
    head = {name: getattr(draft, name) for name in POLICY_TERMS}
    return {**head, "revision": draft.revision, "lines": lines or kept, "caps": list(caps), **changes}


CAP = {"bucket": "central", "category": "", "mode": "centre_group", "max_hours": Decimal(20), "max_days": None}
assert set(CAP) == set(CAP_TERMS)


# The hour rule.


def test_a_draft_begins_as_the_newest_version_on_the_next_new_years_day(office):
    draft = services.start_hour_draft(actor=office)
    assert (draft.hours_per_day, draft.effective_from) == (8, NEXT)
    assert services.start_hour_draft(actor=office).pk == draft.pk  # one at a time


def test_a_version_in_force_counts_from_its_day_and_no_line_is_rewritten(office):
    draft = services.start_hour_draft(actor=office)
    draft = services.save_hour_draft(actor=office, **hour_values(draft, hours_per_day=6, hours_per_half_day=3))
    rule = services.put_hour_rule_in_force(actor=office, revision=draft.revision)
    assert (rule.version, rule.hours_per_day) == (2, 6) and not HourRuleDraft.objects.exists()
    assert hour_rule_on(date(2026, 12, 31)).version == 1 and hour_rule_on(NEXT).version == 2


@pytest.mark.parametrize("model", [HourRule, RequirementPolicy, RequirementLine, CountingCap])
def test_the_database_refuses_to_change_or_drop_a_version(office, model):
    draft = services.start_policy_draft(actor=office)
    draft = services.save_policy_draft(actor=office, **policy_values(draft, caps=[CAP]))
    services.put_policy_in_force(actor=office, revision=draft.revision)
    field = {"RequirementLine": "min_hours", "CountingCap": "max_hours"}.get(model.__name__, "version")
    for act in (lambda: model.objects.update(**{field: 77}), lambda: model.objects.all()._raw_delete("default")):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            act()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"effective_from": date(2023, 1, 1)}, "须晚于第1版的生效日期（2023年1月1日）"),
        ({"effective_from": date(2026, 9, 13)}, "生效日期不能早于今天"),
        ({"online_half_minutes": 30}, "应小于"),
        ({"hours_per_half_day": Decimal(9)}, "半天的学时不能多于一天的学时"),
    ],
)
def test_an_impossible_rule_is_refused_in_words_and_the_draft_stays(office, changes, sentence):
    draft = services.start_hour_draft(actor=office)
    with pytest.raises(DomainError, match=sentence):
        services.save_hour_draft(actor=office, **hour_values(draft, **changes))
    assert HourRuleDraft.objects.get().revision == 1


def test_of_two_editors_the_later_is_told(office):
    draft = services.start_hour_draft(actor=office)
    services.save_hour_draft(actor=office, **hour_values(draft, name="甲"))
    with pytest.raises(Conflict):
        services.save_hour_draft(actor=office, **hour_values(draft, name="乙"))
    with pytest.raises(Conflict):
        services.put_hour_rule_in_force(actor=office, revision=draft.revision)
    assert HourRuleDraft.objects.get().name == "甲" and HourRule.objects.count() == 1


def test_only_the_office_of_a_top_unit_writes_rules(office, bureau, signed_in):
    with pytest.raises(DomainError, match="最上级单位的培训处"):
        services.start_hour_draft(actor=bureau)
    page = words(signed_in(bureau).get(reverse("records:rules")))
    assert "学时折算" in page and "修订学时规则" not in page
    services.start_hour_draft(actor=office)
    assert signed_in(bureau).get(reverse("records:hour-draft")).status_code in (302, 403)
    assert "修订学时规则" in words(signed_in(office).get(reverse("records:rules")))


def test_the_editor_shows_what_would_be_different_and_which_classes_keep_their_version(office, signed_in):
    classes.CohortFactory(host=Unit.objects.get(code="YS"), starts_on=date(2027, 1, 4), ends_on=date(2027, 1, 8))
    draft = services.start_hour_draft(actor=office)
    services.save_hour_draft(
        actor=office,
        **hour_values(draft, hours_per_day=6, hours_per_half_day=3, online_full_hours=Decimal(2)),
    )
    page = words(signed_in(office).get(reverse("records:hour-draft")))
    assert "5 天脱产班 5 天，40 学时 5 天，30 学时" in page
    assert "2027年 3 天，24 学时；2028年 2 天，16 学时 2027年 3 天，18 学时；2028年 2 天，12 学时" in page
    assert "网络课时 30 分 0 秒 1 2" in page and "网络课时 29 分 59 秒 0.5 不变" in page
    assert "有 1 个已建立的班次在2027年1月1日（含）以后开班" in page and "第1版" in page


def test_a_rule_is_written_and_put_in_force_through_its_pages(office, signed_in):
    browser = signed_in(office)
    assert browser.post(reverse("records:hour-draft-start")).status_code == 302
    sent = {name: str(value) for name, value in hour_values(HourRuleDraft.objects.get(), hours_per_day=6).items()}
    bad = browser.post(reverse("records:hour-draft"), sent | {"hours_per_day": "八"})
    assert bad.status_code == 422 and "每天学时请填写数字" in words(bad)
    assert browser.post(reverse("records:hour-draft"), sent).status_code == 302
    asked = browser.get(reverse("records:hour-draft-put"))
    assert "施行后不能修改" in words(asked) and HourRule.objects.count() == 1
    assert browser.post(reverse("records:hour-draft-put"), {"revision": "1"}).status_code == 302
    assert HourRule.objects.count() == 1  # the draft was changed since revision 1
    browser.post(reverse("records:hour-draft-put"), {"revision": "2"})
    assert HourRule.objects.get(version=2).hours_per_day == 6
    browser.post(reverse("records:hour-draft-put"), {"revision": "2"})  # the second click of a double click
    assert HourRule.objects.count() == 2


def test_a_dropped_draft_leaves_what_is_in_force(office, signed_in):
    services.start_policy_draft(actor=office)
    signed_in(office).post(reverse("records:draft-drop", args=["policy"]))
    assert not PolicyDraft.objects.exists() and RequirementPolicy.objects.count() == 1


# The requirements.


@pytest.fixture
def people(office):
    """One junior with 60 hours this year, one with 100, one senior with nothing."""
    unit = Unit.objects.get(code="YS-SF")
    found = []
    for number, worth in ((1, "60"), (2, "100")):
        person = UserFactory(unit=unit, name=f"乡科{number}", work_number=f"K{number:03d}")
        PostingFactory(user=person, **JUNIOR)
        hours.line(person, days=Decimal(1), hours=Decimal(worth))
        found.append(person)
    senior = UserFactory(unit=unit, name="县处", work_number="K003")
    PostingFactory(user=senior)
    return [*found, senior]


def stricter(draft, hours_wanted):
    lines = policy_values(draft)["lines"]
    return [
        line | {"min_hours": Decimal(hours_wanted)}
        if line["regime"] == "junior" and line["bucket"] == "central"
        else line
        for line in lines
    ]


@pytest.mark.parametrize(("wanted", "to_short", "to_met"), [("120", 1, 0), ("50", 0, 1), ("90", 0, 0)])
def test_the_preview_counts_who_would_move_and_opens_to_them(office, people, signed_in, wanted, to_short, to_met):
    draft = services.start_policy_draft(actor=office)
    draft = services.save_policy_draft(actor=office, **policy_values(draft, lines=stricter(draft, wanted)))
    browser = signed_in(office)
    browser.post(reverse("records:policy-preview"))
    page = browser.get(reverse("records:policy-draft"))
    (row,) = [m for m in page.context["moves"] if m.bucket == "集中培训" and "乡科级" in m.regime]
    assert (row.to_short, row.to_met) == (to_short, to_met)
    for url, count, name in ((row.to_short_url, to_short, "乡科2"), (row.to_met_url, to_met, "乡科1")):
        assert (name in words(browser.get(url))) is bool(count)
    assert compliance_of(people[1].pk, date(2026, 9, 14))[0].met  # nothing changed for anybody


def test_a_preview_of_many_people_is_a_job(office, people, monkeypatch):
    monkeypatch.setattr(previewing, "CHUNK", 2)
    draft = services.start_policy_draft(actor=office)
    preview = order_preview(actor=office, draft=draft)
    assert preview.done_at is None and preview.job.kind == "records.policy_preview"
    jobs.run_now(preview.job)
    preview.refresh_from_db()
    preview.job.refresh_from_db()
    assert preview.done_at and preview.job.state == "done"
    assert preview.rows.filter(user__in=people).count() == 2 * len(people)


def test_a_preview_whose_draft_was_changed_meanwhile_fails_in_words(office, people, monkeypatch):
    monkeypatch.setattr(previewing, "CHUNK", 2)
    draft = services.start_policy_draft(actor=office)
    preview = order_preview(actor=office, draft=draft)
    services.save_policy_draft(actor=office, **policy_values(draft))
    jobs.run_now(preview.job)
    preview.job.refresh_from_db()
    assert preview.job.state == "failed" and "请重新预览" in preview.job.error


def test_caps_and_carry_of_a_version_count_from_its_day(office, people, at):
    draft = services.start_policy_draft(actor=office)
    lines = [
        line | {"carry_years": 1} if line["regime"] == "junior" and line["bucket"] == "central" else line
        for line in policy_values(draft)["lines"]
    ]
    values = policy_values(draft, lines=lines, caps=[CAP], carry_from_year=2026)
    draft = services.save_policy_draft(actor=office, **values)
    services.put_policy_in_force(actor=office, revision=draft.revision)
    assert policy_on(date(2026, 12, 31)).caps == ()
    found = policy_on(NEXT)
    assert (found.version, found.caps[0].max_hours, found.carry_from) == (2, 20, 2026)
    with at(2027, 3, 1, 9):
        result = next(r for r in compliance_of(people[1].pk, date(2027, 3, 1)) if r.bucket == "central")
    assert [(c.from_year, c.hours) for c in result.carried] == [(2026, 10)]


@pytest.mark.parametrize(
    ("lines", "caps", "changes", "sentence"),
    [
        ([], [], {}, "请至少保留一项要求"),
        ("twice", [], {}, "只能有一项要求"),
        ("empty", [], {}, "至少填写学时、天数、月数中的一种"),
        ("rolling", [], {"carry_from_year": 2026}, "只有按自然年度的要求可以结转"),
        ("carry", [], {}, "请填写自哪一年度起结转"),
        ("plan", [], {"plan_from": None, "plan_to": None}, "请填写规划周期的起止日期"),
        (None, [CAP, CAP], {}, "只能有一条上限"),
        (None, [CAP | {"mode": ""}], {}, "上限须指明培训类别或培训方式"),
        (None, [], {"plan_to": date(2020, 1, 1)}, "结束不能早于开始"),
    ],
)
def test_an_impossible_policy_is_refused_in_words(office, lines, caps, changes, sentence):
    draft = services.start_policy_draft(actor=office)
    kept = policy_values(draft)["lines"]
    first = next(line for line in kept if line["window"] == "year")
    said = {
        "twice": [first, first],
        "empty": [first | {"min_hours": None, "min_days": None}],
        "rolling": [first | {"window": "rolling_5", "carry_years": 1}],
        "carry": [first | {"carry_years": 1}],
        "plan": [first | {"window": "plan"}],
    }
    values = policy_values(draft, caps=caps, **changes) | {"lines": said.get(lines, kept) if lines != [] else []}
    with pytest.raises(DomainError, match=sentence):
        services.save_policy_draft(actor=office, **values)
    assert PolicyDraft.objects.get().revision == 1


def formset(prefix, rows, first):
    sent = {f"{prefix}-TOTAL_FORMS": str(len(rows)), f"{prefix}-INITIAL_FORMS": str(first)}
    for n, row in enumerate(rows):
        sent |= {f"{prefix}-{n}-{name}": "" if value is None else str(value) for name, value in row.items()}
    return sent


def test_a_policy_is_written_through_its_page_and_spare_rows_say_nothing(office, signed_in):
    draft = services.start_policy_draft(actor=office)
    browser = signed_in(office)
    page = browser.get(reverse("records:policy-draft"))
    assert "11 天，90 学时" in words(page)
    values = policy_values(draft)
    spare = {"regime": "senior", "bucket": "central", "window": "year", "days_per_month": "30", "carry_years": "0",
             "certainty": "V"}  # fmt: skip
    lines = [*values["lines"], spare]
    lines[0] = lines[0] | {"min_hours": Decimal(600)}
    lines[-2] = lines[-2] | {"DELETE": "on"}
    head = {name: "" if values[name] is None else str(values[name]) for name in (*POLICY_TERMS, "revision")}
    sent = head | formset("lines", lines, len(lines) - 1) | formset("caps", [CAP], 0)
    assert browser.post(reverse("records:policy-draft"), sent).status_code == 302
    draft.refresh_from_db()
    assert draft.lines.count() == len(values["lines"]) - 1 and draft.lines.first().min_hours == 600
    assert draft.caps.get().max_hours == 20
    stale = browser.post(reverse("records:policy-draft"), sent)
    assert stale.status_code == 422 and "刚被他人修改" in words(stale)
