"""Documents, courses elsewhere and live sessions: from the editor's form to a completed lesson."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from wagtail.models import ModelLogEntry

from core import clock
from core.errors import Conflict, DomainError
from core.models import Notice
from courses.forms.office import missing_for
from courses.models import Enrolment, LessonProgress, LessonProof, LiveAttendance
from courses.reading.learners import with_signs
from courses.rules.live import AFTER, BEFORE, DURING, phase
from courses.rules.progress import (
    Allowance,
    Completion,
    LessonShape,
    LessonState,
    ProgressUpdate,
    apply,
    is_done,
    missing,
)
from courses.services import (
    arrange_live,
    decide_proof,
    enrol,
    give_lecturer,
    hand_in_proof,
    note_opened,
    publish_edition,
    record_live,
    save_progress,
)
from people.models import Unit
from tests.factories.courses import (
    PDF,
    CourseFactory,
    EditionFactory,
    document,
    document_lesson,
    editor,
    link_lesson,
    live_lesson,
    png_bytes,
)
from tests.factories.people import UserFactory

SHANGHAI = ZoneInfo("Asia/Shanghai")
SESSION = datetime(2026, 9, 21, 14, 0, tzinfo=SHANGHAI)
BEFOREHAND = datetime(2026, 9, 14, 10, 0, tzinfo=SHANGHAI)
AFTERWARDS = SESSION + timedelta(hours=3)
ENOUGH = Allowance(Decimal(9999), Decimal(9999))
SAYS_READ = ProgressUpdate(1, Decimal(100), reached_end=True)


def words(response) -> str:
    text = re.sub(r"<(script|style|template).*?</\1>", " ", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def status(browser, address: str) -> int:
    response = browser.get(address)
    if response.streaming:
        b"".join(response.streaming_content)
    return response.status_code


# Rules, without a database.


@pytest.mark.parametrize(
    ("completion", "state", "done", "lacks"),
    [
        (Completion.OPENED, LessonState(), False, ["打开文档并读完"]),
        (Completion.OPENED, LessonState(position=Decimal(1)), True, []),
        (Completion.PROVEN, LessonState(position=Decimal(1)), False, ["学习证明经确认"]),
        (Completion.ATTENDED, LessonState(), False, ["出席情况经确认"]),
        (Completion.READ, LessonState(), True, []),
    ],
)
def test_what_a_click_is_worth(completion, state, done, lacks):
    shape = LessonShape(completion)
    after = apply(state, SAYS_READ, shape, ENOUGH).state
    assert (is_done(after, shape), missing(after, shape)) == (done, lacks)


@pytest.mark.parametrize("completion", [Completion.OPENED, Completion.PROVEN, Completion.ATTENDED])
def test_no_browser_moves_a_position_that_the_server_keeps(completion):
    update = ProgressUpdate(1, Decimal(100))
    assert apply(LessonState(), update, LessonShape(completion), ENOUGH).state.position == 0


def test_a_confirmed_lesson_still_asks_for_its_check():
    shape = LessonShape(Completion.ATTENDED, has_check=True)
    assert missing(LessonState(confirmed=True), shape) == ["通过课时测验"]
    assert is_done(LessonState(confirmed=True, check_passed=True), shape)


@pytest.mark.parametrize(("minutes", "expected"), [(-1, BEFORE), (0, DURING), (119, DURING), (120, AFTER)])
def test_the_phases_of_a_session(minutes, expected):
    assert phase(SESSION, SESSION + timedelta(hours=2), SESSION + timedelta(minutes=minutes)) == expected


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"kind": "document"}, ["document", "minutes"]),
        ({"kind": "link"}, ["platform", "address"]),
        ({"kind": "live"}, ["starts_at", "ends_at", "place"]),
        ({"kind": "live", "starts_at": SESSION, "ends_at": SESSION, "place": "报告厅"}, ["ends_at"]),
        ({"kind": "article"}, []),
    ],
)
def test_the_editors_form_names_what_a_kind_needs(given, fields):
    assert [field for field, _words in missing_for(given)] == fields


# Publishing.


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: document_lesson(document=document("x.pdf", b"not a pdf")), "没有可以打开的 PDF 文件"),
        (lambda: document_lesson(minutes=None), "没有标称时长"),
        (lambda: link_lesson(address=""), "没有写明平台名称和网址"),
        (lambda: live_lesson(SESSION, ends_at=None), "没有写明开始和结束时间"),
        (lambda: live_lesson(SESSION, address="", place=""), "没有直播网址，也没有地点"),
        (lambda: live_lesson(SESSION, hours=-1), "结束时间不晚于开始时间"),
        (lambda: live_lesson(BEFOREHAND - timedelta(days=2)), "时间已经过去"),
    ],
)
def test_publishing_refuses_what_cannot_be_taught(at, make, sentence):
    with at(2026, 9, 14, 10):
        lesson = make()
        course = CourseFactory(lessons=[lesson], edition=False)
        with pytest.raises(DomainError, match=sentence) as refusal:
            publish_edition(actor=editor(), course=course)
    assert lesson.title in refusal.value.message


@pytest.mark.django_db
def test_an_edition_copies_what_the_kind_needs_and_pins_the_document(at):
    with at(2026, 9, 14, 10):
        edition = EditionFactory(lessons=[document_lesson(), link_lesson(), live_lesson(SESSION, hours=2)])
    one, two, three = edition.lessons.order_by("position")
    assert (one.document.title, one.minutes) == ("管理办法", 20)
    assert (two.platform, two.address, two.minutes) == ("示范网络学院", "https://academy.example.cn/course/7", None)
    assert (three.place, three.starts_at, three.minutes) == ("三楼报告厅", SESSION, 120)
    assert edition.assets.get().document == one.document


# Learning.


@pytest.fixture
def scene(personas, at):
    """A course of the three kinds without checks; the trainee learns it, the lecturer looks after the city."""
    with at(2026, 9, 14, 10):
        lessons = [document_lesson(checked=False), link_lesson(checked=False), live_lesson(SESSION, checked=False)]
        edition = EditionFactory(lessons=lessons)
        enrolment = enrol(user=personas["trainee"], edition=edition)
    city = Unit.objects.get(code="YS")
    give_lecturer(actor=personas["training_office"], course=edition.course, user=personas["lecturer"], unit=city)
    with clock.freeze(BEFOREHAND):
        yield enrolment


def url(enrolment, position, part="lesson"):
    return reverse(f"courses:{part}", args=[enrolment.public_id, position])


@pytest.mark.django_db
def test_a_document_is_opened_by_its_learner_and_read_by_their_word(scene, personas, signed_in):
    browser = signed_in(scene.user)
    page = words(browser.get(url(scene, 1)))
    assert "打开文档" in page and "读完约 20 分钟" in page and "还差： 打开文档并读完" in page
    browser.post(url(scene, 1, "progress"), {"reached_end": "1"})
    assert "还差： 打开文档并读完" in words(browser.get(url(scene, 1))), "not by the button alone"
    answer = browser.get(url(scene, 1, "document"))
    assert b"".join(answer.streaming_content) == PDF and answer["Content-Disposition"].startswith("inline")
    with clock.freeze(SESSION):
        browser.post(url(scene, 1, "progress"), {"reached_end": "1"})
    assert "本课时已完成" in words(browser.get(url(scene, 1)))
    stranger = signed_in(personas["other_trainee"])
    assert stranger.get(url(scene, 1, "document")).status_code == 404
    document_url = scene.edition.lessons.get(position=1).document.url
    assert status(stranger, document_url) == 404 and status(browser, document_url) == 200


@pytest.mark.django_db
def test_a_course_elsewhere_needs_proof_that_somebody_confirms(scene, personas, signed_in):
    browser, lecturer = signed_in(scene.user), signed_in(personas["lecturer"])
    page = browser.get(url(scene, 2)).content.decode()
    assert 'href="https://academy.example.cn/course/7" target="_blank" rel="noopener noreferrer"' in page
    assert "我已读完" not in page
    browser.post(url(scene, 2, "progress"), {"reached_end": "1"})
    assert not LessonProgress.objects.filter(completed_at__isnull=False).exists()

    answer = browser.post(url(scene, 2, "proof"), {})
    assert answer.status_code == 422 and "请填写证书编号，或者上传完成学习的截图" in words(answer)
    shot = SimpleUploadedFile("截图.png", png_bytes(), "image/png")
    browser.post(url(scene, 2, "proof"), {"certificate_no": "GB-2026-17", "file": shot})
    page = words(browser.get(url(scene, 2)))
    assert "证书编号 GB-2026-17" in page and "待确认" in page and "提交证明" not in page
    answer = browser.post(url(scene, 2, "proof"), {"certificate_no": "again"})
    assert answer.status_code == 422 and "正在等待确认" in words(answer)

    proof = LessonProof.objects.get()
    decide = reverse("courses:decide-proof", args=[proof.public_id])
    assert "GB-2026-17" in words(lecturer.get(decide))
    answer = lecturer.post(decide, {"decision": "refuse"})
    assert answer.status_code == 422 and "请写明未通过的原因" in words(answer)
    lecturer.post(decide, {"decision": "refuse", "reason": "截图看不清姓名"})
    page = words(browser.get(url(scene, 2)))
    assert "未通过的原因：截图看不清姓名" in page and "提交证明" in page
    assert scene.user.notices.get(title="您提交的学习证明有了结果").text == proof.lesson.title

    hand_in_proof(user=scene.user, enrolment=scene, lesson=proof.lesson, certificate_no="GB-2026-18")
    second = LessonProof.objects.get(state="waiting")
    lecturer.post(reverse("courses:decide-proof", args=[second.public_id]), {"decision": "confirm"})
    assert "本课时已完成" in words(browser.get(url(scene, 2)))
    with pytest.raises(Conflict, match="刚由他人办理"):
        decide_proof(actor=personas["lecturer"], proof=second, confirmed=False, reason="晚了")


@pytest.mark.django_db
def test_a_proof_is_for_its_learner_and_for_who_looks_after_them(scene, personas, signed_in):
    shot = SimpleUploadedFile("截图.png", png_bytes(), "image/png")
    signed_in(scene.user).post(url(scene, 2, "proof"), {"file": shot})
    proof = LessonProof.objects.get()
    file, decide = (reverse(f"courses:{name}", args=[proof.public_id]) for name in ("proof-file", "decide-proof"))
    for who, file_status, decide_status in (
        ("trainee", 200, 403), ("lecturer", 200, 200), ("training_office", 200, 200), ("other_trainee", 404, 403),
        ("other_teacher", 404, 404), ("leader", 404, 403),
    ):  # fmt: skip
        browser = signed_in(personas[who])
        assert (status(browser, file), status(browser, decide)) == (file_status, decide_status), who
    reads = scene.user.file_reads.values_list("reader__work_number", flat=True)
    assert personas["lecturer"].work_number in reads


@pytest.mark.django_db
def test_nobody_confirms_their_own_learning(scene, personas):
    lesson = scene.edition.lessons.get(position=2)
    office = personas["training_office"]
    own = enrol(user=office, edition=scene.edition)
    proof = hand_in_proof(user=office, enrolment=own, lesson=lesson, certificate_no="1")
    with pytest.raises(DomainError, match="不能确认自己的学习"):
        decide_proof(actor=office, proof=proof, confirmed=True)
    with pytest.raises(DomainError, match="不在您的办理范围内"):
        decide_proof(actor=personas["other_teacher"], proof=proof, confirmed=True)


@pytest.mark.django_db
def test_the_database_lets_one_proof_wait(scene):
    lesson = scene.edition.lessons.get(position=2)
    for twice in (False, True):
        try:
            with transaction.atomic():
                LessonProof.objects.create(enrolment=scene, lesson=lesson, certificate_no="1")
            assert not twice
        except IntegrityError:
            assert twice


@pytest.mark.django_db
def test_a_live_session_says_what_to_do_before_while_and_after(scene, signed_in):
    browser = signed_in(scene.user)
    for moment, said, enters in (
        (BEFOREHAND, "未开始", True), (SESSION, "正在进行", True), (AFTERWARDS, "待确认", False)
    ):  # fmt: skip
        with clock.freeze(moment):
            page = words(browser.get(url(scene, 3)))
        assert "三楼报告厅" in page and said in page and ("进入直播" in page) == enters
        assert "还差： 出席情况经确认" in page


@pytest.mark.django_db
def test_presence_is_written_down_on_a_list_after_the_session_began(scene, personas, signed_in):
    browser, lesson = signed_in(personas["lecturer"]), scene.edition.lessons.get(position=3)
    address = reverse("courses:live", args=[scene.edition.course.key, lesson.pk])
    assert "直播开始以后才能登记" in words(browser.get(address))
    answer = browser.post(address, {f"who-{scene.pk}": "present"})
    assert answer.status_code == 422 and "直播还没有开始" in words(answer)
    with clock.freeze(AFTERWARDS):
        browser.post(address, {f"who-{scene.pk}": "absent"})
        page = words(signed_in(scene.user).get(url(scene, 3)))
        assert "登记为缺席" in page and "还差： 出席情况经确认" in page
        browser.post(address, {f"who-{scene.pk}": "made_up"})
        assert "本课时已完成" in words(signed_in(scene.user).get(url(scene, 3)))
        answer = browser.post(address, {f"who-{scene.pk}": "absent"})
        assert answer.status_code == 422 and "已经完成，不能再改为未参加" in words(answer)
    assert LiveAttendance.objects.get().status == "made_up"


def signs_of(enrolment):
    return with_signs(Enrolment.objects.filter(pk=enrolment.pk), clock.now(), 7).get()


@pytest.mark.django_db
def test_a_session_is_moved_its_learners_are_told_and_the_edition_stays(scene, personas, signed_in):
    lesson, office = scene.edition.lessons.get(position=3), signed_in(personas["training_office"])
    address = reverse("courses:arrange-live", args=[scene.edition.course.key, lesson.pk])
    assert "在学的 1 人" in words(office.get(address))
    day = timedelta(days=1)
    wish = {"starts_at": SESSION + day, "ends_at": AFTERWARDS + day, "place": "二号楼", "reason": "教师出差"}
    sent = {**wish, "starts_at": f"{wish['starts_at']:%Y-%m-%dT%H:%M}", "ends_at": f"{wish['ends_at']:%Y-%m-%dT%H:%M}"}
    past = office.post(address, {**sent, "starts_at": "2026-09-01T09:00"})
    assert past.status_code == 422 and "已经过去" in words(past)
    assert office.post(address, sent).status_code == 302
    assert "教师出差" in words(office.get(address))
    notice = Notice.objects.get(recipient=scene.user, title="直播安排有变动")
    assert "二号楼" in notice.text and "教师出差" in notice.text
    assert ModelLogEntry.objects.get(action="courses.live_arrange").data["place"] == "二号楼"
    lesson.refresh_from_db()
    assert (lesson.starts_at, lesson.place) == (SESSION, "三楼报告厅")
    page = words(signed_in(scene.user).get(url(scene, 3)))
    assert "二号楼" in page and "已改期" in page and "三楼报告厅" not in page
    with clock.freeze(AFTERWARDS):
        with pytest.raises(DomainError, match="还没有开始"):
            record_live(actor=personas["lecturer"], lesson=lesson, statuses={scene.pk: "present"})
        assert not signs_of(scene).live_waits
    with clock.freeze(AFTERWARDS + day):
        assert signs_of(scene).live_waits
        assert record_live(actor=personas["lecturer"], lesson=lesson, statuses={scene.pk: "absent"}) == 1
        assert signs_of(scene).has_missed
    with pytest.raises(DomainError, match="已经登记过出席情况"):
        arrange_live(actor=personas["training_office"], lesson=lesson, **wish)
    with pytest.raises(DomainError, match="只有培训处"):
        arrange_live(actor=personas["lecturer"], lesson=lesson, **wish)


@pytest.mark.django_db
def test_a_list_reaches_only_those_whom_one_looks_after(scene, personas):
    lesson = scene.edition.lessons.get(position=3)
    stranger = enrol(user=UserFactory(), edition=scene.edition)
    with clock.freeze(AFTERWARDS):
        assert record_live(actor=personas["lecturer"], lesson=lesson, statuses={stranger.pk: "present"}) == 0
        with pytest.raises(DomainError, match="请从列表中选择"):
            record_live(actor=personas["lecturer"], lesson=lesson, statuses={scene.pk: "x"})
    assert not LiveAttendance.objects.exists()


@pytest.mark.django_db
def test_three_kinds_done_complete_the_course(scene, personas):
    one, two, three = scene.edition.lessons.order_by("position")

    note_opened(user=scene.user, enrolment=scene, lesson=one)
    save_progress(user=scene.user, enrolment=scene, lesson=one, update=SAYS_READ)
    proof = hand_in_proof(user=scene.user, enrolment=scene, lesson=two, certificate_no="1")
    decide_proof(actor=personas["lecturer"], proof=proof, confirmed=True)
    with clock.freeze(AFTERWARDS):
        record_live(actor=personas["lecturer"], lesson=three, statuses={scene.pk: "present"})
    assert Enrolment.objects.get(pk=scene.pk).state == "completed"
