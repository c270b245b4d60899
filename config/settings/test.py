"""For the tests: the database is chosen by LINGHANG_TEST_DB (sqlite, a file; or postgres)."""

from __future__ import annotations

import tempfile
from pathlib import Path

from config import env
from config.settings.base import *
from config.settings.base import VAR
from config.settings.databases import postgres, sqlite

DEBUG = False
LINGHANG_TESTING = True
SECRET_KEY = "only-for-the-tests-of-this-repository-0123456789-abcdefghij"
FIELD_KEY = "only-for-the-tests-of-this-repository-field-key-0123456789"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
TEST_VAR = VAR / "test"
if env.text("LINGHANG_TEST_DB", "sqlite") == "postgres":
    # A scene of the tests lives in one transaction, which waits for as long as the machine is busy elsewhere.
    DATABASES = {"default": postgres(env.text("LINGHANG_TEST_DB_NAME", "postgres"), idle_seconds=0)}
else:
    DATABASES = {"default": sqlite(Path(env.text("LINGHANG_TEST_DB_NAME", str(TEST_VAR / "linghang.sqlite3"))))}
SCRATCH = Path(tempfile.mkdtemp(prefix="linghang-test-"))
MEDIA_ROOT = SCRATCH / "media"
PRIVATE_ROOT = SCRATCH / "private"
STORAGES["private"]["OPTIONS"]["location"] = str(PRIVATE_ROOT)
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
CELERY_BROKER_URL = env.text("LINGHANG_TEST_BROKER", "redis://127.0.0.1:6379/15")
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 600}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
