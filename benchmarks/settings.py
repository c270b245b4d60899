"""The demo's profile with the floor views beside the product's addresses, in a folder of its own."""

from __future__ import annotations

import os

os.environ["LINGHANG_DEMO_NAME"] = "bench"

from config.settings.demo import *  # noqa: F403

ROOT_URLCONF = "benchmarks.urls"
ALLOWED_HOSTS = ["testserver"]
