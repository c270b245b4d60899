"""A roster is previewed, then imported: good rows whole, bad rows not at all and each named once."""

from __future__ import annotations

import time
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.errors import Conflict, DomainError
from core.spreadsheets.reader import read_workbook
from people import roster
from people.models import Posting, RosterImport, Unit, User
from people.scopes import roles_of
from tests.people.rosters import HEADINGS, UNITS, row, saved, text, xls, xlsx

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


@pytest.fixture
def office(personas):
    return personas["training_office"]


def look(actor, rows, **kwargs):
    return roster.preview(actor=actor, name="名单.xlsx", data=xlsx(rows), **kwargs)


def load(actor, rows):
    return roster.commit(actor=actor, report=look(actor, rows))


def figures(report):
    return report.rows, report.created, report.updated, report.unchanged, len(report.errors)


def test_good_rows_become_people_who_cannot_sign_in_yet(office) -> None:
    report = look(office, [row(n) for n in range(1, 7)])
    assert figures(report) == (6, 6, 0, 0, 0)
    assert not User.objects.filter(work_number="R00001").exists(), "a preview writes nothing"

    done = roster.commit(actor=office, report=report)

    assert figures(done) == (6, 6, 0, 0, 0) and len(done.user_ids) == 6
    person = User.objects.get(work_number="R00001")
    assert person.unit.name == UNITS[1] and not person.has_usable_password()
    assert person.birth_date and person.gender in ("M", "F"), "taken from the identity number"
    assert "trainee" in roles_of(person) and person.groups.filter(name="学员").exists()
    posting = person.postings.get()
    assert (posting.get_level_display(), posting.get_rank_display(), posting.starts_on) == (
        "县处级副职",
        "三级调研员",
        date(2023, 7, 1),
    )
    assert person.managed_by.name == "云山市", "county level is managed from the top by default"


def test_the_same_file_twice_changes_nothing(office) -> None:
    rows = [row(n) for n in range(1, 9)]
    load(office, rows)
    before = list(User.objects.values().order_by("pk")), list(Posting.objects.values().order_by("pk"))
    again = load(office, rows)
    assert figures(again) == (8, 0, 0, 8, 0) and len(again.user_ids) == 8
    assert (
        list(User.objects.values().order_by("pk")),
        list(Posting.objects.values().order_by("pk")),
    ) == before


def test_a_changed_row_changes_only_what_it_says(office) -> None:
    load(office, [row(1), row(2)])
    done = load(office, [row(1, 手机号="13900001111", 邮箱=""), row(2)])
    assert figures(done) == (2, 0, 1, 1, 0)
    person = User.objects.get(work_number="R00001")
    assert person.phone == "13900001111" and person.email == "r1@example.cn", "an empty cell erases nothing"


def test_a_promotion_is_a_new_posting_and_the_old_one_ends_the_day_before(office) -> None:
    load(office, [row(1)])
    done = load(office, [row(1, 职务="处长", 职务层次="县处级正职", 任职日期="2026-03-01", 单位="市司法局")])
    assert figures(done) == (1, 0, 1, 0, 0)
    person = User.objects.get(work_number="R00001")
    old, new = person.postings.order_by("starts_on")
    assert old.ends_on == date(2026, 2, 28) and new.ends_on is None
    assert person.unit.name == "市司法局"


def test_the_same_date_is_a_correction(office) -> None:
    load(office, [row(1)])
    load(office, [row(1, 职级="四级调研员")])
    posting = User.objects.get(work_number="R00001").postings.get()
    assert posting.get_rank_display() == "四级调研员"


BAD = [
    ("工号", {"工号": ""}, "没有填写工号"),
    ("工号", {"工号": "R00001"}, "第 2 行重复"),
    ("工号", {"工号": "Ｒ00900"}, "全角"),
    ("工号", {"工号": "R009 00"}, "空格或撇号"),
    ("工号", {"工号": "T0001"}, "另一人"),
    ("姓名", {"姓名": ""}, "没有填写姓名"),
    ("姓名", {"姓名": "阿" * 51}, "51 个字"),
    ("姓名", {"姓名": "王\u200b敏"}, "看不见的字符"),
    ("姓名", {"姓名": "王\u202e敏"}, "看不见的字符"),
    ("身份证号", {"身份证号": "11010119850601"}, "这里是 14 位"),
    ("身份证号", {"身份证号": "110101198506010011"}, "校验位"),
    ("身份证号", {"身份证号": "110101198513010015"}, "不存在"),
    ("身份证号", {"身份证号": 110101198506010000}, "科学计数"),
    ("身份证号", {"身份证号": "1.10101E+17"}, "科学计数"),
    ("身份证号", {"身份证号": "１１０１０１19850601001X"}, "全角"),
    ("身份证号", {"身份证号": "110101 19850601 001X"}, "空格或撇号"),
    ("身份证号", {"身份证号": "'11010119850601001X"}, "空格或撇号"),
    ("手机号", {"手机号": "1380013"}, "这里是 7 位"),
    ("手机号", {"手机号": "23800138000"}, "13 至 19"),
    ("邮箱", {"邮箱": "wang@"}, "邮箱"),
    ("邮箱", {"邮箱": "r1@example.cn"}, "第 2 行重复"),
    ("单位", {"单位": "市没有局"}, "没有单位"),
    ("单位", {"单位": "综合科"}, "对应多个单位"),
    ("单位", {"单位": ""}, "没有填写单位"),
    ("单位", {"单位": "市旧局"}, "已于2021年12月31日撤销"),
    ("职级", {"职级": "九级调研员"}, "没有这个职级"),
    ("职务层次", {"职务层次": "大处级"}, "没有这个职务层次"),
    ("任职日期", {"任职日期": "去年夏天"}, "认不出"),
    ("任职日期", {"任职日期": 45123}, "序列号"),
    ("任职日期", {"任职日期": "23-07-01"}, "两位"),
    ("任职日期", {"任职日期": "2023-02-30"}, "没有这一天"),
    ("任职日期", {"任职日期": "2030-01-01"}, "晚于今天"),
    ("任职日期", {"任职日期": "1890-01-01"}, "1900"),
    ("职务", {"职务": '=CONCATENATE("副","处长")'}, "公式"),
    ("姓名", {"姓名": "R00900", "工号": "900", "单位": "王敏"}, "错位"),
    ("工号", {"工号": "王敏", "姓名": "R00900"}, "错位"),
]


@pytest.fixture
def odd_units(personas):
    city = Unit.objects.get(code="YS")
    for parent in ("YS-SJ", "YS-SF"):
        Unit.objects.get(code=parent).add_child(code=f"{parent}-K", name="综合科")
    Unit.objects.get(pk=city.pk).add_child(
        code="YS-OLD", name="市旧局", valid_from=date(2010, 1, 1), valid_to=date(2021, 12, 31)
    )


@pytest.mark.usefixtures("odd_units")
def test_each_bad_row_is_named_once_with_its_reason(office) -> None:
    rows = [row(1), *(row(1000 + n, **changes) for n, (_, changes, _) in enumerate(BAD))]
    report = look(office, rows)

    assert [(error.row, error.column) for error in report.errors] == [
        (n + 3, column) for n, (column, _, _) in enumerate(BAD)
    ]
    for error, (_, changes, reason) in zip(report.errors, BAD, strict=True):
        assert reason in error.reason, (changes, error)
        assert error.sheet == "名单"
    assert figures(report) == (len(rows), 1, 0, 0, len(BAD))

    done = roster.commit(actor=office, report=report)
    assert done.created == 1 and User.objects.filter(work_number__startswith="R").count() == 1


def test_an_error_cell_is_named(office) -> None:
    report = roster.preview(actor=office, name="名单.xlsx", data=xlsx([row(1), row(2, 职级="#N/A")]))
    assert [(error.row, error.column) for error in report.errors] == [(3, "职级")]


def test_control_characters_in_a_name(office) -> None:
    report = roster.preview(actor=office, name="x.csv", data=text([row(1), row(2, 姓名="王\x0b敏")]))
    assert [(error.row, error.column) for error in report.errors] == [(3, "姓名")]
    assert "控制字符" in report.errors[0].reason


def test_numbers_in_the_place_of_another(office, personas) -> None:
    trainee = personas["trainee"]
    report = look(office, [row(1, 身份证号=trainee.id_number), row(2, 手机号=trainee.phone)])
    assert [error.column for error in report.errors] == ["身份证号", "手机号"]
    assert all("另一人" in error.reason for error in report.errors)
    trainee.email = "wm@example.cn"
    trainee.save()
    assert look(office, [row(1, 邮箱="wm@example.cn")]).errors[0].column == "邮箱"


def test_lost_leading_zeros(office) -> None:
    report = look(office, [row(1, 工号="001001"), row(2, 工号="001002"), row(3, 工号=1003)])
    assert [(error.row, error.column) for error in report.errors] == [(4, "工号")]
    assert "001003" in report.errors[0].reason


def test_doubts_are_warnings_and_the_row_is_imported(office) -> None:
    from people.idcard import check_sign

    unknown_county = "11999919850601001"
    report = look(
        office,
        [
            row(1, 职级="二级科员"),
            row(2, 身份证号=unknown_county + check_sign(unknown_county)),
        ],
    )
    assert [(w.row, w.column) for w in report.warnings] == [(2, "职级"), (3, "身份证号")]
    assert figures(report)[1] == 2 and not report.errors


def test_a_sex_that_contradicts_the_identity_number_is_a_warning_a_birth_date_an_error(office) -> None:
    headings = [*HEADINGS, "性别", "出生日期"]
    good, bad = row(2), row(4)
    born = good[HEADINGS.index("身份证号")][6:14]
    odd = "女" if int(good[6][16]) % 2 else "男"
    data = xlsx([[*good, odd, f"{born[:4]}.{born[4:6]}"], [*bad, "", "1960-01-01"]], headings=headings)
    report = roster.preview(actor=office, name="x.xlsx", data=data)
    assert [(w.row, w.column) for w in report.warnings] == [(2, "性别")]
    assert [(e.row, e.column) for e in report.errors] == [(3, "出生日期")]


def test_titles_subtotals_banners_and_blank_rows_are_passed_over(office) -> None:
    from openpyxl import load_workbook

    book = load_workbook(
        __import__("io").BytesIO(xlsx([row(1), ["市司法局"], row(2), [], row(3)], title="2026年领航班名单"))
    )
    sheet = book.active
    sheet.merge_cells("A4:J4")
    sheet.append(["合计", 3])
    sheet.append(["注：示范数据"])
    report = roster.preview(actor=office, name="x.xlsx", data=saved(book))
    assert figures(report) == (3, 3, 0, 0, 0)
    assert {reason for _, _, reason in report.skipped} == {"标题行", "合计行", "说明行"}
    assert any("跳过了" in note for note in report.notes)


def test_a_unit_cell_merged_over_several_people_holds_for_all(office) -> None:
    from openpyxl import load_workbook

    rows = [row(1, 单位="市数据局"), row(2, 单位=None), row(3, 单位=None)]
    book = load_workbook(__import__("io").BytesIO(xlsx(rows)))
    book.active.merge_cells("C2:C4")
    report = roster.preview(actor=office, name="x.xlsx", data=saved(book))
    assert figures(report) == (3, 3, 0, 0, 0)
    assert {step.person.unit.name for step in report.source.steps} == {"市数据局"}


@pytest.mark.parametrize(
    "data", [text([row(1), row(2)]), text([row(1), row(2)], encoding="utf-8"), xls([row(1), row(2)])]
)
def test_csv_in_gb18030_and_utf8_and_the_old_xls(office, data: bytes) -> None:
    report = roster.preview(actor=office, name="名单", data=data)
    assert figures(report) == (2, 2, 0, 0, 0)


def test_columns_are_found_by_other_names_or_by_hand(office) -> None:
    other = [
        "名字",
        "人员编号",
        "单位名称",
        "现任职务",
        "职务级别",
        "现任职级",
        "公民身份号码",
        "联系电话",
        "任职时间",
        "电子邮箱",
    ]
    assert figures(roster.preview(actor=office, name="x", data=xlsx([row(1)], headings=other)))[1] == 1
    strange = ["甲", "乙", *other[2:]]
    data = xlsx([row(1)], headings=strange)
    with pytest.raises(DomainError, match="缺少这些列：工号、姓名"):
        roster.preview(actor=office, name="x", data=data)
    seen = roster.headings(name="x", data=data)
    assert (1, "甲") in seen.headings and seen.missing == ["工号", "姓名"]
    by_hand = {"name": 1, "work_number": 2}
    assert figures(roster.preview(actor=office, name="x", data=data, mapping=by_hand))[1] == 1


def test_unit_codes_and_paths_are_understood(office) -> None:
    report = look(office, [row(1, 单位="YS-SJ"), row(2, 单位="市数据局/市数据局法规处"), row(3, 单位="ys-sf")])
    assert [step.person.unit.code for step in report.source.steps] == ["YS-SJ", "YS-SJ-02", "YS-SF"]


def test_the_importers_scope_is_kept(personas) -> None:
    clerk = personas["unit_admin"]
    junior = {"职务层次": "乡科级正职", "职级": "一级主任科员"}
    report = look(
        clerk, [row(4, 单位="市数据局", **junior), row(1, 单位="市司法局", **junior), row(8, 单位="市数据局")]
    )
    assert [(e.row, e.column) for e in report.errors] == [(3, "单位"), (4, "单位")]
    assert "不在您的管理范围" in report.errors[0].reason and "干部管理权限" in report.errors[1].reason
    chief = personas["leader"]
    again = look(
        clerk,
        [row(4, 工号=chief.work_number, 姓名=chief.name, 身份证号="", 手机号="", 单位="市数据局", **junior)],
    )
    assert "不在您的管理范围" in again.errors[0].reason
    with pytest.raises(DomainError, match="须由"):
        look(personas["trainee"], [row(1)])


def test_units_come_with_the_roster(office) -> None:
    units = (
        "code,name,parent,uscc,valid_from,valid_to\n"
        "N-02,新城区数据科,N-01,,2024-01-01,\n"
        "N-01,新城区,YS,,2024-01-01,\n"
        "N-03,没有上级,NOPE,,,\n"
        "N-01,重复,YS,,,\n"
        "N-04,错码,YS,123,,\n"
    ).encode()
    report = look(office, [row(1, 单位="N-02"), row(2, 单位="新城区")], units=units)
    assert report.new_units == 2
    assert [(e.row, e.column) for e in report.errors] == [
        (5, "单位代码"),
        (6, "统一社会信用代码"),
        (4, "上级单位代码"),
    ]
    done = roster.commit(actor=office, report=report)
    assert done.created == 2
    assert Unit.objects.get(code="N-02").get_parent().code == "N-01"
    assert User.objects.get(work_number="R00001").unit.code == "N-02"


def test_a_change_between_preview_and_commit_is_noticed(office, personas) -> None:
    report = look(office, [row(1), row(2)])
    trainee = personas["trainee"]
    trainee.email = "r1@example.cn"
    trainee.save()
    with pytest.raises(Conflict, match="什么都没有写入"):
        roster.commit(actor=office, report=report)
    assert not User.objects.filter(work_number__startswith="R0").exists()


def test_a_staged_roster_is_committed_once_and_its_file_goes(office, personas) -> None:
    data = xlsx([row(1), row(2, 身份证号="110101198506010011")])
    staged, _ = roster.stage(actor=office, name="名单.xlsx", data=data)
    assert "110101198506010011" not in str(staged.report), "no clear identity numbers are kept"
    same, _ = roster.stage(actor=office, name="名单.xlsx", data=data)
    assert same.pk == staged.pk
    with pytest.raises(DomainError, match="另一人"):
        roster.commit_staged(actor=personas["unit_admin"], staged=staged)
    done = roster.commit_staged(actor=office, staged=same)
    assert done.created == 1
    with pytest.raises(Conflict):
        roster.commit_staged(actor=office, staged=same)
    assert RosterImport.objects.get(pk=staged.pk).state == "committed"


def test_refused_rows_come_back_and_can_be_corrected(office) -> None:
    report = look(office, [row(1), row(2, 手机号="123"), row(3, 姓名="")])
    sheet = read_workbook("x", roster.refused_workbook(report)).sheets[0]
    words = [[cell.text for cell in cells] for cells in sheet.rows()]
    assert words[0][-3:] == ["退回原因", "原工作表", "原行号"]
    assert len(words) == 3 and "手机号" in words[1][-3] and words[1][-1] == "3"
    again = roster.preview(actor=office, name="x", data=roster.refused_workbook(report))
    assert len(again.errors) == 2, "the workbook is read like any roster"


def test_the_template_is_a_roster_without_people(office) -> None:
    data = roster.template_workbook()
    seen = roster.headings(name="模板.xlsx", data=data)
    assert not seen.missing and len(seen.found) == 15
    with pytest.raises(DomainError, match="没有人员"):
        roster.preview(actor=office, name="模板.xlsx", data=data)


def test_whole_files_that_cannot_be_used(office) -> None:
    for data, words in (
        (b"", "空的"),
        (b"%PDF-1.7", "PDF"),
        (xlsx([]), "没有人员"),
        (text([["a"]], headings=["x"]), "表头"),
    ):
        with pytest.raises(DomainError, match=words):
            roster.preview(actor=office, name="x", data=data)


def test_json_has_the_agreed_keys(office) -> None:
    found = look(office, [row(1, 手机号="123")]).as_json()
    assert set(found) == {"rows", "created", "updated", "unchanged", "errors", "warnings"}
    assert set(found["errors"][0]) == {"sheet", "row", "column", "value", "reason"}


def test_a_thousand_rows(office, capsys) -> None:
    """The times are printed, not asserted; the queries are counted."""
    rows = [row(n) for n in range(1, 1001)]
    data = xlsx(rows)
    start = time.perf_counter()
    report = roster.preview(actor=office, name="名单.xlsx", data=data)
    looked = time.perf_counter() - start
    start = time.perf_counter()
    with CaptureQueriesContext(connection) as seen:
        done = roster.commit(actor=office, report=report)
    wrote = time.perf_counter() - start
    with capsys.disabled():
        print(f"\n1,000 rows: preview {looked:.2f} s, commit {wrote:.2f} s, {len(seen)} statements")
    assert figures(done) == (1000, 1000, 0, 0, 0)
    assert len(seen) < 120
