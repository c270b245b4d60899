"""Workbooks in and out: what people upload is read or refused in words; what we write computes nothing."""

from __future__ import annotations

import io
import zipfile
import zlib
from datetime import date, datetime, time

import openpyxl
import pytest
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.styles import PatternFill

from core.errors import DomainError
from core.spreadsheets.cells import column_letters
from core.spreadsheets.reader import read_workbook
from core.spreadsheets.tables import Column, find_table, find_table_in, plain_label
from core.spreadsheets.writer import (
    ColumnSpec,
    SheetSpec,
    csv_lines,
    display_width,
    disposition,
    download_response,
    neutral,
    sheet_name,
    write_xlsx,
)

NAME = Column("name", "姓名", ("名字", "人员姓名"), required=True)
NUMBER = Column("number", "工号", ("人员编号", "编号"), required=True)
UNIT = Column("unit", "单位", ("单位名称", "所在单位"))
PHONE = Column("phone", "手机号", ("手机", "联系电话"))
COLUMNS = [NAME, NUMBER, UNIT, PHONE]


def xlsx(*rows, sheet="名单", prepare=None) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(list(row))
    if prepare:
        prepare(book.active)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xls(*rows) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("名单")
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            style = xlwt.easyxf(num_format_str="yyyy-mm-dd") if isinstance(value, date) else xlwt.Style.default_style
            sheet.write(r, c, value, style)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def altered(data: bytes, **changes: bytes | None) -> bytes:
    """The package with some members replaced; names written with __ for / and _dot_ for a dot."""
    by_name = {name.replace("__", "/").replace("_dot_", "."): content for name, content in changes.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, by_name.pop(name, None) or old.read(name))
        for name, content in by_name.items():
            new.writestr(name, content)
    return out.getvalue()


def sheet_xml(cells: str) -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<?xml version="1.0"?><worksheet xmlns="{space}"><sheetData>{cells}</sheetData></worksheet>'.encode()


def cells_of(data: bytes, name: str = "a.xlsx"):
    return read_workbook(name, data).sheets[0]


def outcome(data: bytes) -> str:
    """The sentence of the refusal, or of success; anything else is raised."""
    try:
        read_workbook("x", data)
    except DomainError as refused:
        return refused.message
    return "已读。"


class TestReading:
    def test_typed_values_with_their_place(self):
        sheet = cells_of(
            xlsx(["姓名", 13800000000, date(2026, 11, 23), True, datetime(2026, 1, 2, 14, 5), time(9, 30), 1.5])
        )
        row = sheet.row(1)
        assert [c.kind for c in row] == ["text", "number", "date", "flag", "date", "time", "number"]
        assert [c.text for c in row] == [
            "姓名",
            "13800000000",
            "2026-11-23",
            "是",
            "2026-01-02 14:05",
            "09:30:00",
            "1.5",
        ]
        assert row[2].value == date(2026, 11, 23) and row[2].label == "C1"

    def test_rows_keep_their_number_when_rows_and_columns_before_are_empty(self):
        sheet = cells_of(xlsx([], [], [None, "甲"]))
        assert sheet.cell(3, 2).text == "甲" and sheet.cell(3, 1).is_blank and sheet.cell(99, 99).is_blank

    @pytest.mark.parametrize(
        ("value", "imprecise"),
        [(110101199001011234, True), ("1.10101E+17", True), ("110101199001011234", False), (13800000000, False)],
    )
    def test_numbers_that_lost_digits_are_flagged(self, value, imprecise):
        assert cells_of(xlsx([value])).cell(1, 1).imprecise is imprecise

    def test_formulas_and_errors_are_flagged(self):
        def error(sheet):
            sheet["A2"], sheet["A2"].data_type = "#N/A", "e"

        sheet = cells_of(xlsx(["=A9", "平常"], prepare=error))
        assert sheet.cell(1, 1).formula and not sheet.cell(1, 2).formula
        assert sheet.cell(2, 1).kind == "error"

    def test_merged_cells_hold_the_value_once_and_say_so(self):
        sheet = cells_of(xlsx(["甲局", "张三"], [None, "李四"], prepare=lambda s: s.merge_cells("A1:A2")))
        assert sheet.cell(2, 1).is_blank and sheet.cell(2, 1).merged
        assert sheet.spread_cell(2, 1).text == "甲局"

    def test_old_xls_with_dates_formulas_and_its_name_ignored(self):
        data = xls(["姓名", date(2026, 3, 4), 110101199001011234.0], [xlwt.Formula("1+1"), "乙", 5])
        sheet = cells_of(data, "真的.xlsx")
        assert sheet.cell(1, 2).value == date(2026, 3, 4) and sheet.cell(1, 3).imprecise
        assert sheet.cell(2, 1).formula and sheet.cell(2, 3).text == "5"

    @pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
    @pytest.mark.parametrize("mark", [",", "\t", ";"])
    def test_csv_in_the_usual_codes_and_delimiters(self, code, mark):
        text = mark.join(["姓名", "工号", "单位"]) + "\r\n" + mark.join(["张㐱", "A01", "发展改革委"]) + "\r\n\r\n"
        sheet = cells_of(text.encode(code), "名单.csv")
        assert sheet.grid == [["姓名", "工号", "单位"], ["张㐱", "A01", "发展改革委"]]

    def test_csv_with_quotes_and_line_breaks(self):
        sheet = cells_of('姓名,备注\n张三,"一,二\n三"\n'.encode())
        assert sheet.cell(2, 2).text == "一,二\n三"

    def test_hidden_sheets_are_marked(self):
        book = openpyxl.Workbook()
        book.active.append(["看得见"])
        book.create_sheet("暗").append(["看不见"])
        book["暗"].sheet_state = "hidden"
        out = io.BytesIO()
        book.save(out)
        read = read_workbook("a.xlsx", out.getvalue())
        assert [s.hidden for s in read.sheets] == [False, True]
        assert [s.name for s in read.visible_sheets] == ["Sheet"]

    def test_columns_are_named_as_in_a_spreadsheet(self):
        assert [column_letters(n) for n in (1, 26, 27, 702, 703, 16384)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]


class TestRefusing:
    def refusal(self, data: bytes, name: str = "a.xlsx", **limits) -> DomainError:
        with pytest.raises(DomainError) as caught:
            read_workbook(name, data, **limits)
        assert caught.value.message.endswith("。")
        return caught.value

    def test_a_cell_at_the_far_end_is_named(self):
        far = altered(
            xlsx(["a"]),
            xl__worksheets__sheet1_dot_xml=sheet_xml(
                '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
            ),
        )
        refused = self.refusal(far)
        assert refused.code == "too_far" and "XFD1048576" in refused.message

    def test_a_far_cell_without_content_is_harmless(self):
        styled = xlsx(["甲"], prepare=lambda s: setattr(s["CZ30"], "fill", PatternFill("solid", fgColor="FFFFFF")))
        assert cells_of(styled).grid[0][0] == "甲"

    def test_far_cells_of_xls_and_csv(self):
        book = xlwt.Workbook()
        sheet = book.add_sheet("名单")
        sheet.write(0, 0, "甲")
        sheet.write(65535, 255, "远")
        out = io.BytesIO()
        book.save(out)
        assert "IV65536" in self.refusal(out.getvalue()).message
        assert self.refusal((",".join("a" * 101) + "\n").encode()).code == "too_far"
        assert self.refusal(("甲\n" * 12).encode(), max_rows=10).code == "too_far"

    def test_limits_are_inclusive(self):
        assert len(read_workbook("a.csv", ("甲\n" * 10).encode(), max_rows=10).sheets[0].grid) == 10

    def test_a_bomb_is_refused_before_it_is_opened(self):
        bomb = altered(xlsx(["a"]), xl__worksheets__sheet1_dot_xml=sheet_xml(" " * 60_000_000))
        assert len(bomb) < 100_000
        assert self.refusal(bomb).code == "bomb"

    def test_a_bomb_that_lies_about_its_size_is_refused(self):
        """The directory says 100 bytes, the member holds sixty million."""
        bomb = altered(xlsx(["a"]), xl__worksheets__sheet1_dot_xml=sheet_xml(" " * 60_000_000))
        with zipfile.ZipFile(io.BytesIO(bomb)) as package:
            info = package.getinfo("xl/worksheets/sheet1.xml")
            true_size, true_sum = info.file_size, info.CRC
        lying = bomb.replace(true_size.to_bytes(4, "little"), (100).to_bytes(4, "little"))
        start = zlib.crc32(sheet_xml(" " * 60_000_000)[:100])
        lying = lying.replace(true_sum.to_bytes(4, "little"), start.to_bytes(4, "little"))
        assert self.refusal(lying).code == "broken"

    def test_entities_are_refused(self):
        laughs = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaa">]><worksheet>&a;</worksheet>'
        assert self.refusal(altered(xlsx(["a"]), xl__worksheets__sheet1_dot_xml=laughs)).code == "entities"
        wide = laughs.decode().replace('"1.0"', '"1.0" encoding="utf-16"').encode("utf-16")
        assert self.refusal(altered(xlsx(["a"]), xl__worksheets__sheet1_dot_xml=wide)).code == "entities"

    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (b"", "empty"),
            (b"\n\n", "empty"),
            (b"%PDF-1.7 ...", "wrong_type"),
            (b"\x89PNG\r\n\x1a\n\0\0", "wrong_type"),
            (b"Rar!\x1a\x07", "wrong_type"),
            ("<html><table><tr><td>姓名</td></tr></table>".encode(), "wrong_type"),
            (b"\x00\x01\x02\x03" * 50, "wrong_type"),
            (b"PK\x03\x04 broken", "broken"),
            (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "broken"),
            (bytes.fromhex("d0cf11e0a1b11ae1") + b"\xff" * 600, "broken"),
            (b"x" * (20 * 1024 * 1024 + 1), "too_big"),
        ],
    )
    def test_other_files_are_refused_by_what_is_in_them(self, data, code):
        assert self.refusal(data, "名单.xlsx").code == code

    def test_a_zip_that_is_no_workbook(self):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as package:
            package.writestr("word/document.xml", "<w/>")
        assert "不是 Excel 表格" in self.refusal(out.getvalue()).message

    def test_an_empty_workbook(self):
        assert self.refusal(xlsx()).code == "empty"

    @pytest.mark.parametrize(
        "sound", [xlsx(["姓名", 1.5], ["甲", 2]), xls(["姓名", 1.5], ["甲", 2])], ids=["xlsx", "xls"]
    )
    @settings(max_examples=60, deadline=None)
    @given(data=st.data())
    def test_damaged_files_are_read_or_refused_never_more(self, sound, data):
        good = bytearray(sound)
        for _ in range(data.draw(st.integers(1, 12))):
            good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
        cut = data.draw(st.integers(1, len(good)))
        for damaged in (bytes(good), bytes(good[:cut])):
            assert outcome(damaged).endswith("。")

    @settings(max_examples=100, deadline=None)
    @given(st.binary(max_size=300))
    def test_any_bytes_are_read_or_refused(self, data):
        assert outcome(data).endswith("。")


class TestTables:
    def table(self, *rows, prepare=None, **options):
        return find_table(cells_of(xlsx(*rows, prepare=prepare)), COLUMNS, **options)

    def test_titles_blank_rows_subtotals_notes_and_repeated_headings_are_passed_over(self):
        table = self.table(
            ["第三期主体班学员名单"],
            [None, "填报单位：示范局"],
            ["序号", "名 字", "人员编号", "单位名称", "＊手机（必填）"],
            [1, "张三", "A01", "甲局", 13800000000],
            [],
            ["小计", None, None, 1],
            ["序号", "名 字", "人员编号", "单位名称", "手机"],
            [2, "李四", "A02", "乙局", "13900000000"],
            ["合计：", None, None, 2],
            ["填表人：王五", None, None, "联系电话"],
        )
        assert table.header_row == 3
        assert table.columns == {"name": 2, "number": 3, "unit": 4, "phone": 5}
        assert [(r.number, r.text("name"), r.text("phone")) for r in table.rows] == [
            (4, "张三", "13800000000"),
            (8, "李四", "13900000000"),
        ]
        assert table.unknown == [(1, "序号")]
        assert [n for n, _ in table.skipped] == [6, 7, 9, 10]
        assert dict(table.skipped)[7] == "重复的表头"

    def test_missing_and_repeated_columns_are_named(self):
        table = self.table(["姓名", "单位", "姓名", "籍贯"], ["张三", "甲", "张三", "某省"])
        assert [c.label for c in table.missing] == ["工号"]
        assert table.repeated == [(3, "姓名")] and table.unknown == [(4, "籍贯")]

    def test_a_mapping_by_hand_wins(self):
        table = self.table(["甲列", "乙列"], ["张三", "A01"], mapping={"name": 1, "number": 2}, header_row=1)
        assert table.rows[0].text("number") == "A01" and not table.missing

    def test_headings_over_two_rows(self):
        def merge(sheet):
            sheet.merge_cells("A1:A2")
            sheet.merge_cells("B1:B2")
            sheet.merge_cells("C1:D1")

        table = self.table(
            ["姓名", "工号", "联系方式"], [None, None, "手机号", "邮箱"], ["张三", "A01", "138"], prepare=merge
        )
        assert table.columns["phone"] == 3 and [r.number for r in table.rows] == [3]

    def test_a_unit_merged_over_several_people_counts_for_each(self):
        table = self.table(
            ["姓名", "工号", "单位"], ["张三", "A01", "甲局"], ["李四", "A02"], prepare=lambda s: s.merge_cells("C2:C3")
        )
        assert [r.text("unit") for r in table.rows] == ["甲局", "甲局"]
        assert table.rows[1].cells["unit"].merged

    def test_a_row_with_only_a_formula_is_not_blank(self):
        assert len(self.table(["姓名", "工号"], ["=A1", None]).rows) == 1

    def test_no_heading_is_refused_with_the_names_looked_for(self):
        with pytest.raises(DomainError, match="姓名、工号"):
            self.table(["随便", "什么"])

    def test_the_best_visible_sheet_is_taken(self):
        book = openpyxl.Workbook()
        book.active.append(["说明"])
        book.create_sheet("学员").append(["姓名", "工号"])
        out = io.BytesIO()
        book.save(out)
        assert find_table_in(read_workbook("a", out.getvalue()), COLUMNS).sheet == "学员"

    def test_labels_are_compared_without_what_varies(self):
        assert plain_label(" 姓　名（必填）＊：") == plain_label("姓名")


class TestWriting:
    FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠x", " =1", "\u3000=1", "\n=1"]

    @pytest.mark.parametrize("text", FORMULAS)
    def test_no_text_starts_a_formula(self, text):
        out = write_xlsx([SheetSpec("表", ["值"], [[text]])])
        cell = openpyxl.load_workbook(io.BytesIO(out)).active["A2"]
        assert cell.data_type == "s" and cell.value.startswith("'")
        line = list(csv_lines(["值"], [[text]]))[-1].decode()
        assert line.lstrip('"').startswith("'")

    def test_the_control_a_plain_writer_would_compute(self):
        book = openpyxl.load_workbook(io.BytesIO(xlsx(["=1+1"])))
        assert book.active["A1"].data_type == "f"

    def test_numbers_stay_numbers_and_our_guard_comes_off_on_reading(self):
        out = write_xlsx([SheetSpec("表", ["值", "数"], [["-无-", -5]])])
        sheet = cells_of(out)
        assert sheet.cell(2, 1).text == "-无-" and sheet.cell(2, 2).value == -5

    def test_headings_formula_too(self):
        assert next(iter(list(csv_lines(["=x"], []))[1:])).startswith(b"'=")

    def test_template_with_note_drop_downs_and_codes_as_text(self):
        names = [f"第{n}单位" for n in range(200)]
        spec = SheetSpec(
            "名单",
            [ColumnSpec("姓名", required=True), ColumnSpec("工号", code=True), ColumnSpec("单位", choices=names)],
            note="带红字的列必须填写",
            blank_rows=100,
        )
        sheet = openpyxl.load_workbook(io.BytesIO(write_xlsx([spec])))["名单"]
        assert sheet["A1"].value == "带红字的列必须填写" and sheet["B2"].value == "工号"
        assert sheet.freeze_panes == "A3" and sheet["B50"].number_format == "@"
        (rule,) = sheet.data_validations.dataValidation
        assert str(rule.sqref) == "C3:C102" and rule.formula1 == "='选项'!$A$1:$A$200"
        assert find_table(cells_of(write_xlsx([spec])), COLUMNS).header_row == 2

    def test_codes_keep_leading_zeros_and_long_digits(self):
        out = write_xlsx([SheetSpec("表", [ColumnSpec("工号", code=True)], [["00123"], ["110101199001011234"]])])
        assert [cells_of(out).cell(r, 1).value for r in (2, 3)] == ["00123", "110101199001011234"]

    def test_dates_are_dates_and_unprintable_characters_go(self):
        out = write_xlsx([SheetSpec("表", ["日", "字"], [[date(2026, 11, 23), "甲\x00\x0b\ud800乙"]])])
        assert cells_of(out).cell(2, 1).value == date(2026, 11, 23) and cells_of(out).cell(2, 2).text == "甲乙"

    def test_widths_fit_chinese(self):
        assert display_width("姓名ab") == 6
        out = write_xlsx([SheetSpec("表", ["单位"], [["云山市发展和改革委员会"]])])
        assert openpyxl.load_workbook(io.BytesIO(out)).active.column_dimensions["A"].width == 25

    @pytest.mark.parametrize("name", ["a/b:c*?[]'", "", "很" * 60])
    def test_any_sheet_name_is_made_fit(self, name):
        assert openpyxl.load_workbook(io.BytesIO(write_xlsx([SheetSpec(name, ["甲"])]))).sheetnames
        assert 0 < len(sheet_name(name)) <= 31

    @settings(max_examples=60, deadline=None)
    @given(st.lists(st.text(st.characters(), max_size=40), min_size=1, max_size=5))
    def test_any_text_can_be_written_and_read(self, values):
        write_xlsx([SheetSpec("表", ["值"], [[v] for v in values])])
        b"".join(csv_lines(["值"], [[v] for v in values]))

    @given(st.text())
    def test_nothing_neutral_starts_a_formula(self, text):
        assert not str(neutral(text)).lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))

    def test_file_names_in_both_spellings_and_without_line_breaks(self):
        header = disposition('名单\r\n"x".xlsx')
        assert "\r" not in header and "\n" not in header and "filename*=UTF-8''%E5%90%8D%E5%8D%95" in header
        response = download_response("名单.xlsx", b"x")
        assert response["Content-Type"].endswith("spreadsheetml.sheet") and "no-store" in response["Cache-Control"]
