"""One machine, nothing to install: SQLite, Celery over the file system, a database of its own under var/."""

from __future__ import annotations

from config import env
from config.settings import channels
from config.settings.base import *
from config.settings.base import VAR
from config.settings.databases import sqlite
from config.settings.secrets import kept_secret

DEBUG = env.flag("LINGHANG_DEBUG", False)
LINGHANG_STYLEGUIDE = DEBUG
LINGHANG_DEMO = True
DEMO_DIR = VAR / env.text("LINGHANG_DEMO_NAME", "demo")
SECRET_KEY = kept_secret(DEMO_DIR / "secret-key")
FIELD_KEY = kept_secret(DEMO_DIR / "field-key")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", *env.listing("LINGHANG_HOSTS", [])]
DATABASES = {"default": sqlite(DEMO_DIR / "linghang.sqlite3")}
MEDIA_ROOT = DEMO_DIR / "media"
PRIVATE_ROOT = DEMO_DIR / "private"
STORAGES["private"]["OPTIONS"]["location"] = str(PRIVATE_ROOT)
LINGHANG_FAKE_CHANNELS = channels.fakes([n for n, real in (("mail", LINGHANG_MAIL), ("sms", LINGHANG_SMS)) if not real])
LINGHANG_FAKE_FILE = DEMO_DIR / "messages.jsonl"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "django_cache"}}

QUEUE = DEMO_DIR / "queue"
for _folder in ("messages", "processed", "control"):  # the transport makes none of them
    (QUEUE / _folder).mkdir(parents=True, exist_ok=True)
CELERY_BROKER_URL = "filesystem://"
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "data_folder_in": str(QUEUE / "messages"),
    "data_folder_out": str(QUEUE / "messages"),
    "processed_folder": str(QUEUE / "processed"),
    "control_folder": str(QUEUE / "control"),
    "store_processed": False,
    "polling_interval": 0.2,
}
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_BEAT_SCHEDULER = "celery.beat:PersistentScheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(DEMO_DIR / "beat-schedule")
