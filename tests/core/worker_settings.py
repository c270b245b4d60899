"""Settings of a worker that a test starts: the test's database and a broker of its own."""

from __future__ import annotations

import json
import os

from config.settings.test import *  # noqa: F403

_broker = json.loads(os.environ["LINGHANG_WORKER_BROKER"])
CELERY_BROKER_URL = _broker["url"]
CELERY_BROKER_TRANSPORT_OPTIONS = _broker["options"]
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
