"""The training archive: one's own, and somebody else's within one's grants."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from people.models import PersonalFileRead
from tests.factories.portal import credited, evidence, make_scene
from tests.portal.test_desk import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(db, at):
    with at(2026, 9, 19, 9):
        yield make_scene()


def archive(person) -> str:
    return reverse("portal:archive-of", args=[person.public_id])


def test_each_requirement_opens_to_its_lines_rules_and_postings(scene, signed_in) -> None:
    cadre = scene.data[0]
    credited(cadre, "24", "3", on=date(2026, 3, 6))
    credited(cadre, "16", "2", on=date(2025, 3, 6), label="去年的进修班（示范）", evidence_no="示字2号")
    html = signed_in(cadre).get(reverse("portal:archive")).content.decode()
    need = html[html.index('id="need-junior-central-year"') : html.index('id="need-junior-online-year"')]
    assert "64 / 90 学时" in need and "8 / 12 天" in need
    assert scene.cohort.full_title in need and "学时规则：半天四学时（第1版）" in need
    assert "省委党校进修班（示范）" in need and "证明材料：示字1号" in need
    assert "去年的进修班" not in need  # earned outside the window
    assert "2020年1月1日 — 至今" in need


def test_lines_are_filtered_by_bucket_and_year(scene, signed_in) -> None:
    cadre = scene.data[0]
    credited(cadre, "16", "2", on=date(2025, 3, 6), label="去年的进修班（示范）")
    credited(cadre, "10", "0", on=date(2026, 3, 6), bucket="online", label="网络课程（示范）")
    browser = signed_in(cadre)

    def lines(**query) -> str:
        html = browser.get(reverse("portal:archive"), query).content.decode()
        return html[html.index('id="hours"') : html.index('id="classes"')]

    assert "去年的进修班" in lines() and "网络课程" in lines()
    assert "去年的进修班" in lines(year="2025") and "网络课程" not in lines(year="2025")
    assert "网络课程" in lines(bucket="online") and scene.cohort.full_title not in lines(bucket="online")


@pytest.mark.parametrize("query", [{"year": "二零二六"}, {"bucket": "x"}, {"page": "-1"}, {"year": "2026\x00"}])
def test_a_strange_address_is_answered(scene, signed_in, query) -> None:
    assert signed_in(scene.data[0]).get(reverse("portal:archive"), query).status_code == 200


def test_classes_say_how_they_ended(scene, signed_in) -> None:
    page = words(signed_in(scene.withdrawn).get(reverse("portal:archive")))
    assert scene.cohort.full_title in page and "退学" in page and "未满足：" in page


def test_competency_with_evidence_and_where_it_is_not_enough(scene, signed_in) -> None:
    evidence([scene.chief], "", code="E1")
    page = words(signed_in(scene.data[0]).get(reverse("portal:archive")))
    assert "数字化治理：训前 2.5，训后 3.5，3 条证据" in page
    assert "证据不足" in page and "仅用于培训改进，不作为任免、奖惩的直接依据" in page


def test_a_leader_reads_within_the_grant_and_it_is_noted(scene, signed_in) -> None:
    cadre = scene.data[0]
    page = words(signed_in(scene.leader).get(archive(cadre)))
    assert f"{cadre.name}的培训档案" in page and "本次查阅已记录" in page
    read = PersonalFileRead.objects.get(subject=cadre)
    assert read.reader == scene.leader and read.part == "培训档案"


def test_ones_own_archive_is_nobodys_business_to_note(scene, signed_in) -> None:
    signed_in(scene.leader).get(archive(scene.leader))
    assert not PersonalFileRead.objects.exists()


def test_another_unit_and_a_file_managed_above_look_as_if_they_were_not_there(scene, signed_in) -> None:
    leader, admin = signed_in(scene.leader), signed_in(scene.personas["unit_admin"])
    assert leader.get(archive(scene.justice[0])).status_code == 404
    assert admin.get(archive(scene.chief)).status_code == 404  # in the unit, but managed by the city
    assert leader.get(archive(scene.chief)).status_code == 404
    assert admin.get(archive(scene.data[0])).status_code == 200
    assert not PersonalFileRead.objects.filter(subject__in=[scene.justice[0], scene.chief]).exists()


def test_who_has_no_such_role_is_refused(scene, signed_in, client) -> None:
    cadre = scene.data[0]
    for role in ("trainee", "class_teacher", "lecturer", "content_editor"):
        assert signed_in(scene.personas[role]).get(archive(cadre)).status_code == 403, role
    assert client.get(archive(cadre)).status_code == 302


def test_queries_do_not_grow_with_the_archive(scene, signed_in, django_assert_max_num_queries) -> None:
    cadre, browser = scene.data[0], signed_in(scene.data[0])
    with django_assert_max_num_queries(29):
        browser.get(reverse("portal:archive"))
    for month in range(1, 9):
        credited(cadre, "8", "1", on=date(2026, month, 6))
    evidence([cadre], "", code="E1")
    with django_assert_max_num_queries(29):
        browser.get(reverse("portal:archive"))
