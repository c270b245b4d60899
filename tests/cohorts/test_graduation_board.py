"""The graduation board: totals, filters, reasons, who can be saved by what, and what it costs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cohorts import services
from cohorts.models import Cohort
from cohorts.rules.graduation import MemberStanding, Node, Waiver, decide
from cohorts.rules.saving import Offer, ways
from core import clock
from people.models import User
from tests.factories.cohorts import AFTER, CohortFactory, attend, closed, half_days, office, teacher_of
from tests.factories.courses import EditionFactory

NOW = datetime(2026, 9, 16, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def sentences(node: Node, *offers: tuple[str, Offer], waived: dict[str, Any] | None = None) -> list[str]:
    standing = MemberStanding(date(2026, 9, 14), Decimal(0), Decimal(40), requirements=(node,), waivers=waived or {})
    condition = decide(standing)[-1]
    return [way.sentence for way in ways(condition, node, dict(offers), waived or {}, NOW)]


LEAF = Node("requirement:1", "考试《结业考试》")
BY_OFFICE = "由培训处凭文件豁免"


@pytest.mark.parametrize(
    ("offer", "sentence"),
    [
        (Offer("exam", NOW + timedelta(hours=3), 1), "考试开放至9月16日 15:00，还可考 1 次"),
        (Offer("exam", NOW + timedelta(hours=3), 0, handed_in=True), "已交卷，等待公布成绩"),
        (Offer("exam", NOW, 1), "考试已截止，可另行安排补考"),
        (Offer("exam", NOW, 1, is_final=True), "另行安排补考，并与本考试合为任选"),
        (Offer("exam", NOW, 1, True, NOW + timedelta(days=1), True), "已安排补考，9月17日 12:00截止"),
        (Offer("exam", NOW, 0, True, NOW, True), "另行安排补考，并与本考试合为任选"),
        (Offer("course"), "课程仍可学习，结班前学完即可"),
        (Offer("task", NOW + timedelta(days=2)), "提交截止9月18日 12:00"),
        (Offer("task", NOW, handed_in=True), "已提交，等待评分"),
        (Offer("task", NOW, is_final=True), "由评分教师说明理由后改评"),
        (Offer("task", NOW), "提交已截止，评分教师可按课堂表现评分"),
        (Offer("attendance", half_days_left=4, half_days_short=2), "其余 4 个半天中再到课 2 个即可"),
        (Offer("attendance", half_days_left=1, half_days_short=2), "其余 1 个半天全部到课也不够，还差 2 个"),
        (Offer("other"), "结班前完成即可"),
        (Offer("survey", NOW + timedelta(days=2)), "9月18日 12:00前提交评估即可"),
        (Offer("survey", NOW), "评估已截止，不能再提交"),
    ],
)
def test_what_would_save_somebody(offer: Offer, sentence: str) -> None:
    assert sentences(LEAF, ("requirement:1", offer)) == [sentence, BY_OFFICE]


def test_a_choice_names_the_ways_of_what_is_not_met_yet() -> None:
    other, third = replace(LEAF, key="requirement:2", label="任务《论文》"), replace(LEAF, key="requirement:3")
    done = replace(LEAF, key="requirement:4", label="课程《乙》", met=True)
    node = Node("requirement:9", "任选 3 项", need=3, parts=(LEAF, other, third, done), is_group=True)
    exam, task = Offer("exam", NOW, 1, is_final=True), Offer("task", NOW, handed_in=True)
    given = {"requirement:3": Waiver("1号", "赵培", date(2026, 9, 16))}
    found = sentences(node, ("requirement:1", exam), ("requirement:2", task), waived=given)
    assert found == [
        "考试《结业考试》：另行安排补考，并与本考试合为任选",
        "任务《论文》：已提交，等待评分",
        BY_OFFICE,
    ]


def test_rules_of_the_class_have_ways_of_their_own() -> None:
    standing = MemberStanding(None, Decimal(8), Decimal(40), not_recorded=1)
    found = {c.key: ways(c, None, {}, {}, NOW)[0].sentence for c in decide(standing) if not c.met}
    assert found["registered"] == "登记报到，或记为未报到"
    assert found["leave"] == "由培训处决定：确认退学，或者经批准豁免"
    assert found["attendance"] == "补登未登记的半天"


def url(name: str, cohort: Cohort, *more: Any) -> str:
    return reverse(f"cohorts:{name}", args=[cohort.public_id, *more])


@pytest.fixture
def cohort(personas: dict[str, User], frozen_clock: Any) -> Cohort:
    """Three members: the trainee has learned the course, one is waived, one lacks it; no half day is over yet."""
    made = CohortFactory(running=True, members=2, size=2, teacher=personas["class_teacher"])
    trainee = personas["trainee"]
    made.memberships.create(
        user=trainee, unit=trainee.unit, state="registered", registered_at=clock.now(), group=made.groups.first()
    )
    attend(made, only=half_days(made)[:1])
    leaf = services.require_course(
        actor=teacher_of(made), cohort=made, edition=EditionFactory(lessons=1, title="法治思维")
    )
    leaf.results.update_or_create(
        membership=made.memberships.get(user=trainee), defaults={"state": "met", "detail": "9月14日学完"}
    )
    waived = made.memberships.exclude(user=trainee).first()
    key = f"requirement:{leaf.pk}"
    services.waive(actor=office(), membership=waived, condition=key, reason="因公", document_no="领院〔2026〕12号")
    return made


@pytest.mark.django_db
class TestBoard:
    def board(self, browser: Any, cohort: Cohort, **query: Any) -> BeautifulSoup:
        answer = browser.get(url("graduation", cohort), query)
        assert answer.status_code == 200
        return BeautifulSoup(answer.content, "html.parser")

    def names(self, soup: BeautifulSoup) -> list[str]:
        return [th.find("a").text for th in soup.select("tbody th")]

    def test_totals_stand_in_the_head(self, cohort: Cohort, personas: dict[str, User], signed_in: Any) -> None:
        soup = self.board(signed_in(personas["class_teacher"]), cohort)
        head = [th.get_text("｜", strip=True) for th in soup.select("thead th")]
        assert head[1] == "结论｜2 / 3" and head[2] == "报到｜3 / 3" and head[-1].endswith("法治思维》｜2 / 3")

    def test_each_cell_tells_its_reason_without_a_script(
        self, cohort: Cohort, personas: dict[str, User], signed_in: Any
    ) -> None:
        soup = self.board(signed_in(personas["class_teacher"]), cohort)
        cells = soup.select("tbody td details.lh-why")
        assert len(cells) == 3 * (len(soup.select("thead th")) - 2)
        for cell in cells:
            why = cell.select_one(".lh-cell-sub").text
            assert why and cell.summary["title"] == why and cell.summary.get_text(strip=True)
            assert not cell.has_attr("open")
        shown = self.board(signed_in(personas["class_teacher"]), cohort, reasons=1)
        assert all(c.has_attr("open") for c in shown.select("tbody td details.lh-why"))

    def test_filters_by_outcome_group_name_and_condition(
        self, cohort: Cohort, personas: dict[str, User], signed_in: Any
    ) -> None:
        teacher = signed_in(personas["class_teacher"])
        key = f"requirement:{cohort.requirements.exclude(parent=None).get().pk}"
        everybody = self.names(self.board(teacher, cohort))
        can = self.names(self.board(teacher, cohort, result="can"))
        missing = self.names(self.board(teacher, cohort, result="missing"))
        assert len(everybody) == 3 and len(can) == 2 and len(missing) == 1 and not set(can) & set(missing)
        assert len(self.names(self.board(teacher, cohort, result="waived"))) == 1
        assert self.names(self.board(teacher, cohort, missing=key)) == missing
        assert self.names(self.board(teacher, cohort, q="wm")) == ["王敏"]
        assert "王敏" in self.names(self.board(teacher, cohort, group=cohort.groups.first().pk))
        for strange in ({"result": "x"}, {"missing": "\x00"}, {"group": "9" * 30}, {"page": "-1"}, {"q": "%_'"}):
            assert teacher.get(url("graduation", cohort), strange).status_code == 200

    def test_left_over_names_who_can_be_saved_by_what(
        self, cohort: Cohort, personas: dict[str, User], signed_in: Any
    ) -> None:
        soup = self.board(signed_in(personas["training_office"]), cohort)
        section = soup.find(id="left").parent
        assert "1 人未满足" in section.text and "课程仍可学习，结班前学完即可；由培训处凭文件豁免" in section.text
        assert [a.text.split("：")[0] for a in section.select("a.btn")] == ["豁免"]
        assert "豁免：" not in self.board(signed_in(personas["class_teacher"]), cohort).find(id="left").parent.text

    def test_few_who_miss_a_condition_are_named_and_of_many_the_number_leads_to_them(
        self, personas: dict[str, User], signed_in: Any
    ) -> None:
        office_clerk = signed_in(personas["training_office"])
        for members, named in ((8, 8), (9, 0)):
            made = CohortFactory(running=True, members=members, teacher=personas["class_teacher"])
            leaf = services.require_course(actor=teacher_of(made), cohort=made, edition=EditionFactory(lessons=1))
            attend(made)
            with clock.freeze(AFTER):
                section = self.board(office_clerk, made).find(id="left").parent
                asked = self.board(office_clerk, made, missing=f"requirement:{leaf.pk}").find(id="left").parent
            assert f"{members} 人未满足" in section.text and len(section.select("li")) == named
            assert len(asked.select("li")) == members and "课程仍可学习" in asked.text
            assert "查看这" not in asked.text
        (link,) = section.select("p a")
        assert link.text.startswith("查看这 9 人和各自的办法") and f"missing=requirement%3A{leaf.pk}" in link["href"]

    def test_a_closed_class_shows_what_was_decided(self, personas: dict[str, User], signed_in: Any) -> None:
        done = closed(members=3, teacher=personas["class_teacher"])
        soup = self.board(signed_in(personas["class_teacher"]), done)
        assert "结论｜3 / 3" in [th.get_text("｜", strip=True) for th in soup.select("thead th")]
        assert soup.find(id="left") is None
        assert len(self.names(self.board(signed_in(personas["class_teacher"]), done, result="can"))) == 3

    def test_two_choices_of_one_name_are_two_columns(
        self, cohort: Cohort, personas: dict[str, User], signed_in: Any
    ) -> None:
        actor = teacher_of(cohort)
        for _ in range(2):
            pair = [
                services.require_course(actor=actor, cohort=cohort, edition=EditionFactory(lessons=1)) for _ in range(2)
            ]
            services.require_some(actor=actor, cohort=cohort, requirements=pair, need=1)
        soup = self.board(signed_in(personas["class_teacher"]), cohort)
        head = [th.get_text("｜", strip=True) for th in soup.select("thead th")]
        assert head.count("任选 1 项｜0 / 3") == 2
        assert all(len(row.find_all(["th", "td"])) == len(head) for row in soup.select("tbody tr"))

    @pytest.mark.parametrize("name", ["graduation", "graduation-export", "requirements"])
    def test_as_many_queries_for_sixty_as_for_twenty(
        self, name: str, personas: dict[str, User], signed_in: Any, at: Any
    ) -> None:
        counts = []
        for members in (20, 60):  # both too many to name under a condition
            made = CohortFactory(running=True, members=members, teacher=personas["class_teacher"])
            actor = teacher_of(made)
            leaves = [
                services.require_course(actor=actor, cohort=made, edition=EditionFactory(lessons=1)) for _ in range(3)
            ]
            services.require_some(actor=actor, cohort=made, requirements=leaves[:2], need=1)
            services.require_attendance(actor=actor, cohort=made, share=Decimal(80))
            attend(made)
            for member in made.memberships.all()[: members // 5]:
                key = f"requirement:{leaves[2].pk}"
                services.waive(actor=office(), membership=member, condition=key, reason="因公", document_no="1号")
            browser = signed_in(personas["training_office"])
            with clock.freeze(AFTER):
                browser.get(url(name, made))
                with CaptureQueriesContext(connection) as captured:
                    assert browser.get(url(name, made)).status_code == 200
            counts.append(len(captured))
        assert counts[0] == counts[1] <= 45, counts
