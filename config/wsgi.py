from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

application = get_wsgi_application()

from core.safety import refuse_unsafe_settings  # noqa: E402 - needs the settings that the line above reads

refuse_unsafe_settings()
