"""The four personas of the main job, each in words of what they do on their screens."""

from __future__ import annotations

import io
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
from playwright.sync_api import Locator, Page, expect

from assessments.models import Attempt, QuestionVersion
from core import jobs
from core.models import Job
from tests.journeys.looking import faults, signs_in

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_PASSWORD = "Shan-he-2026-lu"


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), SHANGHAI)


def workers_run() -> None:
    """The worker's path: every job that waits is claimed and worked to its end."""
    for pk in Job.objects.filter(state=Job.State.QUEUED).order_by("created_at").values_list("pk", flat=True):
        jobs.run(pk, seconds=None)


# What a person without a manual needs, in seconds: to find their bearings on a page, to find and press something, to
# fill a field. Generous figures, so that the estimate errs on the slow side.
PER_PAGE, PER_CLICK, PER_FIELD = 15, 5, 12


class Person:
    """Somebody in front of a browser window of their own; what they do is counted."""

    def __init__(self, page: Page, *, scripts: bool = True) -> None:
        self.page, self.scripts = page, scripts
        self.told: list[str] = []
        self.pages = self.clicks = self.fields = 0

    @property
    def seconds(self) -> int:
        """What the pages, clicks and fields so far would take a person without a manual."""
        return self.pages * PER_PAGE + self.clicks * PER_CLICK + self.fields * PER_FIELD

    def signs_in(self, login: str, password: str) -> None:
        signs_in(self.page, login, password)
        self.looks()

    def opens(self, path: str) -> None:
        answer = self.page.goto(path)
        assert answer and answer.status < 400, f"{path}: {answer and answer.status}"
        self.looks()

    def looks(self) -> None:
        """Every page of the way is looked at: axe, whole text, Chinese."""
        self.page.wait_for_load_state()
        self.pages += 1
        if self.scripts:  # looking takes scripts as well
            self.told += list(faults(self.page))

    def follows(self, words: str, *, exact: bool = False, within: Locator | None = None) -> None:
        self.clicks += 1
        (within or self.page).get_by_role("link", name=words, exact=exact).first.click()
        self.looks()

    def presses(self, words: str, *, exact: bool = False, within: Locator | None = None) -> None:
        self.clicks += 1
        (within or self.page).get_by_role("button", name=words, exact=exact).first.click()
        self.looks()

    def presses_for(self, words: str, what: str) -> None:
        """One of several buttons of the same word; what it is for is said to listeners only."""
        self.clicks += 1
        self.page.locator("button", has_text=words).filter(has_text=what).first.click()
        self.looks()

    def reads(self, *words: str) -> None:
        for one in words:
            expect(self.page.locator("body")).to_contain_text(one)

    def fills(self, **fields: str) -> None:
        """By the names of the fields: text is typed, choices are taken by value or by words."""
        for name, value in fields.items():
            self.fields += 1
            box = self.page.locator(f"main [name={name}]").first
            kind = box.evaluate("e => e.tagName.toLowerCase()")
            if kind == "select":
                self._chooses(box, value)
            else:
                box.fill(value)

    @staticmethod
    def _chooses(box: Locator, words: str) -> None:
        options = box.locator("option").all_inner_texts()
        box.select_option(index=next(n for n, text in enumerate(options) if words in text and "---" not in text))

    def keeps(self, words: str) -> bytes:
        """A file that the page offers."""
        with self.page.expect_download() as coming:
            self.page.get_by_role("link", name=words).first.click()
        path = coming.value.path()
        return path.read_bytes()


class Office(Person):
    """The training office at its desk."""

    def plans_a_class(self, **facts: str) -> str:
        """The class's address after saving."""
        self.opens("/office/cohorts/new/")
        self.fills(**facts)
        self.page.locator("main form, #main form").locator("button[type=submit]").last.click()
        self.page.wait_for_url("**/office/cohorts/*-*-*-*-*/")
        self.looks()
        return self.page.url

    def appoints(self, duty: str, person: str) -> None:
        self.fills(duty=duty, user=person)
        self.presses("指定", exact=True)
        self.reads("已指定办班人员")

    def uploads_a_roster(self, board: str, rows: list[list[str]]) -> None:
        book = openpyxl.Workbook()
        book.active.title = "学员名单"
        for row in rows:
            book.active.append(row)
        data = io.BytesIO()
        book.save(data)
        self.opens(board + "roster/")
        self.page.locator("input[type=file]").set_input_files(
            {"name": "名册.xlsx", "mimeType": "application/octet-stream", "buffer": data.getvalue()}
        )
        self.presses("上传并预览")

    def orders_slips(self, unit: str) -> dict[str, str]:
        """Work number → activation code, as they stand in the workbook of slips."""
        self.opens("/office/people/slips/")
        self.fills(unit=unit)
        self.page.locator("input[name=form][value=xlsx]").check()
        self.presses("生成激活单")
        workers_run()
        self.page.reload()
        self.looks()
        sheet = openpyxl.load_workbook(io.BytesIO(self.keeps("下载"))).active
        rows = [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]
        head = next(n for n, row in enumerate(rows) if "工号" in row)
        number, code = rows[head].index("工号"), next(n for n, w in enumerate(rows[head]) if "激活码" in w)
        return {row[number]: row[code] for row in rows[head + 1 :] if row[number]}


class Cadre(Person):
    """A trainee with a slip of paper, later with an account."""

    def activates(self, work_number: str, code: str) -> None:
        self.opens("/activate/")
        self.fills(work_number=work_number, code=code, password=NEW_PASSWORD, again=NEW_PASSWORD)
        self.presses("设置密码并登录")
        self.reads("个人信息处理告知书")
        self.presses("我已阅读，继续")

    def sits(self, title: str, *, right: bool) -> None:
        """Answers every question by hand: as the key says, or with one wrong option."""
        self.opens("/learn/exams/")
        self.page.locator("li, article, section", has_text=title).get_by_role("link").first.click()
        self.looks()
        self.presses("开始作答")
        self.answers_all(right=right)
        self.page.wait_for_url("**/check/")
        self.reads("题全部作答，答案已保存")
        self.looks()
        self.presses("确认交卷")

    def answers_all(self, *, right: bool) -> None:
        """The whole paper that is open; with scripts on to the page before handing in."""
        attempt = Attempt.objects.get(public_id=self.page.url.rstrip("/").split("/")[-1])
        onwards = self.page.locator("[data-thumb] [data-step='1']")  # a phone shows one question at a time
        for item in attempt.items.select_related("version").order_by("position"):
            self._answers(item, right=right)
            if onwards.is_visible():
                onwards.click()
        if self.scripts and not self.page.url.endswith("/check/") and not onwards.is_visible():
            self.page.locator("[data-finish]").click()

    def _answers(self, item: Any, *, right: bool) -> None:
        key = [shown for shown, option in enumerate(item.option_order) if option in item.version.answer]
        wrong = [shown for shown in range(len(item.option_order)) if shown not in key][:1] or key[:1]
        for shown in key if right else wrong:
            self.page.locator(f"input[name=a{item.position}][value='{shown}']").check(force=True)

    def reads_a_lesson(self) -> None:
        """To its end, then the check, answered from the explanations where the first try fails."""
        self.page.keyboard.press("End")
        done = self.page.get_by_role("button", name="我已读完")
        if done.count():
            done.click()
            self.page.wait_for_load_state()
        self.answers_the_check()

    def answers_the_check(self) -> None:
        for box in self.page.locator("#check fieldset").all():
            name = box.locator("input").first.get_attribute("name") or ""
            version = QuestionVersion.objects.get(pk=int("".join(c for c in name if c.isdigit())))
            for number in version.answer:
                box.locator(f"input[value='{number}']").check()
        self.presses("提交答案")


class Teacher(Person):
    """The class teacher with a phone."""

    def calls_the_roll(self, late: str) -> None:
        row = self.page.locator("[data-member]", has_text=late)
        row.locator("input[value=late]").check()
        self.presses("其余全部到课并提交")


class Lecturer(Person):
    def marks(self, levels: list[int]) -> None:
        for criterion, level in zip(self.page.locator("fieldset.lh-mark-criterion").all(), levels, strict=True):
            criterion.locator(f"input[value='{level}']").check(force=True)
        self.fills(comment="结构清楚，依据找得准。")
        self.presses("保存，评下一位")
