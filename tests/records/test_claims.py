"""Claims of hours earned elsewhere: unit, office, credited once; refused and handed in again; duplicates; who reads."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse

from core.errors import Conflict, DomainError
from core.models import Notice
from people.models import PersonalFileRead, RoleGrant, Unit
from records import services
from records.models import ClaimDecision, HourClaim, HourEntry
from records.rules.duplicates import Training, matches, similar
from tests.factories import hours, leave
from tests.factories.people import PostingFactory, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db
D = Decimal


def words(response) -> str:
    text = re.sub(r"<(script|style|template).*?</\1>", " ", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def opened(response) -> bytes:
    """The bytes of a file that was handed out."""
    assert response.status_code == 200
    return b"".join(response.streaming_content)


@pytest.fixture
def office(personas, reference, frozen_clock):
    return personas["training_office"]


@pytest.fixture
def admin(personas, office):
    return personas["unit_admin"]


@pytest.fixture
def cadre(personas, office):
    person = personas["trainee"]
    if not person.postings.exists():
        PostingFactory(user=person, level="township_head", rank="principal_1")
    return person


def accept(actor, claim, step, **more):
    return services.decide_claim(actor=actor, claim=claim, step=step, accepted=True, **more)


def refuse(actor, claim, step, reason="材料看不清"):
    return services.decide_claim(actor=actor, claim=claim, step=step, accepted=False, reason=reason)


# The way of a claim.


def test_a_claim_goes_to_the_unit_then_to_the_office_and_is_credited_once(office, admin, cadre):
    claim = hours.claim(cadre, certificate_no="省党校结字〔2026〕第3号")
    assert claim.state == "unit" and not HourEntry.objects.exists()
    accept(admin, claim, "unit")
    assert claim.state == "office" and not HourEntry.objects.exists()
    accept(office, claim, "office")
    entry = HourEntry.objects.get()
    assert (entry.user, entry.hours, entry.days, entry.earned_on) == (cadre, 24, 3, date(2026, 5, 14))
    assert (entry.evidence_no, entry.source_key) == ("省党校结字〔2026〕第3号", f"claim:{claim.public_id}")
    assert claim.state == "credited" and claim.entry == entry
    with pytest.raises(Conflict):
        accept(office, claim, "office")
    assert HourEntry.objects.count() == 1 and claim.decisions.count() == 2


def test_the_office_may_credit_fewer_hours_with_a_reason(office, admin, cadre):
    claim = hours.claim(cadre)
    accept(admin, claim, "unit")
    with pytest.raises(DomainError, match="请写明理由"):
        accept(office, claim, "office", hours=D(16), days=D(2))
    with pytest.raises(DomainError, match="不能多于申报的"):
        accept(office, claim, "office", hours=D(25))
    with pytest.raises(DomainError, match="请选择“不予认定”"):
        accept(office, claim, "office", hours=D(0), days=D(0), reason="无")
    accept(office, claim, "office", hours=D(16), days=D(2), reason="第三天为参观")
    entry = HourEntry.objects.get()
    assert (entry.hours, entry.days) == (16, 2) and claim.hours == 24
    assert claim.decisions.get(step="office").reason == "第三天为参观"
    assert entry.evidence_no == f"SB20260914-{claim.pk}"


def test_the_unit_says_yes_or_no_and_lowers_nothing(admin, cadre):
    with pytest.raises(DomainError, match="由培训处认定"):
        accept(admin, hours.claim(cadre), "unit", hours=D(8), reason="少一天")


def test_a_refusal_needs_a_reason_and_a_new_claim_follows_the_old_one(office, admin, cadre, signed_in):
    first = hours.claim(cadre)
    with pytest.raises(DomainError, match="请写明不予认定的理由"):
        refuse(admin, first, "unit", " ")
    refuse(admin, first, "unit", "请上传盖章页")
    again = hours.claim(cadre, follows=first, hours=D(20))
    with pytest.raises(Conflict, match="已经重新提交过"):
        hours.claim(cadre, follows=first)
    accept(admin, again, "unit")
    refuse(office, again, "office", "课程表不全")
    third = hours.claim(cadre, follows=again)
    page = words(signed_in(cadre).get(reverse("records_own:claim", args=[third.public_id])))
    assert page.index("请上传盖章页") < page.index("申报 3 天，20 学时") < page.index("课程表不全")


def test_what_was_credited_by_mistake_is_reversed_by_a_line_and_the_cadre_learns_of_it(
    office, admin, cadre, signed_in
):  # fmt: skip
    claim = hours.claim(cadre)
    accept(admin, claim, "unit")
    accept(office, claim, "office")
    browser, url = signed_in(office), reverse("records:claim-reverse", args=[claim.public_id])
    assert "认定有误，冲销这笔学时" in words(browser.get(reverse("records:claim", args=[claim.public_id])))
    assert browser.post(url, {"reason": " "}).status_code == 422
    signed_in(admin).post(url, {"reason": "误"})
    assert HourEntry.objects.filter(user=cadre).count() == 1, "the office's alone"
    page = words(browser.post(url, {"reason": "与四月的班重复"}, follow=True))
    assert "已更正冲销" in page and "冲销：与四月的班重复" in page and "认定有误" not in page
    line, back = HourEntry.objects.filter(user=cadre).order_by("pk")
    assert back.reverses == line and (back.days, back.hours) == (-line.days, -line.hours)
    assert (back.recorded_by, HourEntry.objects.standing().filter(user=cadre).count()) == (office, 0)
    assert Notice.objects.filter(recipient=cadre, title="您已认定的学时有更正").count() == 1
    own = words(signed_in(cadre).get(reverse("records_own:claim", args=[claim.public_id])))
    assert "冲销：与四月的班重复" in own and "补充后重新提交" in own
    claim.refresh_from_db()
    with pytest.raises(Conflict):
        services.reverse_claim(actor=office, claim=claim, reason="再来")
    assert HourEntry.objects.filter(user=cadre).count() == 2
    hours.claim(cadre, follows=claim)


def test_nobody_reverses_the_own_hours_or_beyond_their_reach(office, admin, cadre):
    claim = hours.claim(cadre)
    accept(admin, claim, "unit")
    accept(office, claim, "office")
    for actor in (cadre, admin, UserFactory(role="training_office", unit=UnitFactory())):
        with pytest.raises(DomainError):
            services.reverse_claim(actor=actor, claim=claim, reason="误")


def test_only_what_was_refused_or_withdrawn_is_handed_in_again_and_by_oneself(office, cadre, personas):
    open_claim = hours.claim(cadre)
    with pytest.raises(DomainError, match="只有不予认定、已撤回或已冲销"):
        hours.claim(cadre, follows=open_claim)
    services.withdraw_claim(actor=cadre, claim=open_claim)
    with pytest.raises(DomainError, match="只有不予认定、已撤回或已冲销"):
        hours.claim(personas["other_trainee"], follows=open_claim)


def test_a_withdrawn_claim_cannot_be_decided_and_a_decided_one_not_withdrawn(office, admin, cadre):
    claim = hours.claim(cadre)
    services.withdraw_claim(actor=cadre, claim=claim)
    with pytest.raises(Conflict):
        accept(admin, claim, "unit")
    other = hours.claim(cadre, title="另一个班")
    refuse(admin, other, "unit")
    with pytest.raises(Conflict):
        services.withdraw_claim(actor=cadre, claim=other)
    with pytest.raises(DomainError, match="只有本人"):
        services.withdraw_claim(actor=admin, claim=hours.claim(cadre, title="第三个班"))


def test_where_no_unit_administrator_reaches_the_cadre_the_office_decides_at_once(office, cadre):
    RoleGrant.objects.filter(role="unit_admin").update(ends_on=date(2026, 1, 1))
    claim = hours.claim(cadre)
    assert claim.state == "office"
    accept(office, claim, "office")
    assert HourEntry.objects.count() == 1


def test_when_the_unit_administrator_left_the_office_takes_the_units_step(office, admin, cadre):
    claim = hours.claim(cadre)
    with pytest.raises(DomainError, match="先由本单位管理员认定"):
        accept(office, claim, "unit")
    RoleGrant.objects.filter(role="unit_admin").update(ends_on=date(2026, 1, 1))
    accept(office, claim, "unit")
    assert claim.state == "office"


def test_nobody_decides_about_themselves_or_beyond_their_reach(office, admin, cadre, personas):
    mine = hours.claim(admin)
    with pytest.raises(DomainError, match="不能认定自己的学时"):
        accept(admin, mine, mine.state)
    elsewhere = UserFactory(unit=Unit.objects.get(code="YS-SF"))
    with pytest.raises(DomainError, match="不在您的办理范围"):
        accept(admin, hours.claim(elsewhere), "office")


def test_decisions_are_append_only_and_the_content_of_a_claim_is_frozen(office, admin, cadre):
    claim = hours.claim(cadre)
    accept(admin, claim, "unit")
    acts = (
        lambda: ClaimDecision.objects.update(reason="改"),
        lambda: ClaimDecision.objects.all()._raw_delete("default"),
        lambda: HourClaim.objects.update(hours=99),
        lambda: HourClaim.objects.all()._raw_delete("default"),
    )
    for act in acts:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            act()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"hours": D(0), "days": D(0)}, "至少填写一项"),
        ({"ends_on": date(2026, 9, 15)}, "请结束以后再申报"),
        ({"starts_on": date(2025, 12, 30)}, "按年度分两次申报"),
        ({"starts_on": date(2026, 5, 15)}, "结束日期不能早于开始日期"),
        ({"declared": False}, "请确认材料不涉密"),
        ({"title": "　"}, "请填写培训名称"),
    ],
)
def test_an_impossible_claim_is_refused_with_a_sentence(cadre, changes, sentence):
    with pytest.raises(DomainError, match=sentence):
        hours.claim(cadre, **changes)
    assert not HourClaim.objects.exists()


def test_notices_name_nobody_and_tell_no_result(office, admin, cadre):
    claim = hours.claim(cadre, title="涉农专题班")
    refuse(admin, claim, "unit", "材料看不清")
    told = list(Notice.objects.values_list("recipient", "title", "text"))
    assert {who for who, _title, _text in told} == {admin.pk, cadre.pk}
    for _who, title, text in told:
        assert not any(word in title + text for word in (cadre.name, "涉农专题班", "材料看不清", "不予认定", "24"))


# Duplicates.

BASE = Training("a", "central", date(2026, 5, 12), date(2026, 5, 14), "数字政府专题研讨班", "省党校结字第3号")


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (Training("b", "online", date(2024, 1, 1), date(2024, 1, 1), "别的班", "省党校 结字第３号"), ("certificate",)),
        (Training("b", "central", date(2026, 5, 14), date(2026, 5, 20), "别的班"), ("days",)),
        (Training("b", "central", date(2026, 5, 15), date(2026, 5, 20), "数字政府专题研讨班（第二期）"), ("title",)),
        (Training("b", "central", date(2025, 5, 12), date(2025, 5, 14), "数字政府专题研讨班"), ()),
        (Training("b", "online", date(2026, 5, 12), date(2026, 5, 14), "数字政府专题研讨班"), ()),
        (Training("b", "central", date(2026, 6, 1), date(2026, 6, 3), "乡村振兴培训班"), ()),
        (Training("a", "central", date(2026, 5, 12), date(2026, 5, 14), "数字政府专题研讨班"), None),
    ],
)
def test_what_is_taken_for_the_same_training(other, why):
    found = matches(BASE, [other])
    assert [m.why for m in found] == ([why] if why else [])


def test_titles_are_compared_without_signs_and_width():
    assert similar("２０２６年 数字政府“专题”班", "2026年数字政府专题班")
    assert not similar("", "2026年数字政府专题班")


def test_the_page_of_the_decision_names_duplicates_and_what_would_change(office, admin, cadre, signed_in):
    hours.line(cadre, "数字政府专题研讨班（省委党校）", earned_on=date(2026, 5, 14), days=D(3), hours=D(24))
    claim = hours.claim(cadre)
    page = words(signed_in(admin).get(reverse("records:claim", args=[claim.public_id])))
    assert "有 1 笔可能是同一次培训" in page and "日期重叠、名称相近" in page
    assert "24 / 550 学时" in page and "48 / 550 学时" in page
    other = hours.claim(cadre, title="乡村振兴培训班", starts_on=date(2026, 7, 1), ends_on=date(2026, 7, 2))
    clean = words(signed_in(admin).get(reverse("records:claim", args=[other.public_id])))
    assert "可能是同一次培训" not in clean


# Pages.


def form(**changes):
    picture = SimpleUploadedFile("结业证书.png", leave.photo().read(), content_type="image/png")
    return {
        "bucket": "central", "category": "in_service", "mode": "off_job", "title": "数字政府专题研讨班",
        "organiser": "省委党校", "starts_on": "2026-05-12", "ends_on": "2026-05-14", "days": "3", "hours": "24",
        "certificate_no": "", "file": picture, "declared": "on",
    } | changes  # fmt: skip


def test_a_cadre_claims_reads_and_withdraws_on_the_phone(cadre, signed_in):
    browser = signed_in(cadre)
    empty = words(browser.get(reverse("records_own:claims")))
    assert "还没有申报" in empty and "申报学时" in empty
    warned = words(browser.get(reverse("records_own:new-claim")))
    assert "不得上传涉及国家秘密、工作秘密的文件" in warned and "先遮盖他们的姓名和号码" in warned
    sent = browser.post(reverse("records_own:new-claim"), form())
    claim = HourClaim.objects.get()
    assert sent["Location"] == reverse("records_own:claim", args=[claim.public_id])
    assert "待单位认定" in words(browser.get(sent["Location"]))
    assert opened(browser.get(reverse("records_own:claim-file", args=[claim.public_id])))[:4] == b"\x89PNG"
    browser.post(reverse("records_own:claim-withdraw", args=[claim.public_id]))
    assert "已撤回" in words(browser.get(reverse("records_own:claims")))
    filled = browser.get(reverse("records_own:claim-again", args=[claim.public_id])).content.decode()
    assert 'value="数字政府专题研讨班"' in filled


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"file": ""}, "请选择证明材料"),
        ({"file": SimpleUploadedFile("秘密通知.png", b"x")}, "文件名含有“秘密”字样"),
        ({"file": SimpleUploadedFile("证书.png", b"MZ\x90")}, "请换一个文件"),
        ({"declared": ""}, "请勾选此项后继续"),
        ({"hours": "0", "days": "0"}, "至少填写一项"),
        ({"hours": "二十"}, "学时请填写数字"),
        ({"ends_on": "2026-02-30"}, "请填写实际存在的结束日期"),
        ({"bucket": "x"}, "请从列表中选择学时类别"),
    ],
)
def test_bad_input_gets_a_sentence_and_nothing_is_kept(cadre, signed_in, changes, sentence):
    answer = signed_in(cadre).post(reverse("records_own:new-claim"), form(**changes))
    assert answer.status_code == 422 and sentence in words(answer)
    assert not HourClaim.objects.exists()


def test_others_claims_are_not_there(office, cadre, personas, signed_in):
    claim = hours.claim(cadre)
    stranger = signed_in(personas["other_trainee"])
    for name in ("claim", "claim-file", "claim-again"):
        assert stranger.get(reverse(f"records_own:{name}", args=[claim.public_id])).status_code == 404
    elsewhere = UserFactory(role="unit_admin", unit=Unit.objects.get(code="YS-SF"))
    for name in ("claim", "claim-file"):
        assert signed_in(elsewhere).get(reverse(f"records:{name}", args=[claim.public_id])).status_code == 404


def test_reading_the_evidence_is_noted_and_ones_own_is_not(admin, cadre, signed_in):
    claim = hours.claim(cadre)
    opened(signed_in(cadre).get(reverse("records_own:claim-file", args=[claim.public_id])))
    assert not PersonalFileRead.objects.exists()
    opened(signed_in(admin).get(reverse("records:claim-file", args=[claim.public_id])))
    read = PersonalFileRead.objects.get()
    assert (read.reader, read.subject, read.part) == (admin, cadre, "学时申报证明材料")


def test_unit_and_office_decide_on_their_page(office, admin, cadre, signed_in):
    claim = hours.claim(cadre)
    url = reverse("records:claim", args=[claim.public_id])
    assert "先由本单位管理员认定" in words(signed_in(office).get(url))
    refused = signed_in(admin).post(url, {"step": "unit", "decision": "refuse", "reason": ""})
    assert refused.status_code == 422 and "请写明不予认定的理由" in words(refused)
    assert signed_in(admin).post(url, {"step": "unit", "decision": "accept"}).status_code == 302
    stale = signed_in(office).post(url, {"step": "unit", "decision": "accept"})
    assert HourEntry.objects.count() == 0 and stale.status_code == 422
    done = {"step": "office", "decision": "accept", "days": "3", "hours": "24"}
    assert signed_in(office).post(url, done).status_code == 302
    assert signed_in(office).post(url, done).status_code == 302  # the second click of a double click
    assert HourEntry.objects.get().hours == 24
    assert "已认定" in words(signed_in(office).get(reverse("records_claims:index")))


def test_the_list_shows_the_scope_is_searched_and_filtered(office, admin, cadre, signed_in):
    elsewhere = UserFactory(unit=Unit.objects.get(code="YS-SF"), name="单建国", initials="sjg")
    hours.claim(cadre)
    hours.claim(elsewhere, title="司法专题班")
    url = reverse("records_claims:index")
    both, one = words(signed_in(office).get(url)), words(signed_in(admin).get(url))
    assert "单建国" in both and cadre.name in both and "单建国" not in one and cadre.name in one
    assert "司法专题班" in words(signed_in(office).get(url, {"q": "sjg"}))
    assert "司法专题班" not in words(signed_in(office).get(url, {"state": "unit"}))


def test_the_list_needs_the_same_queries_for_one_and_for_many(office, cadre, signed_in, django_assert_max_num_queries):
    browser, url = signed_in(office), reverse("records_claims:index")
    hours.claim(cadre)
    browser.get(url)
    with django_assert_max_num_queries(16):
        browser.get(url)
    for number in range(12):
        hours.claim(cadre, title=f"第{number}班")
    with django_assert_max_num_queries(16):
        browser.get(url)
