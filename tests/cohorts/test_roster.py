"""The roster on its way into a class: the wizard and the command."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from cohorts.models import Cohort
from core.spreadsheets.reader import read_workbook
from core.spreadsheets.writer import ColumnSpec, SheetSpec, write_xlsx
from people.models import RosterImport, User
from tests.factories.cohorts import CohortFactory
from tests.factories.people import synthetic_id

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]
HEADINGS = ["姓名", ColumnSpec("工号", code=True), "单位", "职务层次", ColumnSpec("身份证号", code=True)]


def workbook(rows: int = 3, *, bad: bool = False, headings: list[Any] | None = None) -> bytes:
    lines = [[f"示范{n:03d}", f"R{n:05d}", "市数据局", "乡科级正职", synthetic_id(701 + 2 * n)] for n in range(rows)]
    if bad:
        lines.append(["", "R99999", "不存在的单位", "", "110101198506011234"])
    return write_xlsx([SheetSpec("学员名单", headings or HEADINGS, lines)])


@pytest.fixture
def cohort(personas: dict[str, User]) -> Cohort:
    return CohortFactory(confirmed=True)


def url(name: str, cohort: Cohort, *more: Any) -> str:
    return reverse(f"cohorts:{name}", args=[cohort.public_id, *more])


def upload(browser: Any, cohort: Cohort, data: bytes, name: str = "名册.xlsx") -> Any:
    return browser.post(url("roster-upload", cohort), {"file": SimpleUploadedFile(name, data)})


def test_wizard_previews_writes_nothing_then_imports_into_the_class(
    cohort: Cohort, personas: dict[str, User], signed_in: Any
) -> None:
    office = signed_in(personas["training_office"])
    before = User.objects.count()
    answer = upload(office, cohort, workbook(bad=True))
    staged = RosterImport.objects.get()
    assert answer.url == url("roster-preview", cohort, staged.pk)
    page = office.get(answer.url).content.decode()
    assert User.objects.count() == before, "the preview writes nobody"
    assert "导入 3 人" in page and "不存在的单位" in page and "下载退回的行" in page
    refused = read_workbook("退回.xlsx", office.get(url("roster-refused", cohort, staged.pk)).content)
    assert [c.text for c in refused.sheets[0].row(1)][-3:] == ["退回原因", "原工作表", "原行号"]
    assert office.post(url("roster-commit", cohort, staged.pk)).url == url("members", cohort)
    assert cohort.memberships.count() == 3
    assert office.post(url("roster-commit", cohort, staged.pk)).status_code == 404, "a file is imported once"


def test_the_same_file_again_changes_nothing(cohort: Cohort, personas: dict[str, User], signed_in: Any) -> None:
    office = signed_in(personas["training_office"])
    for _ in range(2):
        address = upload(office, cohort, workbook()).url
        office.post(address + "commit/")
    assert User.objects.filter(work_number__startswith="R0").count() == 3
    assert cohort.memberships.count() == 3


def test_unknown_headings_are_mapped_by_hand(cohort: Cohort, personas: dict[str, User], signed_in: Any) -> None:
    office = signed_in(personas["training_office"])
    strange = workbook(headings=["甲", "乙", "丙", "丁", "戊"])
    answer = upload(office, cohort, strange)
    staged = RosterImport.objects.get()
    assert answer.url == url("roster-columns", cohort, staged.pk)
    assert "第 2 列：乙" in office.get(answer.url).content.decode()
    mapping = {"column_name": "1", "column_work_number": "2", "column_unit": "3", "column_level": "4"}
    assert office.post(answer.url, {**mapping, "column_id_number": "x"}).url == url("roster-preview", cohort, staged.pk)
    assert "导入 3 人" in office.get(url("roster-preview", cohort, staged.pk)).content.decode()


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04junk", b"%PDF-1.7", "只有一行字".encode()])
def test_bad_files_are_answered_with_a_sentence(
    data: bytes, cohort: Cohort, personas: dict[str, User], signed_in: Any
) -> None:
    answer = upload(signed_in(personas["training_office"]), cohort, data)
    assert answer.status_code in (302, 422)
    assert not cohort.memberships.exists()


def test_an_upload_is_its_owners(cohort: Cohort, personas: dict[str, User], signed_in: Any) -> None:
    address = upload(signed_in(personas["training_office"]), cohort, workbook()).url
    assert signed_in(personas["class_teacher"]).get(address).status_code == 403
    other = CohortFactory(confirmed=True)
    moved = address.replace(str(cohort.public_id), str(other.public_id))
    assert signed_in(personas["training_office"]).get(moved).status_code == 404


def test_every_upload_page_repeats_the_secrecy_line(cohort: Cohort, personas: dict[str, User], signed_in: Any) -> None:
    office = signed_in(personas["training_office"])
    assert "请勿上传、处理国家秘密" in office.get(url("roster-upload", cohort)).content.decode()
    template = read_workbook("模板.xlsx", office.get(reverse("cohorts:roster-template")).content)
    assert "姓名" in [c.text for c in template.sheets[0].row(2)]


# The command.


def run(path: Path, *options: str) -> tuple[int, dict[str, Any]]:
    out, code = StringIO(), 0
    try:
        call_command("import_roster", str(path), "--json", *options, stdout=out)
    except SystemExit as end:
        code = int(end.code or 0)
    return code, json.loads(out.getvalue())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "名册.xlsx"
    path.write_bytes(workbook())
    return path


def test_command_has_the_six_keys_and_fills_the_class(cohort: Cohort, file: Path) -> None:
    code, first = run(file, "--cohort", cohort.code)
    assert code == 0 and set(first) == {"rows", "created", "updated", "unchanged", "errors", "warnings"}
    assert (first["rows"], first["created"], first["errors"]) == (3, 3, [])
    assert cohort.memberships.count() == 3
    code, second = run(file, "--cohort", cohort.code)
    assert (code, second["created"], second["updated"], second["unchanged"]) == (0, 0, 0, 3)


def test_command_dry_run_writes_nothing(cohort: Cohort, file: Path) -> None:
    code, report = run(file, "--cohort", cohort.code, "--dry-run")
    assert (code, report["created"]) == (0, 3)
    assert not cohort.memberships.exists() and not User.objects.filter(work_number__startswith="R0").exists()


def test_command_ends_with_1_and_names_row_column_value_and_reason(cohort: Cohort, tmp_path: Path) -> None:
    path = tmp_path / "名册.xlsx"
    path.write_bytes(workbook(bad=True))
    code, report = run(path, "--dry-run")
    assert code == 1
    assert all(set(error) == {"sheet", "row", "column", "value", "reason"} for error in report["errors"])
    assert {error["row"] for error in report["errors"]} == {5}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["没有.xlsx"], "打不开文件"),
        (["{file}", "--cohort", "没有"], "没有编号为 没有 的班次"),
        (["{file}", "--actor", "没有"], "没有工号为 没有 的在用人员"),
    ],
)
def test_command_refuses_with_a_sentence(cohort: Cohort, file: Path, arguments: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("import_roster", *[a.format(file=file) for a in arguments])


def test_a_class_that_refuses_its_people_leaves_nobody_behind(cohort: Cohort, file: Path) -> None:
    Cohort.objects.filter(pk=cohort.pk).update(state="archived", closed_at=cohort.made_at)
    with pytest.raises(CommandError, match="目前是“已归档”"):
        call_command("import_roster", str(file), "--cohort", cohort.code)
    assert not User.objects.filter(work_number__startswith="R0").exists()
