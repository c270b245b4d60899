from __future__ import annotations

import uuid

import pytest
from django.urls import reverse

from certificates.models import Certificate, CertificateTemplate
from certificates.services import candidates, publish_reports
from core import clock, jobs
from people.models import PersonalFileRead, User
from tests.certificates.pdf import pdf_text
from tests.factories.certificates import issue_all, issued_class, template
from tests.factories.cohorts import AFTER, closed, office, people

pytestmark = pytest.mark.django_db


@pytest.fixture
def klass(personas, reference):
    """A closed class in which the trainee of the personas sits with five others."""
    return closed(members=[personas["trainee"], *people(5)])


def reports_of(cohort):
    with clock.freeze(AFTER):
        jobs.run_now(publish_reports(actor=office(), cohort=cohort))
    return {r.membership.user_id: r for m in cohort.memberships.all() for r in m.reports.all()}


def test_the_office_sees_who_is_eligible_deselects_confirms_and_gets_a_job(klass, personas, signed_in):
    browser, url = signed_in(personas["training_office"]), reverse("certificates:issue", args=[klass.public_id])
    chosen_template = template(personas["training_office"])
    page = browser.get(url).content.decode()
    assert "可以签发 6 人" in page
    everybody = [c.membership.pk for c in candidates(klass)]
    data = {"client_key": uuid.uuid4(), "template": chosen_template.pk, "members": everybody[:5]}
    check = browser.post(url, data).content.decode()
    assert "将为 5 名学员签发证书" in check
    assert not Certificate.objects.exists()
    answer = browser.post(url, {**data, "confirmed": "1"})
    assert answer.status_code == 302
    again = browser.post(url, {**data, "confirmed": "1"})
    assert again["Location"] == answer["Location"]


def test_choosing_nobody_is_answered_with_a_sentence(klass, personas, signed_in):
    url = reverse("certificates:issue", args=[klass.public_id])
    data = {"client_key": uuid.uuid4(), "template": template().pk}
    page = signed_in(personas["training_office"]).post(url, data)
    assert page.status_code == 422
    assert "请至少选择一名学员" in page.content.decode()


def test_a_cadre_finds_the_certificate_and_downloads_the_stored_bytes(klass, personas, signed_in):
    issue_all(klass)
    browser = signed_in(personas["trainee"])
    mine = Certificate.objects.get(membership__user=personas["trainee"])
    assert mine.number in browser.get(reverse("certificates:mine")).content.decode()
    file = browser.get(reverse("certificates:download", args=[mine.public_id]))
    assert file.content == bytes(mine.pdf)


def test_without_anything_the_page_says_what_will_stand_there(personas, signed_in):
    page = signed_in(personas["other_trainee"]).get(reverse("certificates:mine")).content.decode()
    assert "还没有结业证书" in page
    assert "还没有能力报告" in page


@pytest.mark.parametrize(
    ("who", "status"),
    [("trainee", 200), ("training_office", 200), ("leader", 200), ("unit_admin", 200), ("other_trainee", 404),
     ("other_leader", 404), ("other_teacher", 404), ("content_editor", 404), ("security_admin", 404)],
)  # fmt: skip
def test_whose_certificate_opens_for_whom(klass, personas, signed_in, who, status):
    issue_all(klass)
    mine = Certificate.objects.get(membership__user=personas["trainee"])
    assert signed_in(personas[who]).get(reverse("certificates:download", args=[mine.public_id])).status_code == status


def test_reading_somebodys_report_leaves_a_row(klass, personas, signed_in):
    report = reports_of(klass)[personas["trainee"].pk]
    url = reverse("certificates:report", args=[report.public_id])
    assert signed_in(personas["other_leader"]).get(url).status_code == 404
    assert not PersonalFileRead.objects.exists()
    assert signed_in(personas["leader"]).get(url).status_code == 200
    row = PersonalFileRead.objects.get()
    assert (row.reader, row.subject) == (personas["leader"], personas["trainee"])


def test_without_two_kinds_of_evidence_the_report_says_so(klass, personas, signed_in):
    report = reports_of(klass)[personas["trainee"].pk]
    page = signed_in(personas["trainee"]).get(reverse("certificates:report", args=[report.public_id])).content.decode()
    assert "证据不足" in page
    assert "仅用于培训改进，不作为任免、奖惩的直接依据" in page
    assert "证据不足" in pdf_text(bytes(report.pdf))


def test_publishing_again_without_change_makes_no_new_version(klass):
    first = reports_of(klass)
    from_before = {r.pk for r in first.values()}
    for member in klass.memberships.all():
        assert {r.pk for r in member.reports.all()} <= from_before


def test_the_page_of_issuing_takes_the_same_queries_for_many(personas, signed_in, django_assert_max_num_queries):
    template()
    browser = signed_in(personas["training_office"])
    counts = []
    for size in (3, 30):
        url = reverse("certificates:issue", args=[closed(members=size).public_id])
        browser.get(url)
        with django_assert_max_num_queries(60) as queries:
            browser.get(url)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_revoking_on_the_screen(personas, signed_in):
    _, (one,) = issued_class(members=1)
    url = reverse("certificates:revoke", args=[one.public_id])
    browser = signed_in(personas["training_office"])
    assert "公众核验页会显示" in browser.get(url).content.decode()
    assert browser.post(url, {"reason": ""}).status_code == 422
    assert browser.post(url, {"reason": "发放有误"}).status_code == 302
    one.refresh_from_db()
    assert one.status == "revoked"


@pytest.mark.parametrize("who", ["class_teacher", "leader", "unit_admin", "trainee"])
def test_only_the_office_may_revoke(personas, signed_in, who):
    _, (one,) = issued_class(members=1)
    url = reverse("certificates:revoke", args=[one.public_id])
    assert signed_in(personas[who]).post(url, {"reason": "不该成功"}).status_code == 403
    assert User.objects.filter(pk=office().pk).exists()
    one.refresh_from_db()
    assert one.status == "valid"


def test_a_template_is_made_on_the_screen_and_the_same_again_is_no_new_version(personas, signed_in):
    url, browser = reverse("certificates:templates"), signed_in(personas["training_office"])
    data = {"name": "结业证书", "issuer": "云山市领航干部学院（虚构）", "seal_text": "样章", "number_prefix": "云结字"}
    assert "还没有证书模板" in browser.get(url).content.decode()
    assert browser.post(url, {**data, "issuer": ""}).status_code == 422
    for _ in range(2):
        assert browser.post(url, data).status_code == 302
    assert CertificateTemplate.objects.count() == 1
    assert "第1版" in browser.get(url).content.decode()
    assert browser.post(url, {**data, "seal_text": ""}).status_code == 302
    assert "第2版" in browser.get(url).content.decode()


def test_the_class_teacher_reads_the_list_and_cannot_issue(klass, personas, signed_in):
    teacher, url = klass.staff.get(duty="teacher").user, reverse("certificates:issue", args=[klass.public_id])
    template()
    page = signed_in(teacher).get(url)
    assert "证书由培训处签发" in page.content.decode()
    data = {"client_key": uuid.uuid4(), "template": 1, "members": [c.membership.pk for c in candidates(klass)]}
    assert signed_in(teacher).post(url, {**data, "confirmed": "1"}).status_code == 403
    assert signed_in(personas["other_teacher"]).get(url).status_code == 404
