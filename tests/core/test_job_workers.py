"""Real workers over real brokers, killed in the middle of a step: nothing is lost and nothing is done twice."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from celery import current_app
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection, connections

from core import jobs, models
from core.jobs import telling
from core.messaging import choices, sending
from core.models import Delivery, Job, MessageRules
from tests.core import worker_jobs
from tests.core.messaging import notify
from tests.core.provider import Provider, Said, serving
from tests.factories.people import UserFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

PATIENCE = 180.0


def until(holds: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
    """Look again until it holds; the workers are other processes."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.05)


def redis_broker(folder: Path) -> dict:
    prefix = f"linghang-{os.getpid()}-{time.monotonic_ns()}-"
    return {"url": settings.CELERY_BROKER_URL, "options": {"visibility_timeout": 600, "global_keyprefix": prefix}}


def file_broker(folder: Path) -> dict:
    places = {name: str(folder / name) for name in ("messages", "processed", "control")}
    for place in places.values():
        Path(place).mkdir()
    options = {
        "data_folder_in": places["messages"],
        "data_folder_out": places["messages"],
        "processed_folder": places["processed"],
        "control_folder": places["control"],
        "store_processed": False,
        "polling_interval": 0.2,
    }
    return {"url": "filesystem://", "options": options}


def use_broker(monkeypatch, url: str, options: dict) -> None:
    monkeypatch.setattr(telling, "_away_until", 0.0)
    for name in ("broker_url", "broker_write_url"):
        monkeypatch.setitem(current_app.conf.changes, name, url)
    monkeypatch.setitem(current_app.conf.changes, "broker_transport_options", options)


@pytest.fixture(params=[redis_broker, file_broker], ids=["redis", "filesystem"])
def broker(request, tmp_path, monkeypatch) -> dict:
    """One of the two transports, for this process and for the workers it starts."""
    made = request.param(tmp_path)
    use_broker(monkeypatch, made["url"], made["options"])
    return made


@pytest.fixture
def start_worker(broker) -> Iterator[Callable[[], subprocess.Popen]]:
    running: list[subprocess.Popen] = []

    def start() -> subprocess.Popen:
        command = "-m celery -A config worker -P solo -c 1 --without-gossip --without-mingle --without-heartbeat"
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.core.worker_settings",
            "LINGHANG_WORKER_BROKER": json.dumps(broker),
            "LINGHANG_TEST_DB": "sqlite" if connection.vendor == "sqlite" else "postgres",
            "LINGHANG_TEST_DB_NAME": str(connections["default"].settings_dict["NAME"]),
        }
        process = subprocess.Popen(
            [sys.executable, *command.split(), "-I", "tests.core.worker_jobs", "-l", "ERROR"],
            env=environment,
            cwd=settings.BASE_DIR,
        )
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.wait()


@pytest.fixture
def job(broker, tmp_path) -> Job:
    owner = get_user_model().objects.create_user("W0001", name="示范人员")
    return jobs.enqueue(kind="test.kill", owner=owner, params={"file": str(tmp_path / "lines")})


def done(job: Job) -> int:
    return Job.objects.values_list("done", flat=True).get(pk=job.pk)


def test_killed_twice_every_step_is_done_once(job, start_worker, tmp_path, monkeypatch):
    monkeypatch.setattr(models, "SILENCE", timedelta(seconds=1))
    monkeypatch.setattr(models, "RESEND", timedelta(seconds=1))
    for number in worker_jobs.FATAL:
        worker = start_worker()
        until(lambda here=worker: jobs.sweep() < 0 or here.poll() is not None, f"the worker dies in step {number}")
        assert (worker.returncode, done(job)) == (-signal.SIGKILL, number)
    start_worker()
    until(lambda: jobs.sweep() < 0 or Job.objects.filter(pk=job.pk, state=Job.State.DONE).exists(), "the end")
    job.refresh_from_db()
    names = set(Group.objects.filter(name__startswith=str(job.pk)).values_list("name", flat=True))
    assert names == {f"{job.pk} {n}" for n in range(worker_jobs.STEPS)}
    assert (job.done, job.result) == (worker_jobs.STEPS, {"succeeded": worker_jobs.STEPS, "refused": 0})
    lines = Counter((tmp_path / "lines").read_text().split())
    twice = {str(n): 1 + (n in worker_jobs.FATAL) for n in range(worker_jobs.STEPS)}
    assert lines == twice, "control: what is outside the transaction was done again"


def test_a_message_alone_starts_the_job(job, start_worker):
    """No sweeper here: what was told on commit is enough."""
    start_worker()
    until(lambda: done(job) > 0, "the worker hears of the job")


class TestAway:
    @pytest.fixture
    def owner(self):
        return get_user_model().objects.create_user("W0002", name="示范人员")

    @pytest.fixture
    def silent_port(self) -> Iterator[int]:
        """A broker that takes the connection and never answers."""
        with socket.create_server(("127.0.0.1", 0)) as listener:
            yield listener.getsockname()[1]

    @pytest.mark.parametrize("scheme", ["redis", "amqp"])
    def test_a_broker_that_hangs_holds_nobody_up(self, owner, silent_port, monkeypatch, tmp_path, scheme):
        use_broker(monkeypatch, f"{scheme}://127.0.0.1:{silent_port}/", {})
        started = time.monotonic()
        first = jobs.enqueue(kind="test.kill", owner=owner, params={"file": str(tmp_path / "lines")})
        once = time.monotonic() - started
        for _ in range(20):
            jobs.enqueue(kind="test.kill", owner=owner, params={"file": str(tmp_path / "lines")})
        assert once < 6 and time.monotonic() - started - once < 3, "only the first one waits, and not for long"
        assert Job.objects.filter(state=Job.State.QUEUED).count() == 21
        assert Job.objects.get(pk=first.pk).state == Job.State.QUEUED

    def test_jobs_asked_for_while_it_was_away_run_after_its_return(
        self, owner, monkeypatch, tmp_path, start_worker, broker
    ):
        use_broker(monkeypatch, "redis://127.0.0.1:9/0", {})
        job = jobs.enqueue(kind="test.kill", owner=owner, params={"file": str(tmp_path / "lines")})
        use_broker(monkeypatch, broker["url"], broker["options"])
        monkeypatch.setattr(models, "RESEND", timedelta(seconds=1))
        start_worker()
        until(lambda: jobs.sweep() < 0 or done(job) > 0, "the sweeper tells the worker")


class TestMessagesOutside:
    """The outbox with real workers: the sending is told on commit, and a worker that dies in it loses nothing."""

    @pytest.fixture
    def provider(self, monkeypatch, settings) -> Iterator[Provider]:
        """A gateway on this machine, known to this process and to the workers it starts; no hour is quiet."""
        MessageRules.objects.create(version=1, quiet_from="08:00", quiet_to="08:00")
        with serving() as made:
            gateway = {"url": f"{made.url}/send", "token": "key", "sign": "领航", "template": "T-1"}
            settings.LINGHANG_SMS = gateway
            for name, value in gateway.items():
                monkeypatch.setenv(f"LINGHANG_SMS_{name.upper()}", value)
            yield made

    @pytest.fixture
    def person(self, broker, provider):
        found = UserFactory(full=True)
        choices.choose(user=found, channel="sms", agreed=True)
        return found

    def test_told_on_commit_a_worker_sends_it(self, person, provider, start_worker):
        start_worker()
        (row,) = notify(person)
        until(lambda: Delivery.objects.filter(pk=row.pk, state="sent").exists(), "the message leaves")
        (asked,) = provider.asked
        assert asked.body["phone"] == person.phone and asked.headers["Idempotency-Key"] == str(row.key)

    def test_killed_before_the_note_it_leaves_again_with_the_same_key(
        self, person, provider, start_worker, monkeypatch
    ):
        """The edge that is at least once: the provider had it, we could not know."""
        provider.will_say(Said(wait=5), Said({"id": 2}))
        worker = start_worker()
        (row,) = notify(person)
        until(lambda: bool(provider.asked), "the gateway hears of it")
        worker.kill()
        worker.wait()
        assert Delivery.objects.get(pk=row.pk).state == "sending"
        assert sending.sweep() == 0, "for all we know it may still be at work"
        monkeypatch.setattr(sending, "SILENCE", timedelta(0))
        assert sending.sweep() == 1
        start_worker()
        until(lambda: Delivery.objects.filter(pk=row.pk, state="sent").exists(), "the message leaves")
        assert [asked.headers["Idempotency-Key"] for asked in provider.asked] == [str(row.key)] * 2
        assert Delivery.objects.get(pk=row.pk).attempts == 2
