"""Old hours from a spreadsheet: looked at, taken in once, a changed value approved, every bad row named."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from core import jobs
from core.errors import Conflict, DomainError
from people.models import Unit
from records import importing
from records.importing import staging
from records.models import HourChange, HourEntry, HourImport, ImportedHours
from records.services import register_earlier_hours
from records.services import reverse as take_back
from records.services.changes import decide_change
from tests.factories import hours
from tests.factories.people import PostingFactory, UserFactory

pytestmark = pytest.mark.django_db
SOURCE = "省干部网络学院"


def words(response) -> str:
    text = re.sub(r"<(script|style|template).*?</\1>", " ", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


@pytest.fixture
def office(personas, reference, frozen_clock):
    return personas["training_office"]


@pytest.fixture
def cadre(office):
    person = UserFactory(unit=Unit.objects.get(code="YS-SF"), name="林一帆", work_number="K0001")
    PostingFactory(
        user=person, unit=Unit.objects.get(code="YS-WJ"), starts_on=date(2020, 1, 1), ends_on=date(2025, 1, 1)
    )
    return person


def look(office, rows):
    return importing.plan(actor=office, source=SOURCE, name="旧台账.csv", data=hours.csv_of(rows))


def counts(plan):
    return {action: n for action, n in plan.counts().items() if n}


# Taking in.


def test_a_row_becomes_a_line_with_its_certificate_and_the_unit_of_its_day(office, cadre):
    hours.take_in(office, SOURCE, [hours.row(cadre, "A1")])
    entry = HourEntry.objects.get()
    assert (entry.user, entry.days, entry.hours, entry.earned_on) == (cadre, 5, 40, date(2024, 3, 8))
    assert (entry.label, entry.evidence_no, entry.unit.code) == ("春季进修班（省委党校）", "证A1", "YS-WJ")
    assert (entry.bucket, entry.category, entry.mode) == ("central", "other", "off_job")
    assert ImportedHours.objects.get().entry == entry


def test_the_certificate_is_read_in_the_archive(office, cadre, signed_in):
    hours.take_in(office, SOURCE, [hours.row(cadre, "A1")])
    page = words(signed_in(cadre).get(reverse("portal:archive")))
    assert "春季进修班（省委党校）" in page and "证明材料：证A1" in page


def test_the_same_file_again_changes_nothing(office, cadre):
    rows = [hours.row(cadre, "A1"), hours.row(cadre, "A2", 结束日期="2024-03-07")]
    hours.take_in(office, SOURCE, rows)
    before = list(HourEntry.objects.values_list("pk", "hours"))
    assert counts(look(office, rows)) == {"unchanged": 2}
    hours.take_in(office, SOURCE, rows)
    assert list(HourEntry.objects.values_list("pk", "hours")) == before and not HourChange.objects.exists()


def test_the_same_number_of_another_source_is_another_line(office, cadre):
    hours.take_in(office, SOURCE, [hours.row(cadre, "A1")])
    hours.take_in(office, "市委党校", [hours.row(cadre, "A1", 结业证书编号="别的证")])
    assert HourEntry.objects.count() == 2


def test_a_staged_file_is_taken_in_once_and_goes(office, cadre):
    staged, _plan = importing.stage_import(
        actor=office, source=SOURCE, name="旧台账.csv", data=hours.csv_of([hours.row(cadre, "A1")])
    )
    name = staged.file.name
    importing.commit_import(actor=office, staged=staged)
    with pytest.raises(Conflict):
        importing.commit_import(actor=office, staged=HourImport.objects.get())
    assert not HourImport.objects.get().file and name and HourEntry.objects.count() == 1


def test_a_long_file_is_taken_in_by_a_job(office, cadre, monkeypatch):
    monkeypatch.setattr(staging, "LONG", 1)
    rows = [hours.row(cadre, f"A{n}", 结束日期=f"2024-03-{n:02d}", 开始日期="") for n in (4, 5, 6)]
    staged, _plan = importing.stage_import(actor=office, source=SOURCE, name="旧台账.csv", data=hours.csv_of(rows))
    job = importing.order_import(actor=office, staged=staged)
    assert job is not None and not HourEntry.objects.exists()
    jobs.run_now(job)
    job.refresh_from_db()
    assert job.state == "done" and HourEntry.objects.count() == 3
    assert job.result["url"] == reverse("records:import-done", args=[staged.public_id])


# A changed value.


@pytest.fixture
def change(office, cadre):
    return hours.changed(office, cadre, SOURCE)


def test_a_changed_value_waits_and_the_old_one_stands(change):
    assert [entry.hours for entry in HourEntry.objects.standing()] == [40]
    assert (change.hours, change.before.hours, change.state) == (48, 40, "waiting")


def test_approved_the_new_value_is_credited_and_the_old_one_reversed_and_both_stay(office, change):
    decide_change(actor=office, change=change, approved=True)
    assert [entry.hours for entry in HourEntry.objects.order_by("pk")] == [40, -40, 48]
    assert [entry.hours for entry in HourEntry.objects.standing()] == [48]
    assert change.state == "approved" and change.before.hours == 40 and change.after.hours == 48
    with pytest.raises(Conflict):
        decide_change(actor=office, change=change, approved=True)


def test_after_approval_the_new_value_is_the_one_that_is_known(office, cadre, change):
    decide_change(actor=office, change=change, approved=True)
    assert counts(look(office, [hours.row(cadre, "C1", 学时="48")])) == {"unchanged": 1}
    assert counts(look(office, [hours.row(cadre, "C1")])) == {"changed": 1}


def test_kept_the_old_value_stands_and_the_same_change_is_not_asked_again(office, cadre, change):
    with pytest.raises(DomainError, match="请写明维持原值的理由"):
        decide_change(actor=office, change=change, approved=False)
    decide_change(actor=office, change=change, approved=False, reason="以结业证书为准")
    assert [entry.hours for entry in HourEntry.objects.standing()] == [40]
    assert counts(look(office, [hours.row(cadre, "C1", 学时="48")])) == {"kept": 1}
    assert counts(look(office, [hours.row(cadre, "C1", 学时="44")])) == {"changed": 1}


def test_the_same_change_twice_waits_once_and_another_one_replaces_it(office, cadre, change):
    assert counts(look(office, [hours.row(cadre, "C1", 学时="48")])) == {"waiting": 1}
    hours.take_in(office, SOURCE, [hours.row(cadre, "C1", 学时="44")])
    assert list(HourChange.objects.order_by("pk").values_list("state", "hours")) == [
        ("replaced", Decimal(48)), ("waiting", Decimal(44)),
    ]  # fmt: skip


def test_a_change_is_decided_by_an_office_that_reaches_the_cadre(change, signed_in, office):
    bureau = UserFactory(role="training_office", unit=Unit.objects.get(code="YS-SJ"))
    with pytest.raises(DomainError, match="不在您的办理范围"):
        decide_change(actor=bureau, change=change, approved=True)
    assert signed_in(bureau).get(reverse("records:change", args=[change.public_id])).status_code == 404


def test_a_change_is_decided_on_its_page(office, change, signed_in):
    url = reverse("records:change", args=[change.public_id])
    page = words(signed_in(office).get(url))
    assert "学时 40 48" in page and "取得日期 2024年3月8日 不变" in page
    assert signed_in(office).post(url, {"decision": "keep"}).status_code == 422
    assert signed_in(office).post(url, {"decision": "approve"}).status_code == 302
    assert "已更改" in words(signed_in(office).get(reverse("records_changes:index")))


# Bad rows.


@pytest.mark.parametrize(
    ("changes", "column", "sentence"),
    [
        ({"工号": "K9999"}, "工号", "您的管理范围内没有这个工号"),
        ({"姓名": "李某"}, "姓名", "与这个工号登记的姓名不一致"),
        ({"外部编号": ""}, "外部编号", "没有填写外部编号"),
        ({"结束日期": "2024-02-30"}, "结束日期", "没有这一天"),
        ({"结束日期": "2027-01-01", "开始日期": ""}, "结束日期", "日期晚于今天"),
        ({"结束日期": "2024-03"}, "结束日期", "只有年月"),
        ({"开始日期": "2024-03-09"}, "结束日期", "结束日期早于开始日期"),
        ({"开始日期": "2023-12-29"}, "开始日期", "跨年度的培训请按年度拆成两行"),
        ({"学时类别": "其他"}, "学时类别", "可填：集中培训、网络自学、基本培训"),
        ({"学时": "四十"}, "学时", "请填写数字"),
        ({"学时": "4000"}, "学时", "应在 0 和 3000 之间"),
        ({"学时": "0", "天数": ""}, "学时", "天数和学时至少填写一项"),
        ({"取得时单位": "不存在的局"}, "取得时单位", "没有单位“不存在的局”"),
    ],
)
def test_a_bad_row_is_named_with_its_reason_and_the_rest_goes_in(office, cadre, changes, column, sentence):
    rows = [hours.row(cadre, "B1", **changes), hours.row(cadre, "B2")]
    found = look(office, rows)
    (error,) = found.errors
    assert (error.row, error.column) == (2, column) and sentence in error.reason
    hours.take_in(office, SOURCE, rows)
    assert [entry.evidence_no for entry in HourEntry.objects.all()] == ["证B2"]


def test_a_number_twice_in_a_file_and_of_another_person_is_refused(office, cadre):
    found = look(office, [hours.row(cadre, "B1"), hours.row(cadre, "B1", 学时="8")])
    assert "与第2行的外部编号相同" in found.errors[0].reason
    hours.take_in(office, SOURCE, [hours.row(cadre, "B1")])
    other = UserFactory(unit=cadre.unit, name="单建国")
    assert "已登记在另一人名下" in look(office, [hours.row(other, "B1")]).errors[0].reason


def test_a_certificate_that_is_credited_already_is_not_taken_in_again(office, cadre):
    register_earlier_hours(
        actor=office, user=cadre, bucket="central", category="in_service", mode="off_job", days=Decimal(5),
        hours=Decimal(40), earned_on=date(2024, 3, 8), label="春季进修班", evidence_no="证 B1",
    )  # fmt: skip
    assert "这个证书编号的学时已经计入" in look(office, [hours.row(cadre, "B1")]).errors[0].reason


def test_people_out_of_reach_read_like_people_who_are_not_there(office, cadre):
    bureau = UserFactory(role="training_office", unit=Unit.objects.get(code="YS-SJ"))
    assert "您的管理范围内没有这个工号" in look(bureau, [hours.row(cadre, "B1")]).errors[0].reason


def test_a_reversed_line_is_not_taken_in_again(office, cadre):
    hours.take_in(office, SOURCE, [hours.row(cadre, "B1")])
    take_back(actor=office, source_keys=[f"import:{SOURCE}:B1:1"], reason="错报")
    assert "已经冲销，不再导入" in look(office, [hours.row(cadre, "B1")]).errors[0].reason


def test_the_plan_needs_the_same_queries_for_few_and_for_many(office, cadre, django_assert_num_queries):
    with django_assert_num_queries(7):
        look(office, [hours.row(cadre, "B1")])
    with django_assert_num_queries(7):
        look(office, [hours.row(cadre, f"B{n}", 结业证书编号="") for n in range(60)])


# Pages.


def upload(rows):
    return {"source": SOURCE, "file": SimpleUploadedFile("旧台账.csv", hours.csv_of(rows))}


def test_the_pages_from_the_template_to_the_result(office, cadre, signed_in):
    browser = signed_in(office)
    book = load_workbook(BytesIO(browser.get(reverse("records:import-template")).content))
    heads = [cell.value for row in book.active.iter_rows(max_row=3) for cell in row]
    assert "外部编号" in heads and "结业证书编号" in heads
    sent = browser.post(reverse("records:imports"), upload([hours.row(cadre, "P1"), hours.row(cadre, "P2", 工号="X")]))
    staged = HourImport.objects.get()
    assert sent["Location"] == reverse("records:import", args=[staged.public_id])
    page = words(browser.get(sent["Location"]))
    assert "新增 1 行" in page and "有误，不导入 1 行" in page and "没有这个工号" in page
    assert not HourEntry.objects.exists()
    refused = load_workbook(BytesIO(browser.get(reverse("records:import-refused", args=[staged.public_id])).content))
    assert any("没有这个工号" in str(cell.value) for row in refused.active.iter_rows() for cell in row)
    for _click in range(2):
        browser.post(reverse("records:import-commit", args=[staged.public_id]))
    assert HourEntry.objects.count() == 1
    done = words(browser.get(reverse("records:import-done", args=[staged.public_id])))
    assert "新增 1 行" in done and "没有导入的行" in done
    again = browser.post(reverse("records:imports"), upload([hours.row(cadre, "P1")]))
    assert "没有需要导入的内容" in words(browser.get(again["Location"]))


def test_a_file_that_cannot_be_used_gets_a_sentence(office, signed_in):
    browser = signed_in(office)
    for name, data, sentence in (
        ("台账.csv", b"\xe5\xa7\x93\xe5\x90\x8d,\xe5\xb7\xa5\xe5\x8f\xb7\n\xe7\x8e\x8b,1\n", "缺少这些列"),
        ("台账.xlsx", b"PK\x03\x04" + b"\x00" * 40, "。"),
        ("内部台账.csv", b"a,b\n", "文件名含有“内部”字样"),
    ):
        answer = browser.post(reverse("records:imports"), {"source": SOURCE, "file": SimpleUploadedFile(name, data)})
        assert answer.status_code == 422 and sentence in words(answer)
    assert not HourImport.objects.exists()


def test_an_import_is_its_owners(office, cadre, signed_in):
    staged = hours.waiting_import(office, cadre, SOURCE, "P1")
    other = signed_in(UserFactory(role="training_office", unit=Unit.objects.get(code="YS")))
    for name in ("import", "import-refused", "import-done"):
        assert other.get(reverse(f"records:{name}", args=[staged.public_id])).status_code == 404
    assert other.post(reverse("records:import-commit", args=[staged.public_id])).status_code == 404
    signed_in(office).post(reverse("records:import-discard", args=[staged.public_id]))
    assert HourImport.objects.get().state == "discarded" and not HourEntry.objects.exists()
