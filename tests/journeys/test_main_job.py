"""The main job through the screens: from the roster to a certificate that the public verifies and leaders read."""

from __future__ import annotations

import re
import uuid
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest

from assessments.models import Exam, QuestionVersion, Task
from assessments.services import close_marking, hand_in, mark_submission, save_answer, start_attempt, submit
from certificates.models import Certificate
from cohorts.models import Cohort
from cohorts.rules.halfdays import HalfDay
from cohorts.services import add_session, attach_paper, record_attendance
from core import clock
from courses.models import Enrolment
from courses.rules.progress import ProgressUpdate
from courses.services import answer_lesson_check, open_session, save_progress
from people.models import Unit, User
from tests.browser import PHONE
from tests.certificates.pdf import pdf_text
from tests.journeys.conftest import House, OpenWindow
from tests.journeys.people import Cadre, Lecturer, Office, Person, Teacher, moment, workers_run

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys-job")]

MONDAY = date(2026, 12, 7)
WEEK = [date(2026, 12, n) for n in range(7, 12)]
COURSE = "政务服务流程再造"
PASSING, FAILING = ("ZZ1001", "闻人若水"), ("ZZ1002", "段知行")
OTHERS = [("ZZ1003", "曾以宁"), ("ZZ1004", "单明哲"), ("ZZ1005", "区慧"), ("ZZ1006", "阿不都热合曼·买买提")]
EVERYBODY = [PASSING, FAILING, *OTHERS]


class Story:
    """What the steps share: the browsers of the people, the class and its address."""

    def __init__(self, house: House, window: OpenWindow) -> None:
        self.house, self.window = house, window
        self.unit = Unit.objects.get(pk=User.objects.get(work_number="LH0001").unit_id)
        self.everybody: list[Person] = []
        self.board = ""
        self.codes: dict[str, str] = {}

    def person(self, kind: Any, **options: Any) -> Any:
        somebody = kind(self.window(**options).new_page())
        self.everybody.append(somebody)
        return somebody

    def staff(self, kind: Any, login: str, **options: Any) -> Any:
        somebody = self.person(kind, **options)
        account = self.house.account(login)
        somebody.signs_in(account["login"], account["password"])
        return somebody

    @property
    def cohort(self) -> Cohort:
        return Cohort.objects.get(code="YS2026-09")

    @property
    def teacher(self) -> User:
        return User.objects.get(work_number="TEA001")

    def findings(self) -> list[str]:
        return list(dict.fromkeys(line for somebody in self.everybody for line in somebody.told))


@pytest.fixture
def tale(house: House, window: OpenWindow) -> Story:
    return Story(house, window)


def test_a_class_from_the_roster_to_the_certificate(tale: Story):
    office = given_the_office_plans_a_class(tale)
    when_the_roster_is_imported(tale, office)
    assert office.seconds <= 10 * 60, "from the roster to the class within ten minutes"
    when_courses_exams_and_a_task_are_set(tale, office)
    passing, failing = when_two_cadres_activate_their_accounts(tale)
    teacher = when_the_class_begins(tale)
    when_the_entry_exam_is_sat(tale, passing, failing, office)
    when_a_lesson_is_read(tale, passing)
    when_the_teacher_calls_the_roll_and_notes_leave(tale, teacher)
    when_the_lecturer_marks(tale, passing)
    when_the_final_exam_is_sat(tale, passing, failing, office)
    before = office.seconds
    when_the_class_is_closed(tale, office)
    when_certificates_are_issued(tale, office)
    assert office.seconds - before <= 5 * 60, "closed and issued within five minutes"
    then_the_cadre_holds_a_certificate_that_the_public_verifies(tale, passing, failing)
    then_the_leader_reads_the_summary(tale)
    assert tale.findings() == [], "\n".join(tale.findings())


# Forming the class.


def given_the_office_plans_a_class(tale: Story) -> Office:
    office: Office = tale.staff(Office, "OFF001")
    tale.board = office.plans_a_class(
        code="YS2026-09", title="基层治理实务领航班", intake_no="1", host="云山市领航干部学院",
        place="云山市领航干部学院（虚构）", starts_on=str(WEEK[0]), ends_on=str(WEEK[-1]), hour_rule="1",
    )  # fmt: skip
    office.reads("基层治理实务领航班", "下一步：开始报名")
    office.appoints("班主任", "方亦敏")
    office.appoints("授课", "周启明")
    office.presses("开始报名")
    return office


def when_the_roster_is_imported(tale: Story, office: Office) -> None:
    head = ["姓名", "工号", "单位名称", "职务", "职务层次", "职级", "任职日期"]
    rows = [[name, number, tale.unit.name, "科长", "乡科级正职", "一级主任科员", "2021年3月1日"]
            for number, name in EVERYBODY]  # fmt: skip
    office.uploads_a_roster(tale.board, [head, *rows, ["无单位", "ZZ1999", "没有这个单位", "", "", "", ""]])
    office.reads("共 7 行人员", "将进入本班", "没有这个单位")
    office.presses("导入 6 人")
    office.reads("新增 6 人", "6 人进入本班", *(name for _, name in EVERYBODY))


def when_courses_exams_and_a_task_are_set(tale: Story, office: Office) -> None:
    office.opens(tale.board + "timetable/add/")
    office.fills(title="开班式与入学测试", day=str(MONDAY), half="上午", starts_at="09:00", ends_at="12:00",
                 room="领航楼一楼101教室", lecturer="周启明")  # fmt: skip
    office.page.locator("main form, #main form").locator("button[type=submit]").last.click()
    office.looks()
    office.reads("开班式与入学测试", "领航楼一楼101教室")
    lay_the_rest_of_the_timetable(tale)
    office.opens(tale.board + "timetable/")
    office.reads("课表尚未发布，学员还看不到。")
    office.follows("发布课表")
    office.presses("发布并通知学员")
    office.reads("学员看到的与此相同")
    office.opens(tale.board + "requirements/")
    office.follows("增加课程")
    office.fills(edition="")
    submit_form(office)
    for title, phase, day, hours in (("入学测试", "训前", WEEK[0], ("08:00", "20:00")),
                                     ("结业考试", "训后", WEEK[4], ("08:00", "13:00"))):  # fmt: skip
        office.follows("安排考试")
        office.fills(title=title, blueprint="20题", phase=phase, opens_at=f"{day}T{hours[0]}",
                     closes_at=f"{day}T{hours[1]}")  # fmt: skip
        if title == "入学测试":
            office.page.get_by_label("及格作为结业条件").uncheck()
        else:
            office.page.get_by_label("入学测试").check()
        submit_form(office)
    office.follows("布置任务")
    office.fills(title="身边的一件难事", brief="写一件跨部门的难事怎样办成，不少于 200 字。", rubric="案例分析",
                 due_at=f"{WEEK[3]}T18:00")  # fmt: skip
    office.page.get_by_label("周启明").check()
    submit_form(office)
    office.reads("入学测试", "结业考试", "身边的一件难事")
    office.opens(tale.board)
    office.presses("确认班次")
    office.reads("下一步：开班")
    tale.codes = office.orders_slips(tale.unit.name)


def submit_form(office: Office) -> None:
    office.page.locator("form.lh-form, #main form, main form").locator("button[type=submit]").last.click()
    office.looks()


def lay_the_rest_of_the_timetable(tale: Story) -> None:
    for n, day in enumerate(WEEK):
        for half, (start, end) in {"am": (time(9), time(12)), "pm": (time(14), time(17))}.items():
            if (n, half) != (0, "am"):
                add_session(
                    actor=tale.teacher, cohort=tale.cohort, title=f"基层治理专题{n}{half}".replace("am", "上").replace(
                        "pm", "下"), day=day, starts_at=start, ends_at=end, kind="lecture", room="领航楼一楼101教室",
                    lecturer=None,
                )  # fmt: skip


# The cadres and their class.


def when_two_cadres_activate_their_accounts(tale: Story) -> tuple[Cadre, Cadre]:
    both = []
    with clock.freeze(moment(MONDAY, 7, 30)):
        for (number, name), width in ((PASSING, PHONE), (FAILING, 1440)):
            cadre: Cadre = tale.person(Cadre, width=width, **({"has_touch": True} if width == PHONE else {}))
            cadre.activates(number, tale.codes[number])
            cadre.reads(name)
            both.append(cadre)
    return both[0], both[1]


def when_the_class_begins(tale: Story) -> Teacher:
    teacher: Teacher = tale.staff(Teacher, "TEA001", width=PHONE, has_touch=True)
    with clock.freeze(moment(MONDAY, 8, 15)):
        teacher.opens(tale.board)
        teacher.presses("开班", exact=True)
        teacher.opens(tale.board + "members/")
        teacher.presses("全部 6 人登记报到")
        teacher.follows("分组")
        teacher.fills(size="3")
        teacher.presses("自动分组")
        teacher.reads("第1组", "第2组")
    return teacher


def when_the_entry_exam_is_sat(tale: Story, passing: Cadre, failing: Cadre, office: Office) -> None:
    with clock.freeze(moment(MONDAY, 9, 30)):
        passing.sits("入学测试", right=True)
        passing.reads("已交卷")
        failing.sits("入学测试", right=False)
        the_others_sit(tale, "入学测试", share=Decimal("0.5"))
    release(tale, office, "入学测试", moment(MONDAY, 20, 30))


def release(tale: Story, office: Office, title: str, when: Any) -> None:
    with clock.freeze(when):
        office.opens(tale.board + "requirements/")
        office.presses_for("公布成绩", title)
        office.reads("成绩已公布")


def the_others_sit(tale: Story, title: str, *, share: Decimal) -> None:
    exam = Exam.objects.get(context_key=tale.cohort.context_key, title=title)
    for number, _ in OTHERS:
        user = User.objects.get(work_number=number)
        attempt = start_attempt(user=user, exam=exam)
        items = list(attempt.items.select_related("version").order_by("position"))
        for n, item in enumerate(items):
            if n < len(items) * share:
                save_answer(user=user, attempt=attempt, position=item.position, choice=item.version.answer, sequence=1)
        submit(user=user, attempt=attempt)


def when_a_lesson_is_read(tale: Story, cadre: Cadre) -> None:
    with clock.freeze(moment(MONDAY, 19)):
        cadre.opens("/learn/courses/")
        cadre.page.locator(".co-card-step a").first.click()
        cadre.looks()
        cadre.reads_a_lesson()
        cadre.reads("测验通过", "本课时已完成")
    with clock.freeze(moment(WEEK[1], 19)):
        everybody_learns(tale)


PAGE = uuid.UUID(int=1)  # where a recording is played


def everybody_learns(tale: Story) -> None:
    """The rest of the lessons, by the services that the lesson's page calls."""
    for enrolment in Enrolment.objects.filter(context_key=tale.cohort.context_key).select_related("user", "edition"):
        for lesson in enrolment.edition.lessons.select_related("check_paper"):
            finish(enrolment, lesson)


def finish(enrolment: Enrolment, lesson: Any) -> None:
    start = clock.now()
    end = Decimal(lesson.seconds or 0)
    update = ProgressUpdate(99, Decimal(100), reached_end=True)
    if lesson.kind == "video":
        who = {"user": enrolment.user, "enrolment": enrolment, "lesson": lesson}
        open_session(**who, session=PAGE, device="", take_over=True)
        update = ProgressUpdate(99, end, ((Decimal(0), end),), session=PAGE, leaving=True)
    with clock.freeze(start.replace(hour=20)):
        save_progress(user=enrolment.user, enrolment=enrolment, lesson=lesson, update=update)
        if lesson.check_paper:
            rows = QuestionVersion.objects.filter(pk__in=lesson.check_paper.versions)
            answer_lesson_check(
                user=enrolment.user, enrolment=enrolment, lesson=lesson, client_key=uuid.uuid4(),
                answers={str(row.pk): row.answer for row in rows},
            )  # fmt: skip


def when_the_teacher_calls_the_roll_and_notes_leave(tale: Story, teacher: Teacher) -> None:
    with clock.freeze(moment(MONDAY, 9, 5)):
        teacher.opens("/teach/")
        teacher.follows("点名")
        teacher.calls_the_roll(late="区慧")
        teacher.reads("已登记 6 / 6 人", "迟到 1")
    leave_of = tale.cohort.memberships.get(user__work_number=OTHERS[0][0])
    with clock.freeze(moment(WEEK[1], 8, 30)):
        teacher.opens(f"{tale.board}members/{leave_of.public_id}/leave/")
        teacher.fills(category="公务", from_day=str(WEEK[1]), from_half="下午", to_day=str(WEEK[1]), to_half="下午",
                      reason="回单位参加专题会议", approved_by_name="方亦敏")  # fmt: skip
        submit_form(teacher)
        teacher.reads("4")  # 学时 of leave
    call_the_other_rolls(tale, leave_of.pk)


def call_the_other_rolls(tale: Story, away: int) -> None:
    for day in WEEK:
        for half, hour in (("am", 9), ("pm", 14)):
            if (day, half) == (MONDAY, "am"):
                continue
            on_leave = {away} if HalfDay(day, half) == HalfDay(WEEK[1], "pm") else set()
            there = tale.cohort.memberships.in_class().exclude(pk__in=on_leave).values_list("pk", flat=True)
            with clock.freeze(moment(day, hour, 10)):
                record_attendance(
                    actor=tale.teacher, cohort=tale.cohort, day=day, half=half, statuses=dict.fromkeys(there, "present")
                )


# The marks, the end, the paper.


def when_the_lecturer_marks(tale: Story, cadre: Cadre) -> None:
    task = Task.objects.get(context_key=tale.cohort.context_key)
    with clock.freeze(moment(WEEK[3], 16)):
        cadre.opens(f"/learn/tasks/{task.public_id}/")
        cadre.fills(text="老旧小区加装电梯，牵头部门只收一次材料，三个部门并联审核，居民不再来回跑。" * 8)
        cadre.presses("提交", exact=True)
        cadre.reads("已提交")
        for number, _ in [FAILING, *OTHERS]:
            hand_in(user=User.objects.get(work_number=number), task=task, text="跨部门事项的办理过程和依据。" * 20)
    lecturer: Lecturer = tale.staff(Lecturer, "LEC001")
    with clock.freeze(moment(WEEK[3], 19)):
        lecturer.opens("/teach/marking/")
        lecturer.follows(task.title)
        lecturer.follows(PASSING[1])
        lecturer.reads("老旧小区加装电梯")
        lecturer.marks([4] * task.rubric.criteria.count())
        lecturer.reads(f"已保存：{PASSING[1]}")
        the_others_are_marked(task)


def the_others_are_marked(task: Task) -> None:
    marker = User.objects.get(work_number="LEC001")
    levels = {criterion.pk: Decimal(3) for criterion in task.rubric.criteria.all()}
    for submission in task.submissions.exclude(user__work_number=PASSING[0]).select_related("user"):
        mark_submission(actor=marker, submission=submission, levels=levels)
    close_marking(actor=User.objects.get(work_number="OFF001"), task=task)


def when_the_final_exam_is_sat(tale: Story, passing: Cadre, failing: Cadre, office: Office) -> None:
    with clock.freeze(moment(WEEK[4], 9, 30)):
        passing.sits("结业考试", right=True)
        failing.sits("结业考试", right=False)
        the_others_sit(tale, "结业考试", share=Decimal("0.85"))
    release(tale, office, "结业考试", moment(WEEK[4], 15))
    with clock.freeze(moment(WEEK[4], 15, 5)):
        passing.page.reload()
        passing.looks()
        passing.reads("得分率 100%", "通过")
        failing.page.reload()
        failing.looks()
        failing.reads("未通过")


def when_the_class_is_closed(tale: Story, office: Office) -> None:
    with clock.freeze(moment(WEEK[4], 18)):
        office.opens(tale.board + "closing/")
        office.reads("未完成")
        office.fills(kind="培训方案")
        office.page.locator("input[type=file]").set_input_files(
            {"name": "培训方案.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 plan"}
        )
        office.presses("上传材料")
        for kind, name in (("timetable", "最终课表.pdf"), ("sign_in", "签到表.pdf")):
            attach_paper(actor=tale.teacher, cohort=tale.cohort, kind=kind, name=name, data=f"%PDF {kind}".encode())
        office.opens(tale.board + "closing/")
        office.follows("结班", exact=True)
        office.reads("将影响")
        office.page.locator(".lh-confirm button[type=submit]").click()
        office.looks()
        office.reads("已结班")
        office.opens(tale.board + "graduation/")
        office.reads(FAILING[1], "结业考试")


def when_certificates_are_issued(tale: Story, office: Office) -> None:
    with clock.freeze(moment(date(2026, 12, 14), 9)):
        office.opens(tale.board + "certificates/")
        office.reads("可以签发 5 人，不能签发 1 人", FAILING[1])
        office.presses("下一步：核对后签发")
        office.reads("将为 5 名学员签发证书", PASSING[1])
        office.presses("签发 5 张证书")
        workers_run()
        office.page.reload()
        office.looks()
        office.reads("全部完成，共 5 项")
        office.opens(tale.board + "certificates/")
        office.reads("已有证书 5 人")
        office.presses("发布能力报告")
        workers_run()


def then_the_cadre_holds_a_certificate_that_the_public_verifies(tale: Story, passing: Cadre, failing: Cadre) -> None:
    with clock.freeze(moment(date(2026, 12, 14), 10)):
        passing.opens("/learn/certificates/")
        passing.reads("您有 1 张结业证书")
        text = pdf_text(passing.keeps("下载证书原件"))
        certificate = Certificate.objects.get(membership__user__work_number=PASSING[0])
        assert PASSING[1] in text and certificate.number in text
        passing.follows("查看能力报告")
        passing.reads("数字")
        failing.opens("/learn/certificates/")
        failing.reads("还没有结业证书")
        public: Person = tale.person(Person, width=PHONE)
        public.opens("/verify/")
        public.fills(number=certificate.number, code=certificate.code)
        public.presses("核验", exact=True)
        public.reads("有效", "基层治理实务领航班", "40")
        assert PASSING[1] not in public.page.locator("body").inner_text()
        public.fills(code="0000")
        public.presses("核验另一张")
        public.reads("没有找到与编号和验证码都相符的证书")


def then_the_leader_reads_the_summary(tale: Story) -> None:
    with clock.freeze(moment(date(2026, 12, 14), 11)):
        leader: Person = tale.staff(Person, "LEA001")
        leader.opens(f"/leaders/cohorts/{tale.cohort.public_id}/")
        leader.reads("基层治理实务领航班", "完成情况", "六个能力维度")
        figures = leader.page.locator("main").inner_text()
        assert re.search(r"5\s*人", figures) and "83" in figures  # 5 of 6 graduated
