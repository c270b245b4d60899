"""Playing counts on one page at a time; what cannot have been played is refused and kept for a person."""

from __future__ import annotations

import threading
import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from wagtail.models import ModelLogEntry

from assessments.services import save_question
from core import clock
from core.errors import Conflict, DomainError
from core.models import Notice
from courses.models import CueAnswer, Enrolment, LessonProgress, PlaybackAnomaly, PlaybackLease
from courses.rules.progress import ProgressUpdate, Refusal, RefusalKind
from courses.services import (
    PlayingElsewhere,
    answer_cue,
    appeal_anomaly,
    decide_anomaly,
    open_session,
    publish_edition,
    question_due,
    save_progress,
)
from courses.services.anomalies import note_refusals
from tests.courses.test_learning import OTHER_PAGE, PAGE, at_once, d, open_page, read, watch
from tests.factories.courses import CourseFactory, EditionFactory, EnrolmentFactory, LessonFactory, audited, editor
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def film():
    return EnrolmentFactory(lessons=1, video=True, checked=False)


def later(moment, **span):
    return clock.freeze(moment + timedelta(**span))


def test_a_second_device_asks_and_the_last_one_counts(film, frozen_clock):
    """The control is the first device after it took over again."""
    open_page(film, device="desk")
    with pytest.raises(PlayingElsewhere, match="另一台设备上学习这门课程"):
        open_page(film, page=OTHER_PAGE, device="phone")
    open_page(film, page=OTHER_PAGE, device="phone", take_over=True)
    with later(frozen_clock, seconds=10):
        with pytest.raises(PlayingElsewhere, match="已在别处继续学习"):
            watch(film, 1, (0, 10))
        assert watch(film, 2, (0, 10), page=OTHER_PAGE).state.watched_seconds == 10
        open_page(film, device="desk", take_over=True)
    with later(frozen_clock, seconds=20):
        assert watch(film, 3, (10, 20)).state.watched_seconds == 20
    assert PlaybackLease.objects.count() == 1 and not PlaybackAnomaly.objects.exists()


def test_what_was_played_before_taking_over_is_not_counted_twice(film, frozen_clock):
    open_page(film, device="desk")
    with later(frozen_clock, seconds=60):
        open_page(film, page=OTHER_PAGE, device="phone", take_over=True)
        assert watch(film, 1, (0, 60), page=OTHER_PAGE).state.watched_seconds == 5


def test_a_second_course_asks_on_the_same_device_and_the_next_lesson_does_not(film):
    open_page(film)
    edition = EditionFactory(lessons=[LessonFactory(checked=False, video=True) for _ in range(2)], title="另一门课")
    other = EnrolmentFactory(user=film.user, edition=edition)
    with pytest.raises(PlayingElsewhere, match="另一门课程《示范课程"):
        open_page(other, page=OTHER_PAGE)
    open_page(other, page=OTHER_PAGE, take_over=True)
    with pytest.raises(PlayingElsewhere):
        watch(film, 1, (0, 2))
    following = edition.lessons.get(position=2)
    open_session(user=film.user, enrolment=other, lesson=following, session=uuid.uuid4(), device="here")


def test_reading_waits_while_another_course_plays(film, frozen_clock):
    article = EnrolmentFactory(user=film.user, lessons=1, checked=False)
    open_page(film)
    with pytest.raises(PlayingElsewhere, match="同一时间只计一门课程"):
        read(article)
    with later(frozen_clock, seconds=180):
        assert read(article).lesson_done, "nobody is playing any more"


def test_a_page_that_is_left_or_not_heard_of_keeps_nobody_waiting(film, frozen_clock):
    open_page(film, device="desk")
    watch(film, 1, (0, 2), leaving=True)
    open_page(film, page=OTHER_PAGE, device="phone")
    with later(frozen_clock, seconds=180):
        open_page(film, device="desk")
    with pytest.raises(PlayingElsewhere):
        watch(film, 2, (2, 4), page=OTHER_PAGE)


def test_nobody_plays_on_a_page_that_was_not_opened(film):
    for page in (None, PAGE):
        with pytest.raises(PlayingElsewhere, match="已经暂停") as refusal:
            watch(film, 1, (0, 2), page=page)
        assert refusal.value.code == "closed"
    assert not LessonProgress.objects.filter(watched_seconds__gt=0).exists()


def test_opening_again_gives_no_second_slack(film, frozen_clock):
    for turn in range(10):
        open_page(film, page=uuid.uuid4(), take_over=True)
        page = PlaybackLease.objects.get().session
        watch(film, turn + 1, (turn * 5, turn * 5 + 5), page=page)
    assert LessonProgress.objects.get().watched_seconds == 5


def test_a_long_silence_without_a_sign_of_life_does_not_count(film, frozen_clock, settings):
    """The control is the same report with a sign of life."""
    settings.LINGHANG_IDLE_SECONDS = 30
    open_page(film)
    with later(frozen_clock, seconds=1000):
        assert watch(film, 1, (0, 59), alive=Decimal(1000)).state.watched_seconds == 59, "ninety seconds were lively"
    other = EnrolmentFactory(lessons=[LessonFactory(video=True, checked=False, seconds=600)])
    open_page(other)
    with later(frozen_clock, seconds=500):
        standing = watch(other, 1, (0, 500), alive=Decimal(500))
    assert standing.state.watched_seconds == 95
    assert PlaybackAnomaly.objects.get().kind == "idle"
    third = EnrolmentFactory(lessons=[LessonFactory(video=True, checked=False, seconds=600)])
    with later(frozen_clock, seconds=0):
        open_page(third)
    for minute in range(1, 9):
        with later(frozen_clock, minutes=minute):
            watch(third, minute, (minute * 60 - 60, minute * 60), alive=Decimal(2))
    assert LessonProgress.objects.get(enrolment=third).watched_seconds == 480


@pytest.mark.django_db(transaction=True)
def test_two_openings_at_once_leave_one_page_that_counts():
    film = EnrolmentFactory(lessons=1, video=True, checked=False)
    pages, refused = [uuid.uuid4(), uuid.uuid4()], []

    def opening(page):
        try:
            open_page(Enrolment.objects.get(pk=film.pk), page=page, device=str(page)[:8])
        except PlayingElsewhere:
            refused.append(page)

    at_once(*[lambda page=page: opening(page) for page in pages])
    lease = PlaybackLease.objects.get()
    assert len(refused) == 1 and lease.session in pages and lease.session not in refused


@pytest.mark.row_locks
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_two_openings_both_believe_they_count():
    """The control: looking first and writing then, with nothing held in between."""
    film = EnrolmentFactory(lessons=1, video=True, checked=False)
    open_page(film)
    PlaybackLease.objects.update(session=None)
    gate, won = threading.Barrier(2), []

    def careless(page):
        lease = PlaybackLease.objects.get()
        gate.wait(timeout=10)
        if lease.session is None:
            PlaybackLease.objects.filter(pk=lease.pk).update(session=page)
            won.append(page)

    at_once(*[lambda page=page: careless(page) for page in (PAGE, OTHER_PAGE)])
    assert len(won) == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_seconds_twice_at_once_count_once():
    film = EnrolmentFactory(lessons=1, video=True, checked=False)
    open_page(film)
    at_once(*[lambda n=n: watch(Enrolment.objects.get(pk=film.pk), n, (0, 4)) for n in (1, 2, 3)])
    row = LessonProgress.objects.get()
    assert row.watched == [[0.0, 4.0]] and row.sequence == 3


# Questions on the way.


@pytest.fixture
def quiz():
    return EnrolmentFactory(lessons=[LessonFactory(checked=False, video=True, cues=(20, 40))])


def reply(enrolment, choice, key=None):
    lesson = enrolment.edition.lessons.get()
    who = {"user": enrolment.user, "enrolment": enrolment, "lesson": lesson}
    return answer_cue(**who, client_key=key or uuid.uuid4(), choice=choice)


def due(enrolment):
    return question_due(user=enrolment.user, enrolment=enrolment, lesson=enrolment.edition.lessons.get())


def test_a_question_is_asked_at_its_moment_and_opens_the_way(quiz, frozen_clock):
    open_page(quiz)
    with pytest.raises(DomainError, match="还没有播放到这道题"):
        due(quiz)
    with later(frozen_clock, seconds=60):
        stopped = watch(quiz, 1, (0, 60))
        assert stopped.state.watched_seconds == 22
        assert due(quiz)[0].at == 20
        key = uuid.uuid4()
        assert not reply(quiz, [0], key).answer.right
        assert not reply(quiz, [1], key).answer.right, "the same key is the same answer"
        assert reply(quiz, [1]).answer.right
    with later(frozen_clock, seconds=120):
        assert watch(quiz, 2, (22, 60)).state.watched_seconds == 42
        assert reply(quiz, [1]).standing.missing == ["播放至少 90%（已播放 70%）"]
        with pytest.raises(DomainError, match="都已答对"):
            due(quiz)
    with later(frozen_clock, seconds=180):
        assert watch(quiz, 3, (42, 60)).lesson_done
    assert CueAnswer.objects.count() == 3
    assert set(PlaybackAnomaly.objects.values_list("kind", flat=True)) == {"question"}


@pytest.mark.parametrize("choice", [[], [9], [0, 1]])
def test_what_cannot_be_chosen_is_refused(quiz, frozen_clock, choice):
    open_page(quiz)
    with later(frozen_clock, seconds=30):
        watch(quiz, 1, (0, 20))
        with pytest.raises(DomainError, match="答案与题目不符"):
            reply(quiz, choice)
    assert not CueAnswer.objects.exists()


def test_the_last_answer_may_be_what_completes(frozen_clock):
    quiz = EnrolmentFactory(lessons=[LessonFactory(checked=False, video=True, cues=(59,))])
    open_page(quiz)
    with later(frozen_clock, seconds=60):
        assert watch(quiz, 1, (0, 60)).missing == ["答对播放中的 1 道题"]
        outcome = reply(quiz, [1])
    assert outcome.standing.lesson_done and outcome.standing.course_done


def test_an_edition_keeps_its_questions_and_its_speed_when_the_course_moves_on():
    course = CourseFactory(lessons=[LessonFactory(video=True, cues=(20,))], max_speed=Decimal("1.5"))
    first = course.editions.get()
    [[at, version]] = first.lessons.get().cues
    assert at == 20 and first.max_speed == Decimal("1.5")
    question = course.modules.get().items.get().lesson.cues.get().question
    assert publish_edition(actor=editor(), course=course) == first
    old = question.versions.get()
    said = {"kind": "single", "indicator": question.indicator, "difficulty": 2, "in_bank": False}
    words = {"stem": "新的问法？", "options": old.options, "answer": [2], "explanation": old.explanation}
    newer = save_question(actor=editor(), key=question.key, **said, **words)
    with pytest.raises(DomainError, match="还没有通过课程审核"):
        publish_edition(actor=editor(), course=course)
    audited(course)
    assert publish_edition(actor=editor(), course=course).lessons.get().cues == [[20, newer.pk]]
    assert first.lessons.get().cues == [[20, version]]


def test_a_course_that_allows_it_is_played_faster(frozen_clock):
    quick = EnrolmentFactory(lessons=1, video=True, checked=False, max_speed=Decimal("1.5"))
    open_page(quick)
    with later(frozen_clock, seconds=40):
        assert watch(quick, 1, (0, 60)).lesson_done
    assert not PlaybackAnomaly.objects.exists()


# What was refused, and what a person makes of it.


def test_a_loop_of_forgeries_is_one_matter(film, frozen_clock):
    open_page(film)
    watch(film, 1, (0, 5))
    for n in range(60):
        with later(frozen_clock, seconds=n):
            watch(film, n + 2, (30, 60))
    kept = PlaybackAnomaly.objects.get()
    assert (kept.kind, kept.times, kept.claimed, kept.possible) == ("leap", 60, 30, 0)
    assert kept.refused == [[30.0, 60.0]]
    assert LessonProgress.objects.get().watched_seconds == 5
    with later(frozen_clock, minutes=30):
        watch(film, 99, (30, 60))
    assert PlaybackAnomaly.objects.count() == 2
    with pytest.raises(DatabaseError), transaction.atomic():
        PlaybackAnomaly.objects.filter(pk=kept.pk).update(claimed=1000)
    with pytest.raises(DatabaseError), transaction.atomic():
        PlaybackAnomaly.objects.filter(pk=kept.pk)._raw_delete("default")


def matter(enrolment, seconds=60):
    refusal = Refusal(RefusalKind.LEAP, Decimal(seconds), Decimal(0))
    lesson = enrolment.edition.lessons.get()
    note_refusals(enrolment=enrolment, lesson=lesson, refusals=[refusal], now=clock.now())
    return PlaybackAnomaly.objects.last()


def test_clocks_that_merely_differ_leave_no_trace(film):
    assert matter(film, 2) is None


def test_the_learner_explains_the_office_decides_and_answers(film, frozen_clock):
    anomaly = matter(film)
    said = appeal_anomaly(user=film.user, anomaly=anomaly, text=" 换了一台电脑 ")
    assert (said.appeal, said.state) == ("换了一台电脑", "open")
    with pytest.raises(DomainError, match="已经提交过说明"):
        appeal_anomaly(user=film.user, anomaly=anomaly, text="再说一次")
    with pytest.raises(DomainError, match="只有培训处"):
        decide_anomaly(actor=film.user, anomaly=said, decision="dismissed", reason="我没有错")
    with pytest.raises(DomainError, match="写明理由"):
        decide_anomaly(actor=editor(), anomaly=said, decision="dismissed", reason=" ")
    decided = decide_anomaly(actor=editor(), anomaly=said, decision="dismissed", reason="已核对")
    assert (decided.state, decided.decided_by) == ("dismissed", editor())
    assert Notice.objects.get(recipient=film.user).title == "播放记录有答复"
    with pytest.raises(Conflict):
        decide_anomaly(actor=editor(), anomaly=said, decision="noted", reason="晚了一步")


def test_a_decision_is_looked_at_again_when_the_learner_explains(film):
    anomaly = decide_anomaly(actor=editor(), anomaly=matter(film), decision="noted", reason="多次跳过")
    again = appeal_anomaly(user=film.user, anomaly=anomaly, text="当时是演示")
    assert again.state == "open" and again.reason == ""
    with pytest.raises(DomainError, match="学员本人"):
        appeal_anomaly(user=UserFactory(), anomaly=anomaly, text="不是我")


def test_an_accepted_explanation_gives_back_the_moments_refused_and_no_others(film, frozen_clock):
    """The control is the forged leap, which stays refused."""
    open_page(film)
    with later(frozen_clock, seconds=20):
        watch(film, 1, (0, 20))
        watch(film, 2, (20, 45))
        watch(film, 3, (52, 60))
    late, forged = PlaybackAnomaly.objects.order_by("pk")
    assert (late.kind, late.refused) == ("clock", [[25.0, 45.0]])
    assert (forged.kind, forged.refused) == ("leap", [[52.0, 60.0]])
    said = appeal_anomaly(user=film.user, anomaly=late, text="电脑的时钟慢了")
    decide = {"actor": editor(), "anomaly": said, "reason": "已核对"}
    with pytest.raises(DomainError, match="只有“不作异常”"):
        decide_anomaly(**decide, decision="noted", give_back=True)
    assert decide_anomaly(**decide, decision="dismissed", give_back=True).given_at
    row = LessonProgress.objects.get()
    assert (row.watched, row.watched_seconds, row.completed_at) == ([[0.0, 45.0]], 45, None)
    forged.refresh_from_db()
    assert (forged.state, forged.given_at) == ("open", None)
    entry = ModelLogEntry.objects.get(action="courses.decide_anomaly")
    assert entry.data["moments"] == [[25.0, 45.0]] and entry.data["seconds"] == "20.00" and entry.user == editor()
    with later(frozen_clock, seconds=29):
        assert watch(film, 4, (45, 54)).lesson_done


def test_moments_given_back_may_be_what_completes_the_course(film, frozen_clock):
    open_page(film)
    watch(film, 1, (0, 60))
    kept = PlaybackAnomaly.objects.get()
    decide_anomaly(actor=editor(), anomaly=kept, decision="dismissed", reason="系统故障", give_back=True)
    film.refresh_from_db()
    assert film.state == "completed" and LessonProgress.objects.get().watched_seconds == 60


def test_what_has_no_moments_or_no_learner_any_more_is_not_given_back(film, frozen_clock):
    old = matter(film)
    with pytest.raises(DomainError, match="没有留下未计入的片段"):
        decide_anomaly(actor=editor(), anomaly=old, decision="dismissed", reason="旧记录", give_back=True)
    open_page(film)
    watch(film, 1, (0, 60))
    kept = PlaybackAnomaly.objects.get(kind="clock")
    Enrolment.objects.update(state="withdrawn")
    with pytest.raises(DomainError, match="已不在这一版次"):
        decide_anomaly(actor=editor(), anomaly=kept, decision="dismissed", reason="晚了", give_back=True)


def test_a_decision_made_without_seeing_the_explanation_is_refused(film):
    seen = matter(film)
    appeal_anomaly(user=film.user, anomaly=PlaybackAnomaly.objects.get(pk=seen.pk), text="请看说明")
    with pytest.raises(Conflict):
        decide_anomaly(actor=editor(), anomaly=seen, decision="noted", reason="没有看到说明")


def test_an_ordinary_report_of_a_minute_also_says_that_somebody_is_there(film, frozen_clock):
    open_page(film)
    lesson = film.edition.lessons.get()
    assert lesson.edition.max_speed == 1
    with later(frozen_clock, seconds=59):
        watch(film, 1, (0, 40))
        seen = PlaybackLease.objects.get().seen_at
    with later(frozen_clock, seconds=60):
        watch(film, 2, (40, 41))
    assert seen == frozen_clock and PlaybackLease.objects.get().seen_at == frozen_clock + timedelta(seconds=60)


def test_reports_of_others_are_refused(film):
    stranger, update = UserFactory(), ProgressUpdate(1, watched=d((0, 2)), session=PAGE)
    lesson = film.edition.lessons.get()
    who = {"user": stranger, "enrolment": film, "lesson": lesson}
    for act in (
        lambda: save_progress(**who, update=update),
        lambda: open_session(**who, session=PAGE, device=""),
        lambda: question_due(**who),
        lambda: answer_cue(**who, client_key=PAGE, choice=[1]),
    ):
        with pytest.raises(DomainError, match="不是您的选课"):
            act()
