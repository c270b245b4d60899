"""A job is a row: asked for in the caller's transaction, done step by step, killed and resumed anywhere."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import clock, jobs
from core.errors import Conflict, DomainError
from core.jobs import kinds, telling
from core.jobs.presenter import duration, progress_of
from core.models import MAX_ATTEMPTS, SILENCE, Job

pytestmark = pytest.mark.django_db

State = Job.State


def person(number: str = "J0001"):
    return get_user_model().objects.create_user(
        number, name="示范人员", notice_version=settings.LINGHANG_NOTICE_VERSION
    )


@pytest.fixture
def owner():
    return person()


class Ledger:
    """What a kind of job made by a test did, and where it was told to stumble."""

    def __init__(self, total: int) -> None:
        self.total, self.steps = total, []
        self.stumble_at: dict[int, list[BaseException]] = {}

    def plan(self, job: Job) -> int:
        return self.total

    def step(self, job: Job, n: int) -> str:
        waiting = self.stumble_at.get(n)
        if waiting:
            raise waiting.pop(0)
        self.steps.append(n)
        return f"第{n + 1}份"


@pytest.fixture
def ledger(monkeypatch):
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    made = Ledger(5)
    jobs.register(jobs.JobKind(name="test.five", title="五份文件", total=made.plan, step=made.step))
    return made


@pytest.fixture
def told(monkeypatch):
    """The ids that would be told to Celery."""
    ids: list[object] = []
    monkeypatch.setattr("core.jobs.ordering.tell", lambda pks: ids.extend(pks) or list(pks))
    monkeypatch.setattr("core.jobs.runner.tell", lambda pks: ids.extend(pks) or list(pks))
    return ids


def ask(owner, **more) -> Job:
    return jobs.enqueue(kind="test.five", owner=owner, params={}, **more)


def silence(job: Job, seconds: float = SILENCE.total_seconds() + 1) -> None:
    Job.objects.filter(pk=job.pk).update(heartbeat=timezone.now() - timedelta(seconds=seconds))


class TestAsking:
    def test_it_is_told_on_commit_and_not_before(self, owner, ledger, told, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks() as callbacks:
            job = ask(owner)
            assert told == []
        callbacks[0]()
        assert told == [job.pk]
        assert job.state == State.QUEUED and job.title == "五份文件"

    def test_a_rollback_of_the_caller_takes_the_job_away(self, owner, ledger, told):
        with pytest.raises(RuntimeError), transaction.atomic():
            ask(owner)
            raise RuntimeError
        assert not Job.objects.exists()
        assert told == []

    def test_the_same_key_twice_is_one_job(self, owner, ledger, told):
        assert ask(owner, dedupe_key="batch-1").pk == ask(owner, dedupe_key="batch-1").pk
        assert Job.objects.count() == 1

    def test_without_a_key_two_requests_are_two_jobs(self, owner, ledger, told):
        assert ask(owner).pk != ask(owner).pk

    def test_the_same_key_of_another_person_is_refused(self, owner, ledger, told):
        ask(owner, dedupe_key="batch-1")
        with pytest.raises(DomainError, match="已由他人提交"):
            ask(person("J0002"), dedupe_key="batch-1")

    def test_asking_again_for_failed_work_queues_it_again(self, owner, ledger, told):
        job = ask(owner, dedupe_key="batch-1")
        fail(job)
        assert ask(owner, dedupe_key="batch-1").state == State.QUEUED

    def test_an_unknown_kind_is_refused_in_words(self, owner, ledger):
        with pytest.raises(DomainError, match="不认识这类后台任务"):
            jobs.enqueue(kind="test.nothing", owner=owner, params={})


class TestRunning:
    def test_every_step_once_in_order_with_progress(self, owner, ledger, told):
        seen = []
        job = jobs.run_now(ask(owner), progress=lambda j: seen.append((j.done, j.total, j.message)))
        assert ledger.steps == [0, 1, 2, 3, 4]
        assert seen[0] == (1, 5, "第1份") and seen[-1] == (5, 5, "第5份")
        assert (job.state, job.done, job.total) == (State.DONE, 5, 5)
        assert progress_of(job).words == "全部完成，共 5 项"

    def test_nothing_to_do_is_done_at_once(self, owner, ledger, told):
        ledger.total = 0
        job = jobs.run_now(ask(owner))
        assert job.state == State.DONE and progress_of(job).percent == 100

    def test_a_refused_step_is_listed_and_the_job_goes_on(self, owner, ledger, told):
        ledger.stumble_at = {2: [DomainError("张三的姓名含有字库中没有的字。")]}
        job = jobs.run_now(ask(owner))
        assert ledger.steps == [0, 1, 3, 4]
        assert [r.reason for r in job.refusals.all()] == ["张三的姓名含有字库中没有的字。"]
        assert progress_of(job).words == "完成 4 项，退回 1 项"

    def test_a_refused_step_leaves_nothing_behind(self, owner, ledger, told, monkeypatch):
        def writes_then_refuses(job, n):
            get_user_model().objects.create_user(f"X{n}", name="半途")
            raise DomainError("不行。")

        jobs.register(jobs.JobKind(name="test.half", title="半途", total=lambda j: 2, step=writes_then_refuses))
        job = jobs.run_now(jobs.enqueue(kind="test.half", owner=owner, params={}))
        assert job.refusals.count() == 2
        assert not get_user_model().objects.filter(name="半途").exists()

    def test_stop_on_refusal_fails_the_job_with_the_sentence(self, owner, ledger, told):
        ledger.stumble_at = {1: [DomainError("模板已停用，请换一个模板。")]}
        strict = jobs.JobKind(
            name="test.strict", title="严格", total=ledger.plan, step=ledger.step, stop_on_refusal=True
        )
        jobs.register(strict)
        job = jobs.run_now(jobs.enqueue(kind="test.strict", owner=owner, params={}))
        assert (job.state, job.error, job.done) == (State.FAILED, "模板已停用，请换一个模板。", 1)

    def test_a_refusal_while_planning_fails_the_job(self, owner, ledger, told):
        def no_plan(job):
            raise DomainError("没有可签发的人员。")

        jobs.register(jobs.JobKind(name="test.plan", title="无", total=no_plan, step=ledger.step))
        job = jobs.run_now(jobs.enqueue(kind="test.plan", owner=owner, params={}))
        assert (job.state, job.error, job.total) == (State.FAILED, "没有可签发的人员。", None)

    def test_an_accident_undoes_the_step_and_the_next_try_goes_on_there(self, owner, ledger, told):
        ledger.stumble_at = {3: [OSError("disk")]}
        job = ask(owner)
        jobs.run(job.pk)
        job.refresh_from_db()
        assert (job.state, job.done) == (State.QUEUED, 3)
        jobs.run(job.pk)
        assert ledger.steps == [0, 1, 2, 3, 4]

    def test_five_tries_of_one_step_and_it_is_failed_with_a_sentence(self, owner, ledger, told):
        ledger.stumble_at = {3: [OSError("disk") for _ in range(99)]}
        job = ask(owner)
        for _ in range(MAX_ATTEMPTS + 3):
            jobs.run(job.pk)
        job.refresh_from_db()
        assert job.state == State.FAILED
        assert "尝试了 5 次仍未完成" in job.error and "重试" in job.error
        assert len(ledger.stumble_at[3]) == 99 - MAX_ATTEMPTS

    def test_tries_are_counted_per_step_so_that_many_kills_do_not_fail_a_long_job(self, owner, ledger, told):
        ledger.stumble_at = {n: [OSError("disk"), OSError("disk")] for n in range(5)}
        job = ask(owner)
        for _ in range(11):
            jobs.run(job.pk)
        job.refresh_from_db()
        assert job.state == State.DONE

    def test_in_the_foreground_an_accident_is_raised(self, owner, ledger, told):
        ledger.stumble_at = {0: [ZeroDivisionError()]}
        with pytest.raises(ZeroDivisionError):
            jobs.run_now(ask(owner))

    def test_a_finished_or_busy_job_is_not_run_again(self, owner, ledger, told):
        job = jobs.run_now(ask(owner))
        assert jobs.run(job.pk) is None
        with pytest.raises(DomainError, match="已经结束"):
            jobs.run_now(job)
        busy = ask(owner)
        Job.objects.filter(pk=busy.pk).update(state=State.RUNNING, heartbeat=timezone.now())
        assert jobs.run(busy.pk) is None

    def test_a_silent_job_is_taken_over_and_its_first_worker_loses(self, owner, ledger, told):
        """The first worker wakes after the second has moved on: what it does then is undone."""
        job = ask(owner)
        others = []

        def overtaken(running, n):
            if n == 1 and not others:
                Job.objects.filter(pk=running.pk).update(done=2)  # as the second worker would
                others.append(n)
                raise OSError("woke up late")
            return ledger.step(running, n)

        jobs.register(jobs.JobKind(name="test.late", title="晚", total=ledger.plan, step=overtaken))
        job = jobs.enqueue(kind="test.late", owner=owner, params={})
        jobs.run(job.pk)
        assert ledger.steps == [0]

    def test_a_worker_whose_count_is_old_does_nothing(self, owner, ledger, told):
        from core.jobs import runner

        job = runner._claim(ask(owner).pk)
        Job.objects.filter(pk=job.pk).update(total=5, done=3)
        job.total = 5
        with pytest.raises(runner.Superseded):
            runner._step(job, kinds.kind_named("test.five"))
        assert ledger.steps == []

    def test_a_slice_ends_and_hands_the_job_back(self, owner, ledger, told):
        job = ask(owner)
        jobs.run(job.pk, seconds=-1)
        job.refresh_from_db()
        assert (job.state, job.done, job.heartbeat) == (State.RUNNING, 1, None)
        assert told[-1] == job.pk
        jobs.run(job.pk)
        job.refresh_from_db()
        assert job.state == State.DONE and ledger.steps == [0, 1, 2, 3, 4]

    def test_the_result_file_is_replaced_not_doubled(self, owner, ledger, told):
        def finish(job):
            jobs.store_result(job, name="结果.txt", data=b"one")
            jobs.store_result(job, name="结果.txt", data=b"two")
            return {"files": 1}

        jobs.register(jobs.JobKind(name="test.file", title="文件", total=ledger.plan, step=ledger.step, finish=finish))
        job = jobs.run_now(jobs.enqueue(kind="test.file", owner=owner, params={}))
        assert job.result == {"files": 1, "succeeded": 5, "refused": 0}
        with job.result_file.open() as stored:
            assert stored.read() == b"two"
        folder, _ = job.result_file.name.split("/")
        assert job.result_file.storage.listdir(folder)[1].count(str(job.pk)) == 1

    def test_result_files_are_deleted_a_week_after_the_end(self, owner, ledger, told):
        jobs.register(
            jobs.JobKind(
                name="test.kept", title="文件", total=ledger.plan, step=ledger.step,
                finish=lambda job: jobs.store_result(job, name="激活单.pdf", data=b"codes"),
            )
        )  # fmt: skip
        job = jobs.run_now(jobs.enqueue(kind="test.kept", owner=owner, params={}))
        place, storage = job.result_file.name, job.result_file.storage
        with clock.freeze(timezone.now() + timedelta(days=6)):
            assert jobs.purge_results() == 0
        assert storage.exists(place)
        with clock.freeze(timezone.now() + timedelta(days=8)):
            assert jobs.purge_results() == 1
        assert not storage.exists(place)
        job.refresh_from_db()
        assert not job.result_file


def fail(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(state=State.FAILED, error="停。", finished_at=timezone.now())


class TestSweeping:
    def test_a_fresh_job_is_left_alone_and_an_old_one_told_again(self, owner, ledger, told):
        fresh, old = ask(owner), ask(owner)
        silence(old)
        assert jobs.sweep() == 1
        assert told == [old.pk] and fresh.pk not in told
        assert jobs.sweep() == 0, "what was told a moment ago waits its turn"

    def test_a_silent_running_job_is_told_again(self, owner, ledger, told):
        job = ask(owner)
        Job.objects.filter(pk=job.pk).update(state=State.RUNNING, attempts=1)
        assert jobs.sweep() == 0
        silence(job)
        assert jobs.sweep() == 1

    def test_after_five_silent_deaths_it_is_failed(self, owner, ledger, told):
        job = ask(owner)
        Job.objects.filter(pk=job.pk).update(state=State.RUNNING, attempts=MAX_ATTEMPTS)
        silence(job)
        assert jobs.sweep() == 0
        job.refresh_from_db()
        assert job.state == State.FAILED and job.error

    def test_a_failed_job_can_be_retried_once(self, owner, ledger, told):
        job = ask(owner)
        fail(job)
        assert jobs.retry(job).state == State.QUEUED
        with pytest.raises(Conflict):
            jobs.retry(job)


class TestBrokerAway:
    @pytest.fixture(autouse=True)
    def closed(self, settings, monkeypatch):
        """A broker's address at which nobody listens."""
        from celery import current_app

        monkeypatch.setattr(telling, "_away_until", 0.0)
        for name in ("broker_url", "broker_write_url"):
            monkeypatch.setitem(current_app.conf.changes, name, "redis://127.0.0.1:9/0")

    def test_the_request_succeeds_and_the_row_waits(self, owner, ledger, django_capture_on_commit_callbacks, caplog):
        with django_capture_on_commit_callbacks(execute=True):
            job = ask(owner)
        assert Job.objects.get(pk=job.pk).state == State.QUEUED
        assert telling.tell([job.pk]) == []

    def test_a_sweep_that_reaches_nobody_changes_nothing(self, owner, ledger):
        job = ask(owner)
        silence(job)
        before = Job.objects.get(pk=job.pk).heartbeat
        assert jobs.sweep() == 0
        assert Job.objects.get(pk=job.pk).heartbeat == before


class TestTable:
    @pytest.mark.parametrize(
        "broken",
        [
            {"state": "lost"},
            {"done": 1},
            {"done": 6, "total": 5},
            {"state": "done", "total": 5, "done": 4, "finished_at": timezone.now()},
            {"state": "done", "total": 0, "done": 0},
            {"state": "failed", "finished_at": timezone.now()},
        ],
    )
    def test_the_database_refuses_impossible_rows(self, owner, broken):
        with pytest.raises(IntegrityError), transaction.atomic():
            Job.objects.create(kind="test.five", owner=owner, title="不可能", **broken)

    def test_time_left_is_said_in_words(self):
        assert [duration(s) for s in (0, 40, 600, 7200)] == ["1 秒", "40 秒", "10 分钟", "2 小时"]

    def test_the_bar_names_count_and_time_left(self, owner):
        job = Job(state=State.RUNNING, total=480, done=312, attempts=1)
        job.started_at = timezone.now() - timedelta(seconds=312 / 168 * 40)
        assert progress_of(job).words == "已完成 312 / 480，约剩 40 秒"


class TestPages:
    @pytest.fixture
    def browser(self, client, owner):
        client.force_login(owner, backend="people.backends.RoleBackend")
        return client

    def page(self, client, job, **headers) -> str:
        return client.get(job.get_absolute_url(), headers=headers).content.decode()

    def test_a_running_job_shows_bar_and_words_and_looks_again(self, browser, owner, ledger, told):
        job = ask(owner, title="签发结业证书")
        Job.objects.filter(pk=job.pk).update(
            state=State.RUNNING, total=480, done=312, attempts=1, heartbeat=timezone.now(),
            started_at=timezone.now() - timedelta(seconds=74), message="王敏",
        )  # fmt: skip
        text = self.page(browser, job)
        assert "已完成 312 / 480，约剩 40 秒" in text and 'value="65"' in text and "签发结业证书" in text
        assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in text
        fragment = self.page(browser, job, hx_request="true")
        assert "<html" not in fragment and 'hx-trigger="every 3s"' in fragment

    def test_before_planning_the_bar_has_no_share(self, browser, owner, ledger, told):
        text = self.page(browser, ask(owner))
        assert "正在排队" in text and "<progress" in text and "value=" not in text.split("<progress")[1].split(">")[0]

    def test_a_done_job_lists_refusals_and_stops_looking(self, browser, owner, ledger, told):
        ledger.stumble_at = {2: [DomainError("张三的姓名含有字库中没有的字。")]}
        job = jobs.run_now(ask(owner))
        text = self.page(browser, job)
        assert "完成 4 项，退回 1 项" in text and "张三的姓名含有字库中没有的字。" in text
        assert "http-equiv" not in text and "hx-trigger" not in text

    def test_the_result_is_downloaded_under_its_name(self, browser, owner, ledger, told):
        jobs.register(
            jobs.JobKind(
                name="test.file", title="文件", total=ledger.plan, step=ledger.step,
                finish=lambda job: jobs.store_result(job, name="结业证书.zip", data=b"zip"),
            )
        )  # fmt: skip
        job = jobs.run_now(jobs.enqueue(kind="test.file", owner=owner, params={}))
        assert "下载 结业证书.zip" in self.page(browser, job)
        answer = browser.get(f"{job.get_absolute_url()}result/")
        assert b"".join(answer.streaming_content) == b"zip"
        assert "%E7%BB%93%E4%B8%9A" in answer["Content-Disposition"]
        assert browser.get(f"{ask(owner).get_absolute_url()}result/").status_code == 404

    def test_a_failed_job_says_why_and_can_be_retried(self, browser, owner, ledger, told):
        job = ask(owner)
        Job.objects.filter(pk=job.pk).update(
            state=State.FAILED, error="模板已停用。", total=5, done=2, finished_at=timezone.now()
        )
        text = self.page(browser, job)
        assert "模板已停用。" in text and "停在 2 / 5" in text
        answer = browser.post(f"{job.get_absolute_url()}retry/", follow=True).content.decode()
        assert "已重新排队" in answer and "即将继续" in answer
        assert "不需要重试" in browser.post(f"{job.get_absolute_url()}retry/", follow=True).content.decode()
        assert browser.get(f"{job.get_absolute_url()}retry/").status_code == 405

    def test_a_link_to_the_outcome_stays_on_this_site(self):
        links = [
            progress_of(Job(state=State.DONE, total=0, result={"url": u})).link for u in ("/a/", "//x", "http://x")
        ]
        assert links == ["/a/", "", ""]

    @pytest.mark.parametrize("door", ["", "result/", "retry/"])
    def test_others_find_nothing_and_visitors_sign_in(self, client, owner, ledger, told, door):
        job = jobs.run_now(ask(owner))
        method = client.post if door == "retry/" else client.get
        assert method(job.get_absolute_url() + door).status_code == 302
        client.force_login(person("J0009"), backend="people.backends.RoleBackend")
        assert method(job.get_absolute_url() + door).status_code == 404

    def test_the_list_is_constant_in_queries(self, browser, owner, ledger, told):
        def queries() -> int:
            with CaptureQueriesContext(connection) as seen:
                browser.get("/jobs/")
            return len(seen)

        ask(owner)
        queries()  # the first page of a browser also fills caches
        with_one = queries()
        for _ in range(24):
            ask(owner)
        ask(person("J0009"), title="别人的任务")
        assert queries() == with_one <= 10
        text = browser.get("/jobs/?page=1").content.decode()
        assert text.count("提交") == 20 and "别人的任务" not in text
