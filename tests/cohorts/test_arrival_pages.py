"""The pages of arrival, photos, rooms, groups, offices and the next intake, as people use them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cohorts import services
from cohorts.models import Cohort, Lodging, Membership
from core.models import Job
from people.models import User
from tests.factories.cohorts import MONDAY, CohortFactory, closed, packed, people, picture, portrait
from tests.factories.people import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]
PAGES = ("arrival-desk", "arrival", "photos", "lodging", "lodging-print", "groups", "duties", "members")


@pytest.fixture
def cohort(personas: dict[str, User]) -> Cohort:
    made = CohortFactory(confirmed=True, members=5, size=3, teacher=personas["class_teacher"])
    trainee = personas["trainee"]
    made.memberships.create(user=trainee, unit=trainee.unit, group=made.groups.first())
    return made


def url(name: str, cohort: Cohort, *more: Any) -> str:
    return reverse(f"cohorts:{name}", args=[cohort.public_id, *more])


def member(cohort: Cohort, place: int = 0) -> Membership:
    return cohort.memberships.select_related("user", "cohort").order_by("pk")[place]


def text(answer: Any) -> str:
    return answer.content.decode()


@pytest.fixture
def teacher(personas: dict[str, User], signed_in: Any) -> Any:
    return signed_in(personas["class_teacher"])


@pytest.fixture
def officer(personas: dict[str, User], signed_in: Any) -> Any:
    return signed_in(personas["training_office"])


def test_the_desk_finds_by_name_number_and_initials(cohort: Cohort, teacher: Any) -> None:
    for words in ("王敏", "t0001", "wm"):
        page = text(teacher.get(url("arrival-desk", cohort), {"q": words}))
        assert page.count("data-words") == 1 and "王敏" in page, words
    assert "没有符合条件的学员" in text(teacher.get(url("arrival-desk", cohort), {"q": "没有这人"}))
    assert "市数据局综合处</h2>" not in text(teacher.get(url("arrival-desk", cohort)))
    assert "市数据局综合处<span" in text(teacher.get(url("arrival-desk", cohort), {"by": "unit"}))


def test_one_tap_without_a_script_leads_back_to_the_row(cohort: Cohort, teacher: Any) -> None:
    one = member(cohort)
    sent = teacher.post(url("arrive", cohort, one.public_id), {"q": "p", "by": "unit", "show": ""})
    assert sent.url == f"{url('arrival-desk', cohort)}?q=p&by=unit#m{one.pk}"
    page = text(teacher.get(url("arrival-desk", cohort)))
    assert "已报到 1 / 6 人" in page and "还有 5 人未到" in page
    waiting = text(teacher.get(url("arrival-desk", cohort), {"show": "waiting"}))
    assert waiting.count("data-words") == 5


def test_one_tap_with_a_script_answers_the_row_and_the_total(cohort: Cohort, teacher: Any) -> None:
    one = member(cohort)
    answer = teacher.post(url("arrive", cohort, one.public_id), {"by": "group"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200 and "已报到 1 / 6 人" in text(answer)
    assert text(answer).count("data-words") == 1 and "<html" not in text(answer)
    back = teacher.post(url("arrival-undo", cohort, one.public_id), headers={"HX-Request": "true"})
    assert "已报到 0 / 6 人" in text(back)
    Cohort.objects.filter(pk=cohort.pk).update(state="planned")
    refused = teacher.post(url("arrive", cohort, one.public_id), headers={"HX-Request": "true"})
    assert refused.status_code == 422 and "不能办理" in text(refused)


def test_replacing_shows_who_takes_whose_place_before_it_happens(cohort: Cohort, teacher: Any) -> None:
    one = cohort.memberships.get(user__work_number="T0001")
    by = UserFactory(unit=one.unit, managed_by=one.unit, name="欧阳娜")
    form = url("member-replace", cohort, one.public_id)
    wrong = teacher.post(form, {"work_number": "NOBODY", "reason": "出差"})
    assert wrong.status_code == 422 and "没有这个工号的在职人员" in text(wrong)
    data = {"work_number": by.work_number, "reason": "出差"}
    look = text(teacher.post(form, data))
    assert "欧阳娜" in look and "确认换人" in look and not cohort.memberships.filter(user=by).exists()
    assert "接替人不在选派单位" not in text(teacher.get(form)), "the tick is the office's"
    assert teacher.post(form, {**data, "confirmed": "1"}).status_code == 302
    page = text(teacher.get(url("arrival-desk", cohort)))
    assert "替换王敏" in page and "由欧阳娜替换" in page
    file = text(teacher.get(url("member", cohort, one.public_id)))
    assert "由欧阳娜替换" in file and "出差" in file


def test_late_places_are_proposed_and_cancelled_after_a_look(
    cohort: Cohort, teacher: Any, officer: Any, at: Any
) -> None:
    services.register_members(actor=cohort.made_by, cohort=cohort, members=[member(cohort)])
    with at(2026, 9, 17, 9):
        page = text(officer.get(url("arrival", cohort)))
        assert "报到期限2026年9月16日已过" in page and "取消勾选学员的名额" in page
        assert "请培训处确认是否取消名额" in text(teacher.get(url("arrival", cohort)))
        keys = {"members": [m.pk for m in cohort.memberships.filter(state="confirmed")]}
        look = officer.get(url("arrival-cancel", cohort), keys)
        assert "取消 5 个名额" in text(look) and cohort.memberships.filter(state="confirmed").count() == 5
        silent = officer.post(url("arrival-cancel", cohort), keys)
        assert silent.status_code == 422 and cohort.memberships.filter(state="confirmed").count() == 5
        assert officer.post(url("arrival-cancel", cohort), {**keys, "reason": "逾期"}).status_code == 302
    assert cohort.memberships.filter(state="no_show", reason="逾期").count() == 5


def test_a_photo_from_a_phone_and_a_folder_from_the_office(cohort: Cohort, teacher: Any) -> None:
    one = member(cohort)
    page = url("member-photo", cohort, one.public_id)
    bad = teacher.post(page, {"file": portrait(width=50, height=50)})
    assert bad.status_code == 422 and "照片太小" in text(bad)
    assert teacher.post(page, {"file": portrait()}).status_code == 302
    assert reverse("cohorts:photo", args=[one.public_id]) in text(teacher.get(page))
    staged = teacher.post(
        url("photos", cohort), {"file": packed({f"{one.user.work_number}.jpg": picture(), "x/ZZ9.jpg": b"1"})}
    )
    preview = text(teacher.get(staged.url))
    assert "可以使用 1 张，退回 1 个文件" in preview and "本班没有这个工号" in preview
    taken = teacher.post(f"{staged.url}take/")
    assert taken.url == Job.objects.get(kind="cohorts.photos").get_absolute_url()


def test_rooms_are_pasted_and_each_wrong_row_is_named(cohort: Cohort, teacher: Any) -> None:
    one = member(cohort).user
    page = url("lodging-import", cohort)
    refused = teacher.post(page, {"text": f"工号\t姓名\t房间\n{one.work_number}\t张冠李戴\t301\n"})
    assert refused.status_code == 422 and "工号与姓名不一致" in text(refused) and not Lodging.objects.exists()
    assert "二者选一" in text(teacher.post(page, {}))
    assert teacher.post(page, {"text": f"工号\t房间\t床位\t忌口\n{one.work_number}\t301\t1\t花生\n"}).status_code == 302
    assert "花生" in text(teacher.get(url("lodging-print", cohort)))
    export = teacher.get(url("lodging-export", cohort))
    assert export.status_code == 200 and export.content[:2] == b"PK"
    again = services.import_lodging(actor=cohort.made_by, cohort=cohort, name="食宿.xlsx", data=export.content)
    assert again == 6, "what is exported can be taken back"


def test_groups_are_formed_anew_after_a_look_and_mended_by_hand(cohort: Cohort, teacher: Any) -> None:
    services.give_duty(
        actor=cohort.made_by, membership=member(cohort), office="group_leader", group=cohort.groups.first(),
        from_day=MONDAY,
    )  # fmt: skip
    before = list(cohort.memberships.order_by("pk").values_list("group", flat=True))
    look = text(teacher.post(url("members-groups", cohort), {"size": 6}))
    assert "现有 2 个小组将被替换" in look and f"第1组组长：{member(cohort).user.name}" in look
    assert before == list(cohort.memberships.order_by("pk").values_list("group", flat=True))
    group = cohort.groups.last()
    chosen = [m.pk for m in cohort.memberships.exclude(group=group)]
    assert teacher.post(url("groups-move", cohort), {"members": chosen, "group": group.pk}).status_code == 302
    assert cohort.memberships.filter(group=group).count() == 6
    assert teacher.post(url("members-groups", cohort), {"size": 6, "confirmed": 1}).status_code == 302
    assert cohort.groups.count() == 1


def test_offices_of_the_branch_are_offered_where_there_are_party_members(
    cohort: Cohort, teacher: Any, personas: dict[str, User], signed_in: Any
) -> None:
    page = url("duties", cohort)
    assert "临时党支部书记" not in text(teacher.get(page))
    one, other = member(cohort), member(cohort, 1)
    User.objects.filter(pk=one.user_id).update(political_status="中共党员")
    assert "临时党支部书记" in text(teacher.get(page))
    data = {"office": "branch_secretary", "from_day": "2026-09-14"}
    refused = teacher.post(page, {**data, "holder": other.pk})
    assert refused.status_code == 422 and "政治面貌不是中共党员" in text(refused)
    assert teacher.post(page, {**data, "holder": one.pk}).status_code == 302
    for name in ("duties", "members", "board"):
        assert "临时党支部书记" in text(teacher.get(url(name, cohort))), name
    mine = signed_in(personas["trainee"]).get(reverse("cohorts:class", args=[cohort.public_id]))
    assert "临时党支部书记" in text(mine)
    duty = cohort.duties.get()
    assert teacher.post(url("duty-end", cohort, duty.pk), {"to_day": "2026-09-15"}).status_code == 302
    assert "2026年9月14日—2026年9月15日" in text(teacher.get(page))


def test_the_next_intake_names_what_is_copied_and_what_is_not(cohort: Cohort, officer: Any) -> None:
    page, data = url("clone", cohort), {"starts_on": "2026-09-28", "code": "LH-N2"}
    look = text(officer.post(page, data))
    assert "（第2期）" in look and "课表 10 节" in look and "学员、小组、职务、照片" in look
    assert Cohort.objects.count() == 1
    first = officer.post(page, {**data, "confirmed": "1"})
    assert (
        first.url
        == officer.post(page, {**data, "confirmed": "1"}).url
        == url("board", Cohort.objects.get(code="LH-N2"))
    )


def test_a_class_that_cannot_be_cancelled_or_reopened_says_why(
    cohort: Cohort, officer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.register_members(actor=cohort.made_by, cohort=cohort, members=[member(cohort)])
    page = text(officer.get(url("cancel", cohort)))
    assert "已有 1 名学员报到，不能取消班次" in page and "取消这个班次</button>" not in page
    done = closed(members=1, host=cohort.host)
    monkeypatch.setattr("cohorts.views.graduation.objections", lambda cohort: ["本班有 1 张有效证书。"])
    undo = text(officer.get(url("undo-close", done)))
    assert "本班有 1 张有效证书" in undo and "取消结班</button>" not in undo


def test_a_class_that_is_over_offers_nothing(personas: dict[str, User], officer: Any) -> None:
    done = closed(members=2, size=2, teacher=personas["class_teacher"])
    for name in PAGES:
        page = text(officer.get(url(name, done)))
        for words in ("登记报到", "撤销报到", "上传并预览", "导入或粘贴名单", "重新分组", ">任命<", "换人</a>"):
            assert words not in page, (name, words)


@pytest.mark.parametrize("name", PAGES)
def test_pages_ask_the_database_no_more_for_more_members(name: str, officer: Any, personas: dict[str, User]) -> None:
    def asked(count: int) -> int:
        cohort = CohortFactory(confirmed=True, members=people(count), size=5)
        services.register_members(actor=cohort.made_by, cohort=cohort, members=list(cohort.memberships.all())[::2])
        Lodging.objects.bulk_create(
            Lodging(cohort=cohort, membership=m, room=str(n // 2)) for n, m in enumerate(cohort.memberships.all())
        )
        officer.get(url(name, cohort))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert officer.get(url(name, cohort)).status_code == 200
        return len(queries)

    assert asked(10) == asked(45)
