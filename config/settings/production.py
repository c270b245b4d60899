"""Several hosts: PostgreSQL, RabbitMQ or Redis; everything that varies comes from the environment."""

from __future__ import annotations

from config import env
from config.settings.base import *
from config.settings.databases import postgres

DEBUG = False
SECRET_KEY = env.text("LINGHANG_SECRET_KEY")
FIELD_KEY = env.text("LINGHANG_FIELD_KEY")
ALLOWED_HOSTS = env.listing("LINGHANG_HOSTS")
CSRF_TRUSTED_ORIGINS = env.listing("LINGHANG_ORIGINS", [])
DATABASES = {"default": postgres()}
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": env.text("LINGHANG_CACHE_URL")}
}
CELERY_BROKER_URL = env.text("LINGHANG_BROKER_URL")
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 600}
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"

SECURE_SSL_REDIRECT = env.flag("LINGHANG_SSL_REDIRECT", True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.number("LINGHANG_HSTS_SECONDS", 31536000)
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
