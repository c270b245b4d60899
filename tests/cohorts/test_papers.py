"""The papers of a class: what they say, who may print them, what a print leaves behind, long ones as jobs."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader
from wagtail.models import ModelLogEntry

from cohorts import services
from cohorts.models import Cohort, Membership
from cohorts.papers.catalogue import PAPERS
from cohorts.papers.values import Choice
from cohorts.services import papers as printing
from core import jobs
from core.errors import DomainError
from core.models import Job
from core.spreadsheets.reader import read_workbook
from core.storage import private_storage
from people.models import PersonalFileRead, Unit, User
from tests.drawing.reading import packed, text_of
from tests.factories.cohorts import MONDAY, CohortFactory, attend, closed, people
from tests.factories.cohorts import publish as publish_again
from tests.factories.people import UnitFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

RARE = "张𬱖䶮"
BOTH = [(key, made_as) for key, paper in PAPERS.items() for made_as in paper.makers]


@pytest.fixture
def cohort(personas: dict[str, User]) -> Cohort:
    """A running class of two units with attendance of its first day."""
    bureau = UnitFactory(parent=Unit.objects.get(code="YS"), name="云山市司法局法治督察办公室")
    members = [personas["trainee"], *people(3, personas["trainee"].unit), *people(2, bureau)]
    made = CohortFactory(running=True, members=members, size=3, teacher=personas["class_teacher"])
    attend(made)
    return made


@pytest.fixture
def teacher(personas: dict[str, User]) -> User:
    return personas["class_teacher"]


def print_it(cohort: Cohort, teacher: User, key: str, made_as: str = "pdf", **choice: Any) -> bytes:
    made = services.print_paper(actor=teacher, cohort=cohort, key=key, made_as=made_as, choice=Choice(**choice))
    assert not isinstance(made, Job)
    return made.data


def pdf_text(folder: Path, data: bytes) -> str:
    return packed(text_of(folder, data))


def docx_text(data: bytes) -> str:
    """Everything that a Word document says, in order."""
    body = docx.Document(io.BytesIO(data)).element.body
    return packed("".join(node.text or "" for node in body.iter() if node.tag.endswith("}t")))


def in_formats(folder: Path, cohort: Cohort, teacher: User, key: str, **choice: Any) -> list[str]:
    """What the paper says as PDF and as Word document."""
    pdf = pdf_text(folder, print_it(cohort, teacher, key, **choice))
    return [pdf, docx_text(print_it(cohort, teacher, key, "docx", **choice))]


# What they say.


def test_a_notice_names_the_people_of_its_unit_only(cohort: Cohort, teacher: User, tmp_path: Path) -> None:
    mine = cohort.memberships.first().unit
    others = cohort.memberships.exclude(unit=mine)
    for text in in_formats(
        tmp_path,
        cohort,
        teacher,
        "call-up",
        unit=mine.pk,
        number="云培〔2026〕3号",
        reply_by=date(2026, 9, 10),
        phone="8000",
    ):
        assert f"关于举办{cohort.full_title}的调训通知" in text
        assert f"{mine.name}：" in text
        assert "云培〔2026〕3号" in text
        assert "9月10日前将回执反馈" in text
        assert "联系人：李静；联系电话：8000" in text or "联系电话：8000" in text
        assert "9月14日（星期一）09:00前" in text
        assert "回执" in text
        for member in cohort.memberships.filter(unit=mine):
            assert text.count(member.user.name) >= 2  # in the notice and on the slip
        for member in others:
            assert member.user.name not in text


def test_one_notice_for_each_unit(cohort: Cohort, teacher: User, tmp_path: Path) -> None:
    data = print_it(cohort, teacher, "call-up")
    text = pdf_text(tmp_path, data)
    assert text.count("现将有关事项通知如下") == 2
    assert text.count("—1—") == 2
    document = docx.Document(io.BytesIO(print_it(cohort, teacher, "call-up", "docx")))
    assert len(document.sections) == 2


def test_what_nobody_filled_in_is_left_to_write(cohort: Cohort, teacher: User, tmp_path: Path) -> None:
    text = pdf_text(tmp_path, print_it(cohort, teacher, "call-up"))
    assert "〔2026〕号" in text
    assert "请于月日前将回执反馈" in text
    assert "None" not in text


def test_the_handbook_holds_the_class(cohort: Cohort, teacher: User, tmp_path: Path) -> None:
    for text in in_formats(tmp_path, cohort, teacher, "handbook"):
        assert "学员手册" in text
        assert all(member.user.name in text for member in cohort.memberships.all())
        assert "第1天上午：数据共享与业务协同" in text
        assert "40÷7＝5.71学时" in text
        assert "1.所有请假，由班主任审批；2.超过0.5天的，由教务处审批；" in text
        assert "4.超过3天的，由组织部审批。" in text
        assert "累计请假5学时，没有超过；累计请假6学时，就超过了" in text
        assert "三楼报告厅" in text
        assert "班主任" in text


def test_exactly_a_seventh_is_told_as_within_the_limit(cohort: Cohort, teacher: User, tmp_path: Path) -> None:
    cohort.sessions.update(hours=Decimal("5.6"))
    publish_again(cohort)
    text = pdf_text(tmp_path, print_it(cohort, teacher, "handbook"))
    assert "56÷7＝8学时" in text
    assert "累计请假8学时，没有超过；累计请假9学时，就超过了" in text


def test_the_name_list_stands_by_group_and_by_unit(cohort: Cohort, teacher: User, tmp_path: Path) -> None:
    for text in in_formats(tmp_path, cohort, teacher, "name-list"):
        for member in cohort.memberships.all():
            assert text.count(member.user.name) >= 2
        assert "第1组（3人）" in text
        assert "云山市司法局法治督察办公室（2人）" in text
    book = read_workbook("名册.xlsx", print_it(cohort, teacher, "name-list", "xlsx"))
    assert [sheet.name for sheet in book.sheets] == ["按小组", "按单位"]
    assert book.sheets[0].height == 2 + 6


def test_rare_characters_print_and_have_a_face_in_word(cohort: Cohort, teacher: User, tmp_path: Path) -> None:
    User.objects.filter(memberships__cohort=cohort, work_number="A0001").update(name=RARE)
    User.objects.filter(pk=cohort.memberships.last().user_id).update(name=RARE)
    assert RARE in pdf_text(tmp_path, print_it(cohort, teacher, "name-list"))
    document = docx.Document(io.BytesIO(print_it(cohort, teacher, "name-list", "docx")))
    runs = [run for table in document.tables for row in table.rows for c in row.cells for run in c.paragraphs[0].runs]
    faces = {run.text: re.search(r'eastAsia="([^"]+)"', run._r.xml).group(1) for run in runs}
    assert faces["𬱖"] == "SimSun-ExtB"
    assert faces["䶮"] == "宋体"


def test_characters_that_no_face_holds_are_refused_with_the_name(cohort: Cohort, teacher: User) -> None:
    User.objects.filter(pk=cohort.memberships.last().user_id).update(name="张\U0010fffd")
    with pytest.raises(DomainError, match=r"张.*U\+10FFFD"):
        print_it(cohort, teacher, "desk-cards")
    assert not ModelLogEntry.objects.filter(action="cohorts.papers.print").exists()


def test_sign_in_by_week_and_by_half_day(cohort: Cohort, teacher: User) -> None:
    def pages(slots: str) -> int:
        return len(PdfReader(io.BytesIO(print_it(cohort, teacher, "sign-in", slots=slots))).pages)

    assert pages(f"week:{MONDAY}") == 1
    assert pages(f"half:{MONDAY}:pm") == 1
    assert pages("all") == 10
    with pytest.raises(DomainError, match="重新选择"):
        pages("week:2020-01-06")


def test_papers_go_by_the_published_timetable_and_say_so(
    cohort: Cohort, teacher: User, tmp_path: Path, signed_in: Any
) -> None:
    cohort.sessions.filter(day=MONDAY, half="am").update(title="尚未发布的内容")
    text = pdf_text(tmp_path, print_it(cohort, teacher, "handbook"))
    assert "尚未发布的内容" not in text and "课表第1次发布（2026年9月14日）" in text.replace(" ", "")
    page = signed_in(teacher).get(url("papers", cohort)).content.decode()
    assert "课表有 1 处修改没有发布，材料按第 1 次发布印出。" in page
    fresh = CohortFactory(members=2, published=False, teacher=teacher)
    assert "课表还没有发布" in signed_in(teacher).get(url("papers", fresh)).content.decode()
    with pytest.raises(DomainError, match="课表还没有发布"):
        print_it(fresh, teacher, "sign-in")
    text = pdf_text(tmp_path, print_it(fresh, teacher, "handbook"))
    assert "课程还没有排定" in text and "以课程安排为准" in text


def test_a_sheet_for_groups_holds_their_members_and_a_week_strikes_out_the_others(
    cohort: Cohort, teacher: User, tmp_path: Path
) -> None:
    cohort.sessions.get(day=MONDAY, half="am").groups.set(cohort.groups.filter(number=1))
    publish_again(cohort)
    others = cohort.memberships.filter(group__number=2).values_list("user__name", flat=True)
    half = pdf_text(tmp_path, print_it(cohort, teacher, "sign-in", slots=f"half:{MONDAY}:am"))
    assert "应到3人" in half.replace(" ", "") and not any(name in half for name in others)
    week = pdf_text(tmp_path, print_it(cohort, teacher, "sign-in", slots=f"week:{MONDAY}"))
    assert week.count("／") == 3 and all(name in week for name in others)


def test_the_attendance_table_counts_what_was_recorded(cohort: Cohort, teacher: User, tmp_path: Path) -> None:
    first = cohort.memberships.order_by("pk").first()
    first.attendance.filter(day=MONDAY, half="am").update(status="absent")
    first.attendance.filter(day=MONDAY, half="pm").delete()
    text = pdf_text(tmp_path, print_it(cohort, teacher, "attendance"))
    assert text.count("√") == 6 * 10 - 2 + 1  # and one in the key to the marks
    assert "未登记（不等于旷课）" in text


def test_appraisals_have_room_to_write(cohort: Cohort, teacher: User, tmp_path: Path) -> None:
    for text in in_formats(tmp_path, cohort, teacher, "appraisal"):
        assert text.count("学员结业鉴定表") >= 6
        assert text.count("本人签名：") == 6
        assert "应到10个半天：到课10" in text


def test_a_signed_appraisal_is_printed_and_a_draft_is_not(cohort: Cohort, teacher: User, tmp_path: Path) -> None:
    signed, draft = cohort.memberships.all()[:2]
    for member, words in ((signed, "学习刻苦，遵守纪律。"), (draft, "这是没有签名的草稿。")):
        services.write_appraisal(
            actor=teacher, membership=member, version=0, group_opinion="同意。", teacher_opinion=words, grade="good"
        )
    services.sign_appraisal(actor=teacher, membership=signed, version=1, summary_version=0, signed_name=teacher.name)
    for text in in_formats(tmp_path, cohort, teacher, "appraisal"):
        assert "学习刻苦，遵守纪律。（鉴定等次：良好）" in text
        assert "草稿" not in text and text.count("同意。") == 2


def test_feedback_waits_for_the_closing(cohort: Cohort, teacher: User) -> None:
    with pytest.raises(DomainError, match="结班后"):
        print_it(cohort, teacher, "feedback")


def test_feedback_tells_a_unit_about_its_own_people(personas: dict[str, User], tmp_path: Path) -> None:
    bureau = UnitFactory(parent=Unit.objects.get(code="YS"), name="云山市司法局法治督察办公室")
    members = [personas["trainee"], *people(2, personas["trainee"].unit), *people(1, bureau)]
    cohort = closed(members=members, teacher=personas["class_teacher"], host=Unit.objects.get(code="YS"))
    other = cohort.memberships.get(unit=bureau)
    mine = personas["trainee"].unit
    for text in in_formats(tmp_path, cohort, personas["class_teacher"], "feedback", unit=mine.pk):
        assert f"{mine.name}：" in text
        assert personas["trainee"].name in text
        assert "40结业" in text
        assert other.user.name not in text
        assert bureau.name not in text
        assert not re.search("排名|名次|平均|高于|低于|第一名", text)
        assert "不作为任免、奖惩的直接依据" in text


def test_the_demo_says_that_it_is_one(cohort: Cohort, teacher: User, tmp_path: Path) -> None:
    for key in ("call-up", "handbook", "name-list", "appraisal", "sign-in", "attendance"):
        assert "虚构" in pdf_text(tmp_path, print_it(cohort, teacher, key)), key
    Cohort.objects.filter(pk=cohort.pk).update(is_synthetic=False)
    cohort.refresh_from_db()
    assert "虚构" not in pdf_text(tmp_path, print_it(cohort, teacher, "call-up"))


def test_papers_are_chinese_on_an_english_screen(cohort: Cohort, teacher: User, tmp_path: Path) -> None:
    with translation.override("en"):
        text = pdf_text(tmp_path, print_it(cohort, teacher, "handbook"))
    assert "上午" in text
    assert not re.search("morning|Lecture|Group", text, re.IGNORECASE)


# Who, and what it leaves behind.


def url(name: str, cohort: Cohort, *more: str) -> str:
    return reverse(f"cohorts:{name}", args=[cohort.public_id, *more])


@pytest.mark.parametrize(("key", "made_as"), BOTH)
def test_those_who_run_the_class_download_and_others_find_nothing(
    key: str, made_as: str, cohort: Cohort, personas: dict[str, User], signed_in: Any
) -> None:
    data = {"format": made_as}
    assert signed_in(personas["other_teacher"]).post(url("paper-print", cohort, key), data).status_code == 404
    for who in ("trainee", "lecturer", "leader", "unit_admin"):
        assert signed_in(personas[who]).post(url("paper-print", cohort, key), data).status_code == 403
    assert not ModelLogEntry.objects.filter(action="cohorts.papers.print").exists()
    assert not PersonalFileRead.objects.exists()
    got = signed_in(personas["class_teacher"]).post(url("paper-print", cohort, key), data)
    if key == "feedback":
        assert got.status_code == 302
        return
    assert got.status_code == 200
    assert got["Content-Disposition"].startswith("attachment")
    assert got.content[:4] == (b"%PDF" if made_as == "pdf" else b"PK\x03\x04")
    entry = ModelLogEntry.objects.get(action="cohorts.papers.print")
    assert entry.user == personas["class_teacher"]
    assert entry.data["count"] == 6


def test_results_are_noted_as_read_and_names_are_not(cohort: Cohort, teacher: User) -> None:
    for key in ("call-up", "handbook", "desk-cards", "badges", "name-list", "sign-in"):
        print_it(cohort, teacher, key)
    assert not PersonalFileRead.objects.exists()
    print_it(cohort, teacher, "attendance")
    assert PersonalFileRead.objects.filter(part=f"考勤表：{cohort.code}", reader=teacher).count() == 6
    print_it(cohort, teacher, "appraisal", group=cohort.groups.first().pk)
    assert PersonalFileRead.objects.filter(part=f"结业鉴定表：{cohort.code}").count() == 3


def test_the_service_asks_for_the_right_itself(cohort: Cohort, personas: dict[str, User]) -> None:
    with pytest.raises(DomainError, match="培训处可以办理"):
        print_it(cohort, personas["other_teacher"], "name-list")


def test_get_prints_nothing(cohort: Cohort, teacher: User, signed_in: Any) -> None:
    assert signed_in(teacher).get(url("paper-print", cohort, "name-list")).status_code == 405


def test_the_page_says_what_is_missing(teacher: User, signed_in: Any) -> None:
    empty = CohortFactory(members=0, days=0, teacher=teacher)
    text = signed_in(teacher).get(url("papers", empty)).content.decode()
    assert "还没有学员。先添加学员或导入名册。" in text
    assert "课表还没有排。" in text
    assert "班次还没有结班" in text
    assert "paper-print" not in text and "formaction" not in text
    got = signed_in(teacher).post(url("paper-print", empty, "handbook"), {"format": "pdf"}, follow=True)
    assert "还没有学员" in got.content.decode()


def test_the_page_lists_papers_in_the_order_of_the_work(cohort: Cohort, teacher: User, signed_in: Any) -> None:
    text = signed_in(teacher).get(url("papers", cohort)).content.decode()
    places = [text.index(f"{n}. {paper.title}") for n, paper in enumerate(PAPERS.values(), 1)]
    assert places == sorted(places)
    assert "还不能打印" in text


def test_a_group_without_anybody_is_answered_with_a_sentence(cohort: Cohort, teacher: User, signed_in: Any) -> None:
    lonely = cohort.groups.create(number=9)
    got = signed_in(teacher).post(
        url("paper-print", cohort, "name-list"), {"format": "pdf", "group": lonely.pk}, follow=True
    )
    assert "没有可以打印的学员" in got.content.decode()


@pytest.mark.parametrize(
    "data",
    [
        {"unit": "x"},
        {"group": "999999999"},
        {"slots": "week:nonsense"},
        {"reply_by": "31.31.2026"},
        {"number": "甲" * 200},
    ],
)
def test_a_choice_that_cannot_be_is_shown_with_its_field(
    data: dict[str, str], cohort: Cohort, teacher: User, signed_in: Any
) -> None:
    got = signed_in(teacher).post(url("paper-print", cohort, "sign-in"), {"format": "pdf", **data})
    assert got.status_code == 422


def test_an_unknown_format_is_refused_and_an_unknown_paper_is_not_there(
    cohort: Cohort, teacher: User, signed_in: Any
) -> None:
    got = signed_in(teacher).post(url("paper-print", cohort, "name-list"), {"format": "exe"}, follow=True)
    assert "没有这种材料或格式" in got.content.decode()
    assert signed_in(teacher).post(url("paper-print", cohort, "nonsense"), {"format": "pdf"}).status_code == 404


@pytest.mark.parametrize("key", [key for key in PAPERS if key not in ("feedback",)])
def test_queries_do_not_grow_with_the_class(key: str, personas: dict[str, User]) -> None:
    teacher, counts = personas["class_teacher"], []
    ContentType.objects.get_for_model(Cohort)  # asked once in each process
    for size in (4, 40):
        cohort = CohortFactory(running=True, members=size, size=2, teacher=teacher)
        attend(cohort)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            services.print_paper(actor=teacher, cohort=cohort, key=key, made_as="pdf", choice=Choice())
        counts.append(len(seen))
    assert counts[0] == counts[1]


# Long ones.


def test_a_long_paper_is_made_in_pieces_and_handed_out_as_one_archive(
    cohort: Cohort, teacher: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "LONG", 3)
    monkeypatch.setattr("cohorts.papers.catalogue.AT_A_TIME", 2)
    job = services.print_paper(actor=teacher, cohort=cohort, key="appraisal", made_as="pdf", choice=Choice())
    assert isinstance(job, Job)
    assert PersonalFileRead.objects.count() == 6
    jobs.run_now(job)
    job.refresh_from_db()
    assert (job.state, job.total, job.result["refused"]) == ("done", 3, 0)
    with job.result_file.open() as file, zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        pages = [len(PdfReader(io.BytesIO(archive.read(name))).pages) for name in names]
    assert names[0].startswith("01-") and pages == [2, 2, 2]


def test_a_unit_with_an_unprintable_name_is_left_out_and_named(
    cohort: Cohort, teacher: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "LONG", 1)
    User.objects.filter(pk=cohort.memberships.last().user_id).update(name="张\U0010fffd")
    job = services.print_paper(actor=teacher, cohort=cohort, key="call-up", made_as="pdf", choice=Choice())
    jobs.run_now(job)
    job.refresh_from_db()
    assert job.result["refused"] == 1
    assert "U+10FFFD" in job.refusals.get().reason


def test_a_job_prints_nothing_for_somebody_who_lost_the_class(
    cohort: Cohort, teacher: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "LONG", 1)
    job = services.print_paper(actor=teacher, cohort=cohort, key="appraisal", made_as="pdf", choice=Choice())
    cohort.staff.filter(user=teacher).delete()
    jobs.run_now(job)
    job.refresh_from_db()
    assert job.result["succeeded"] == 0
    assert not private_storage().exists(f"papers/{job.pk}/0")


def test_members_who_did_not_come_are_called_up_no_more(cohort: Cohort, teacher: User, tmp_path: Path) -> None:
    gone = cohort.memberships.last()
    Membership.objects.filter(pk=gone.pk).update(state="no_show", reason="因公未到")
    for key in ("call-up", "desk-cards", "sign-in", "attendance", "appraisal"):
        assert gone.user.name not in pdf_text(tmp_path, print_it(cohort, teacher, key)), key
