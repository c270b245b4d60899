"""What unit administrators, cadres and the office read on the pages of call-ups and nominations."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cohorts.models import Membership
from competencies.models import Evidence, Expectation, Indicator
from core import clock
from core.errors import DomainError
from people.models import Role, User
from people.ranks import Level
from planning.models import CallUp, Nomination, StandIn
from planning.services.nominations import apply_for_class, nominate
from planning.services.places import confirm, confirm_many, queue_many, refuse
from planning.services.reviewing import review
from tests.core.side_doors import check_side_doors
from tests.factories.cohorts import CohortFactory
from tests.factories.people import PostingFactory, UnitFactory, UserFactory
from tests.factories.planning_calls import STARTS, Scene, cadres, call_up, named, planned, scene

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]
SignIn = Callable[[Any], Client]


@pytest.fixture
def where() -> Scene:
    return scene()


def words(response: Any) -> str:
    """The text of a page without its markup."""
    text = re.sub(r"(?s)<(script|style|svg).*?</\1>", "", response.content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def address(name: str, row: CallUp | Nomination) -> str:
    key = row.cohort.public_id if isinstance(row, CallUp) else row.public_id
    return reverse(f"planning:{name}", args=[key])


# units


def test_the_home_of_a_unit_names_places_left_and_deadline(where: Scene, signed_in: SignIn) -> None:
    row = call_up(where)
    named(where, row, cadres(where.bureau, 2))
    page = words(signed_in(where.clerk).get(reverse("planning:nominations")))
    assert "1 个班次还剩 1 个名额，最早2026年9月25日截止" in page
    assert "云山市交通运输局 3 个，还剩 1 个" in page and "2026年10月12日—10月16日" in page


def test_the_home_without_anything_says_what_comes(where: Scene, signed_in: SignIn) -> None:
    page = words(signed_in(where.clerk).get(reverse("planning:nominations")))
    assert "目前没有待办的选派工作" in page and "培训处开放报名后会通知您" in page


def test_picking_shows_the_facts_beside_each_name(where: Scene, signed_in: SignIn, reference: None) -> None:
    row = call_up(where)
    (one,) = cadres(where.bureau, 1)
    for year in (2023, 2024, 2025):
        CohortFactory(running=True, members=[one], starts_on=date(year, 3, 2), ends_on=date(year, 3, 6), days=0,
                      title=f"{year}年班")  # fmt: skip
    page = words(signed_in(where.clerk).get(address("nominations-pick", row)))
    assert f"{one.name}" in page and "科长 · 乡科级正职 · 一级主任科员" in page
    assert "集中培训还差 90 学时或 12 天（本年度，2026年1月1日—12月31日）" in page
    assert "2025年 2025年班（第1期）" in page and "2024年 2024年班（第1期）" in page and "2023年班" not in page


def observe(user: User, code: str, kinds: tuple[str, ...], score: str) -> None:
    for indicator in Indicator.objects.filter(dimension__code=code):
        for kind in kinds:
            Evidence.objects.create(
                user=user, indicator=indicator, kind=kind, phase="post", score=Decimal(score), items=4,
                observed_on=date(2026, 5, 1), source_label="测评", source_ref=f"{user.pk}:{indicator.code}:{kind}",
                recorded_by=user,
            )  # fmt: skip


def test_competency_is_shown_only_where_evidence_suffices(where: Scene, signed_in: SignIn, reference: None) -> None:
    row = call_up(where)
    enough, thin = cadres(where.bureau, 2)
    Expectation.objects.filter(indicator__dimension__code="C").update(level=Decimal("3.00"))
    kinds = [kind for kind, _ in Evidence._meta.get_field("kind").choices if kind != "self"][:2]
    observe(enough, "C", tuple(kinds), "2.0")
    observe(thin, "C", tuple(kinds[:1]), "2.0")
    page = words(signed_in(where.clerk).get(address("nominations-pick", row)))
    assert page.count("2.00，期望 3.00") == 1
    assert "仅用于培训改进，不作为任免、奖惩的直接依据" in page


def test_who_cannot_be_named_stands_with_the_reason_and_without_a_box(where: Scene, signed_in: SignIn) -> None:
    row = call_up(where)
    busy, free = cadres(where.bureau, 2)
    other = CohortFactory(confirmed=True, members=[busy], starts_on=STARTS, ends_on=STARTS, days=0)
    response = signed_in(where.clerk).get(address("nominations-pick", row))
    assert f"不能提名 同期已在“{other.full_title}”" in words(response)
    html = response.content.decode()
    assert re.search(rf'name="users" value="{busy.pk}"[^>]*disabled', html)
    assert not re.search(rf'name="users" value="{free.pk}"[^>]*disabled', html)


def test_filters_find_the_eligible_and_put_gaps_first_by_name(where: Scene, signed_in: SignIn, reference: None) -> None:
    row = call_up(where, regime="junior")
    people = cadres(where.bureau, 3)
    (senior,) = cadres(where.bureau, 1, level=Level.COUNTY_HEAD, rank="")
    client = signed_in(where.clerk)
    shown = lambda query: [p["name"] for p in client.get(address("nominations-pick", row) + query).context["people"]]  # noqa: E731
    assert senior.name not in shown("")
    assert senior.name in shown("?q=")
    by_name = sorted(people, key=lambda user: user.sort_key)
    assert shown("?eligible=on&gap_first=on") == [user.name for user in by_name]
    assert shown(f"?eligible=on&q={people[1].work_number}") == [people[1].name]


def test_naming_by_the_page_and_over_quota_in_words(where: Scene, signed_in: SignIn) -> None:
    row, people = call_up(where), cadres(where.bureau, 4)
    client = signed_in(where.clerk)
    keys = [user.pk for user in people]
    refused = client.post(address("nominations-pick", row), {"users": keys, "reason": "骨干"})
    assert refused.status_code == 422
    assert "名额为 3 人，已用 0 人，还剩 3 人，这次需要 4 人" in words(refused) and "骨干" in words(refused)
    assert len(re.findall(r"checked", refused.content.decode())) >= 4, "what was ticked stays ticked"
    for _click in range(2):
        done = client.post(address("nominations-pick", row), {"users": keys[:3]}, follow=True)
    assert "3 人此前已提名，没有重复" in words(done) and row.nominations.count() == 3


def test_people_out_of_reach_are_refused(where: Scene, signed_in: SignIn) -> None:
    row = call_up(where)
    stranger = UserFactory(unit=UnitFactory(parent=where.city, name="云山市水务局"), name="生人")
    response = signed_in(where.clerk).post(address("nominations-pick", row), {"users": [stranger.pk]})
    assert response.status_code == 403 and "生人不在您的管理范围内" in words(response)


def test_reviewing_on_the_phone_and_whoever_comes_later(where: Scene, signed_in: SignIn) -> None:
    made = nominate(actor=where.admins["section"], call_up=call_up(where), user=cadres(where.section, 1)[0])
    client = signed_in(where.admins["division"])
    assert "有 1 份提名待您审核" in words(client.get(reverse("planning:nominations")))
    page = client.get(address("nomination", made))
    assert "公路管理处审核中" in words(page) and "应于9月17日前办理" in words(page)
    answer = {"position": 1, "agree": "yes", "reason": ""}
    assert client.post(address("nomination-review", made), answer).status_code == 302
    later = client.post(address("nomination-review", made), {**answer, "agree": "no", "reason": "迟了"})
    assert later.status_code == 409 and "这一环节已由管公路于9月14日 10:00 办理：同意" in words(later)


def test_several_are_agreed_to_after_a_look(where: Scene, signed_in: SignIn) -> None:
    row = call_up(where)
    rows = named(where, row, cadres(where.section, 3), by=where.admins["section"])
    client, url = signed_in(where.admins["division"]), reverse("planning:nominations-agree")
    assert "请先勾选待您审核的提名" in words(client.post(url, {"rows": ["x", "9" * 30]}, follow=True))
    preview = words(client.post(url, {"rows": [rows[0].pk, rows[1].pk]}))
    assert "将同意下面 2 份提名" in preview and rows[0].user.name in preview and rows[2].user.name not in preview
    assert row.nominations.filter(step=2).count() == 0
    done = client.post(url, {"rows": [rows[0].pk, rows[1].pk], "confirmed": "1"}, follow=True)
    assert "已同意 2 份提名" in words(done) and row.nominations.filter(step=2).count() == 2


def test_a_stand_in_is_arranged_and_shown(where: Scene, signed_in: SignIn) -> None:
    helper = UserFactory(unit=where.division, name="代班")
    client = signed_in(where.admins["division"])
    form = {"work_number": helper.work_number, "starts_on": "2026-09-14", "ends_on": "2026-09-18"}
    page = client.post(reverse("planning:stand-ins"), form, follow=True)
    assert "代班 2026年9月14日—2026年9月18日 代办中" in words(page)
    made = nominate(actor=where.admins["section"], call_up=call_up(where), user=cadres(where.section, 1)[0])
    assert "代班（代管公路）" in words(signed_in(where.clerk).get(address("nomination", made)))
    assert "有 1 份提名待您审核" in words(signed_in(helper).get(reverse("planning:nominations")))
    client.post(reverse("planning:stand-in-end", args=[StandIn.objects.get().pk]))
    assert not StandIn.objects.exists()


# cadres


def test_the_cadre_reads_every_state_in_words(where: Scene, signed_in: SignIn) -> None:
    row, (one,) = call_up(where), cadres(where.section, 1)
    mine = lambda: words(signed_in(one).get(reverse("planning:my-nominations")))  # noqa: E731
    assert "这里将列出您的提名和报名" in mine()
    made = nominate(actor=where.admins["section"], call_up=row, user=one)
    assert "由养护科提名" in mine() and "正由公路管理处审核，应于2026年9月17日前办理" in mine()
    review(actor=where.admins["division"], nomination=made, position=1, agree=True)
    review(actor=where.clerk, nomination=made, position=2, agree=True)
    assert "单位已审核，正等培训处确认" in mine()
    now = Nomination.objects.get(pk=made.pk)
    queue_many(actor=where.office, call_up=row, nominations=[now])
    assert "您在候补名单第 1 位" in mine()
    confirm(actor=where.office, nomination=Nomination.objects.get(pk=made.pk))
    assert f"您已确认参加“{row.cohort.full_title}”，2026年10月12日开班" in mine()


def test_the_cadre_reads_the_reason_of_a_refusal(where: Scene, signed_in: SignIn) -> None:
    (one,) = cadres(where.bureau, 1)
    row = call_up(where)
    (made,) = named(where, row, [one])
    refuse(actor=where.office, nomination=made, reason="本期侧重基层")
    assert "未通过，原因：本期侧重基层" in words(signed_in(one).get(reverse("planning:my-nominations")))


def test_open_classes_are_offered_with_reasons_and_asked_for(where: Scene, signed_in: SignIn, reference: None) -> None:
    (one,) = cadres(where.section, 1)
    row = call_up(where, basis="open", places=2)
    client = signed_in(one)
    page = words(client.get(reverse("planning:open-classes")))
    assert "共 2 个，还剩 2 个" in page and "应训缺口：集中培训还差 90 学时" in page and "不限职务职级" in page
    client.post(address("open-class-apply", row), {"reason": "岗位需要"})
    client.post(address("open-class-apply", row), {"reason": "再点一次"})
    assert row.nominations.get().reason == "岗位需要"
    assert "养护科审核中" in words(client.get(reverse("planning:my-nominations")))
    client.post(address("nomination-withdraw", row.nominations.get()), {"reason": "改日"})
    assert row.nominations.get().state == "withdrawn"


def test_a_full_class_is_offered_for_the_waiting_list_or_not_at_all(where: Scene, signed_in: SignIn) -> None:
    row = call_up(where, basis="open", places=1)
    first, second = cadres(where.section, 2)
    made = apply_for_class(actor=first, call_up=row, reason="学")
    review(actor=where.admins["section"], nomination=made, position=0, agree=True)
    confirm(actor=where.office, nomination=Nomination.objects.get(pk=made.pk))
    assert "已满，可以报名候补" in words(signed_in(second).get(reverse("planning:open-classes")))
    CallUp.objects.update(keeps_waiting_list=False)
    assert "报名理由" not in words(signed_in(second).get(reverse("planning:open-classes")))
    with pytest.raises(DomainError, match="也不设候补"):
        apply_for_class(actor=second, call_up=row, reason="学")


def test_who_is_not_meant_reads_why(where: Scene, signed_in: SignIn) -> None:
    (one,) = cadres(where.section, 1)
    call_up(where, basis="open", regime="senior")
    assert "不能报名 不在对象范围内" in words(signed_in(one).get(reverse("planning:open-classes")))


# the office


def test_the_office_arranges_shares_and_opens(where: Scene, signed_in: SignIn) -> None:
    cohort = planned(host=where.city, made_by=where.office)
    cadres(where.bureau, 4)
    client, key = signed_in(where.office), [cohort.public_id]
    assert "安排调训" in words(client.get(reverse("planning:call-up", args=key)))
    form = {
        "basis": "quota", "theme": "digital", "places": 10, "nominate_by": "2026-09-25", "route": "stepwise",
        "step_days": 3, "regime": "", "keeps_waiting_list": "on",
    }  # fmt: skip
    client.post(reverse("planning:call-up-edit", args=key), form)
    proposed = client.get(reverse("planning:call-up-quotas", args=key), {"propose": "1"})
    assert "保存后才生效" in words(proposed)
    over = client.post(reverse("planning:call-up-quotas", args=key), {"more": where.bureau.pk, "more_places": 11})
    assert over.status_code == 422 and "多 1 个" in words(over)
    client.post(reverse("planning:call-up-quotas", args=key), {"more": where.bureau.pk, "more_places": 3})
    client.post(reverse("planning:call-up-open", args=key))
    page = words(client.get(reverse("planning:call-up", args=key)))
    assert "本班 10 人，已确认 0 人，还剩 10 个名额" in page and "云山市交通运输局 3 0 3" in page
    assert CallUp.objects.get(cohort=cohort).opened_at == clock.now()


def test_the_office_sees_whom_it_confirms_before_it_does(where: Scene, signed_in: SignIn) -> None:
    row = call_up(where)
    rows = named(where, row, cadres(where.bureau, 3))
    client, url = signed_in(where.office), address("call-up-bulk", row)
    chosen = {"act": "confirm", "rows": [one.pk for one in rows[:2]]}
    preview = words(client.post(url, chosen))
    assert "将影响 2 人" in preview and rows[0].user.name in preview and rows[2].user.name not in preview
    assert not Membership.objects.filter(cohort=row.cohort).exists()
    done = client.post(url, {**chosen, "confirmed": "1"}, follow=True)
    assert "已确认 2 人" in words(done) and Membership.objects.filter(cohort=row.cohort).count() == 2


def test_the_office_decides_one_and_reads_its_way(where: Scene, signed_in: SignIn) -> None:
    row = call_up(where)
    (one,) = named(where, row, cadres(where.bureau, 1))
    client, url = signed_in(where.office), address("nomination-decide", one)
    assert "云山市交通运输局：提名" in words(client.get(url))
    assert "请写明不能确认的理由" in words(client.post(url, {"outcome": "refuse"}))
    client.post(url, {"outcome": "refuse", "reason": "名额调整"})
    assert Nomination.objects.get(pk=one.pk).end_reason == "名额调整"


def test_where_it_hangs_names_the_desk_and_its_people(where: Scene, signed_in: SignIn, at: Any) -> None:
    made = nominate(actor=where.admins["section"], call_up=call_up(where), user=cadres(where.section, 1)[0])
    with at(2026, 9, 21, 9):
        for user, url in (
            (where.office, reverse("planning_hanging:index")),
            (where.admins["section"], reverse("planning:nominations-hanging")),
        ):
            page = words(signed_in(user).get(url))
            assert made.user.name in page and "公路管理处" in page and "管公路" in page and "已逾期" in page
        assert "没有" in words(signed_in(where.office).get(reverse("planning_hanging:index"), {"late": "ok"}))
        export = signed_in(where.office).get(reverse("planning_hanging:index"), {"export": "csv"})
        assert "管公路" in b"".join(export.streaming_content).decode()


def test_the_offices_lists_show_one_side_only(where: Scene, signed_in: SignIn) -> None:
    other_city = UnitFactory(name="邻水市", code="LS")
    other_office = UserFactory(unit=other_city, role=Role.TRAINING_OFFICE)
    row = call_up(where)
    (one,) = named(where, row, cadres(where.bureau, 1))
    for url, name in (
        ("/office/planning/nominations/", one.user.name),
        ("/office/planning/hanging/", one.user.name),
        ("/office/planning/calls/", row.cohort.title),
    ):
        assert name in words(signed_in(where.office).get(url))
        assert name not in words(signed_in(other_office).get(url))
        assert signed_in(where.clerk).get(url).status_code in (302, 403)


# how many queries


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


# the pages of each person in the order of the test below
QUERIES = {"office": [13, 11, 16, 8, 12], "clerk": [14, 10], "section": [27, 11]}


@pytest.mark.parametrize("who", ["office", "clerk", "section"])
def test_no_page_asks_more_for_a_thousand(where: Scene, signed_in: SignIn, reference: None, who: str) -> None:
    row = call_up(where, places=999, quotas={where.bureau: 999})
    sender = where.admins["section"]
    crowds = iter((cadres(where.section, 10), cadres(where.section, 989)))
    named(where, row, next(crowds), by=sender)
    cadres(where.section, 25)
    pages = {
        "office": [
            address("call-up", row), reverse("planning_nominations:index"), reverse("planning_hanging:index"),
            reverse("planning_calls:index"), address("call-up-quotas", row),
        ],
        "clerk": [reverse("planning:nominations"), address("nominations-call", row)],
        "section": [address("nominations-pick", row), reverse("planning:nominations-hanging")],
    }  # fmt: skip
    client = signed_in(where.office if who == "office" else where.clerk if who == "clerk" else sender)
    for url in pages[who]:
        client.get(url)
    few = [queries(client, url) for url in pages[who]]
    named(where, row, next(crowds), by=sender)
    many = [queries(client, url) for url in pages[who]]
    assert many == few == QUERIES[who], (few, many)


def test_the_page_of_one_nomination_asks_what_it_needs(where: Scene, signed_in: SignIn, reference: None) -> None:
    row = call_up(where, places=30, quotas={where.bureau: 30})
    (one,) = named(where, row, cadres(where.section, 1), by=where.admins["section"])
    client, url = signed_in(where.admins["division"]), reverse("planning:nomination", args=[one.public_id])
    client.get(url)
    assert queries(client, url) <= 30


def test_open_classes_ask_no_more_for_many(where: Scene, signed_in: SignIn, reference: None) -> None:
    (one,) = cadres(where.section, 1)
    client, url = signed_in(one), reverse("planning:open-classes")

    def offered(month: int) -> None:
        days = {"starts_on": date(2026, month, 2), "ends_on": date(2026, month, 6)}
        call_up(where, cohort=planned(host=where.city, **days), basis="open", places=2)

    offered(11)
    client.get(url)
    few = queries(client, url)
    for month in (10, 12):
        for _class in range(3):
            offered(month)
    assert queries(client, url) == few == 22
    assert len(client.get(url).context["items"]) == 7


def test_naming_and_confirming_many_grow_by_chunks_of_rows_only(where: Scene) -> None:
    row = call_up(where, places=600, quotas={where.bureau: 600})

    def cost(count: int) -> tuple[int, int]:
        people = cadres(where.bureau, count)
        with CaptureQueriesContext(connection) as naming:
            made = named(where, row, people)
        with CaptureQueriesContext(connection) as confirming:
            confirm_many(actor=where.office, call_up=row, nominations=made)
        return len(naming), len(confirming)

    cost(1)
    few, many = cost(10), cost(150)
    for before, after in zip(few, many, strict=True):
        assert after - before <= 140 // 20, "SQLite writes rows in chunks; nothing is asked per person"


def test_posting_at_the_time_of_naming_stays(where: Scene) -> None:
    (one,) = cadres(where.bureau, 1)
    (made,) = named(where, call_up(where), [one])
    one.postings.update(ends_on=date(2026, 9, 15))
    PostingFactory(user=one, post="处长", starts_on=date(2026, 9, 16))
    assert Nomination.objects.get(pk=made.pk).posting.post == "科长"


def other_side() -> tuple[Scene, CallUp, Nomination]:
    """Another city with its office, a class of the same shape, and somebody named."""
    city = UnitFactory(code="LS", name="邻水市")
    bureau = UnitFactory(parent=city, name="邻水市水务局")
    their = Scene(city, bureau, bureau, bureau, UserFactory(unit=city, role=Role.TRAINING_OFFICE))
    their.admins["bureau"] = UserFactory(unit=bureau, role=Role.UNIT_ADMIN)
    row = call_up(their, cohort=planned(host=city, made_by=their.office, title="外市专题班"))
    (one,) = cadres(bureau, 1)
    User.objects.filter(pk=one.pk).update(name="外市干部")
    return their, row, named(their, row, [one])[0]


def test_every_door_of_the_lists_is_closed_to_the_other_side(where: Scene, signed_in: SignIn) -> None:
    row = call_up(where, cohort=planned(host=where.city, made_by=where.office, title="本市专题班"))
    (one,) = cadres(where.bureau, 1)
    User.objects.filter(pk=one.pk).update(name="本市干部")
    (mine,) = named(where, row, [one])
    their, theirs, foreign = other_side()
    teacher = UserFactory(role=Role.CLASS_TEACHER)
    office, outsider, hidden = signed_in(where.office), signed_in(teacher), ["外市干部", "外市专题班"]
    people, classes = ("本市干部", "外市干部"), ("本市专题班", "外市专题班")
    check_side_doors(office, outsider, "/office/planning/calls/", row, theirs, words=classes, hidden=hidden)
    check_side_doors(office, outsider, "/office/planning/nominations/", mine, foreign, words=people, hidden=hidden)
    step, foreign_step = mine.steps.get(position=1), foreign.steps.get(position=1)
    check_side_doors(office, outsider, "/office/planning/hanging/", step, foreign_step, words=people, hidden=hidden)
    assert their.office.pk != where.office.pk


def test_reading_a_nomination_is_noted_as_a_read_of_the_file(where: Scene, signed_in: SignIn) -> None:
    (one,) = cadres(where.bureau, 1)
    (made,) = named(where, call_up(where), [one])
    signed_in(where.clerk).get(address("nomination", made))
    signed_in(one).get(reverse("planning:my-nominations"))
    assert list(one.file_reads.values_list("reader", "part")) == [(where.clerk.pk, "提名情况")]


def test_a_cancelled_class_is_said_to_be_cancelled(where: Scene, signed_in: SignIn) -> None:
    row = call_up(where)
    (made,) = named(where, row, cadres(where.bureau, 1))
    confirm(actor=where.office, nomination=made)
    type(row.cohort).objects.filter(pk=row.cohort_id).update(state="cancelled")
    page = words(signed_in(made.user).get(reverse("planning:my-nominations")))
    assert "班次已取消" in page and "您已确认参加" not in page


def test_everybody_at_the_desk_is_confirmed_at_once_also_beyond_the_page(where: Scene, signed_in: SignIn) -> None:
    row = call_up(where, places=70, quotas={where.bureau: 70})
    named(where, row, cadres(where.bureau, 60))
    client = signed_in(where.office)
    assert "全部待确认的 60 人" in words(client.get(address("call-up", row)))
    preview = client.post(address("call-up-bulk", row), {"act": "confirm", "everybody": "1"})
    assert "将影响 60 人" in words(preview)
    keys = [one.pk for one in preview.context["touched"]]
    client.post(address("call-up-bulk", row), {"act": "confirm", "rows": keys, "confirmed": "1"})
    assert CallUp.objects.get(pk=row.pk).taken == 60


def test_the_start_page_names_what_waits(where: Scene, signed_in: SignIn, at: Any) -> None:
    row = call_up(where)
    named(where, row, cadres(where.bureau, 2))
    nominate(actor=where.admins["section"], call_up=row, user=cadres(where.section, 1)[0])
    with at(2026, 9, 21, 9):
        page = words(signed_in(where.office).get(reverse("wagtailadmin_home")))
    assert "待确认的提名" in page and "单位逾期未审核的提名" in page
