"""What every profile shares. Profiles: demo, production, test."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from celery.schedules import crontab
from csp.constants import NONE, SELF

from config import env
from config.settings import channels

BASE_DIR = Path(__file__).resolve().parents[2]
VAR = Path(env.text("LINGHANG_VAR", str(BASE_DIR / "var")))

INSTALLED_APPS = [
    "cms",
    "portal",
    "certificates",
    "planning",
    "cohorts",
    "courses",
    "assessments",
    "records",
    "competencies",
    "people",
    "core",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.typed_table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "treebeard",
    "django_filters",
    "django_htmx",
    "django_celery_beat",
    "axes",
    "csp",
    "whitenoise.runserver_nostatic",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "core.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "people.middleware.FirstSignInMiddleware",
    "core.middleware.ContentDoorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.middleware.DomainErrorMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "people.backends.RoleBackend"]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.navigation.context",
            ],
            "builtins": ["core.templatetags.linghang", "core.templatetags.marks"],
            "libraries": {"wagtailadmin_tags": "core.templatetags.office_frame"},
        },
    }
]

# Time and language: the user's choice, else Simplified Chinese; never the browser's header.
LANGUAGE_CODE = "zh-hans"
FILTERS_EMPTY_CHOICE_LABEL = "全部"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
FORMAT_MODULE_PATH = ["core.formats"]
WAGTAIL_CONTENT_LANGUAGES = [("zh-hans", "简体中文")]
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES

# Files: static files are public; media is what editors publish; private files pass a permission check.
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR / "media"
PRIVATE_ROOT = VAR / "private"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(PRIVATE_ROOT), "base_url": None},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# Signing in.
PASSWORD_HASHERS = ["people.hashers.LinghangArgon2PasswordHasher", "django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["work_number", "name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "people:sign-in"
LOGIN_REDIRECT_URL = "people:start"
LOGOUT_REDIRECT_URL = "people:sign-in"
WAGTAILADMIN_LOGIN_URL = "people:sign-in"
WAGTAILADMIN_BASE_URL = env.text("LINGHANG_BASE_URL", "http://127.0.0.1:8000")
SESSION_COOKIE_AGE = 8 * 3600
SESSION_SAVE_EVERY_REQUEST = False
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
AXES_FAILURE_LIMIT = 8
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_FORM_FIELD = "username"
AXES_LOCKOUT_CALLABLE = "people.views.sign_in.locked_out"
AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"
AXES_VERBOSE = False

# Wagtail.
WAGTAIL_SITE_NAME = "领航"
WAGTAIL_I18N_ENABLED = False
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "core.search.backend", "SEARCH_CONFIG": "simple"}}
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PRIVATE_PAGE_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAIL_FINISH_WORKFLOW_ACTION = "courses.finishing.finish"
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_IMAGE_FORM_BASE = "cms.forms.LibraryImageForm"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "cms.forms.LibraryDocumentForm"
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "xlsx", "pptx", "mp4", "mp3", "m4a", "zip", "vtt"]
WAGTAILDOCS_SERVE_METHOD = "serve_view"

# Celery: messages carry ids only; the Job table is the truth.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
# A sweep that waited behind a long job says nothing new: it expires.
CELERY_BEAT_SCHEDULE = {
    "sweep-jobs": {"task": "core.sweep_jobs", "schedule": 5.0, "options": {"expires": 10}},
    "sweep-messages": {"task": "core.sweep_messages", "schedule": 20.0, "options": {"expires": 18}},
    "purge-message-log": {"task": "core.purge_message_log", "schedule": crontab(hour=2, minute=40)},
    "finish-overdue-attempts": {"task": "assessments.finish_overdue", "schedule": 60.0, "options": {"expires": 50}},
    "announce-class-notices": {"task": "cohorts.announce_notices", "schedule": 60.0, "options": {"expires": 50}},
    "mirror-roles": {"task": "people.mirror_roles", "schedule": crontab(hour=0, minute=10)},
    "rebuild-snapshots": {"task": "portal.rebuild_snapshots", "schedule": crontab(hour=1, minute=20)},
    "remind-of-overdue-leave": {"task": "cohorts.remind_of_overdue_leave", "schedule": crontab(hour=8, minute=10)},
    "remind-of-overdue-nominations": {
        "task": "planning.remind_of_overdue_steps",
        "schedule": crontab(hour=8, minute=20),
    },
    "settle-places": {"task": "planning.settle_places", "schedule": crontab(minute=40)},
    "delete-leave-proofs": {"task": "cohorts.delete_expired_proofs", "schedule": crontab(hour=2, minute=50)},
    "credit-online-hours": {"task": "courses.credit_completed", "schedule": crontab(hour=3, minute=10)},
    "warn-of-rights": {"task": "courses.warn_rights", "schedule": crontab(hour=6, minute=30)},
    "rebuild-outlooks": {"task": "records.rebuild_outlooks", "schedule": crontab(hour=1, minute=40)},
    "purge-job-results": {"task": "core.purge_results", "schedule": crontab(hour=2, minute=30)},
}

# Browser safety.
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ["/office/"],
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "worker-src": [SELF, "blob:"],  # a stream's segments are taken apart beside the page
        "style-src": [SELF, "'unsafe-inline'"],
        "script-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    },
}
X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
# Locking by login alone is meant: an address may be a whole office behind one gateway. Of the two libraries
# ``wagtailadmin_tags`` ours is meant: it holds Wagtail's and draws the frame of the office once.
SILENCED_SYSTEM_CHECKS = ["axes.W006", "templates.W003"]

# Mail: without a host none is sent, and the pages say so.
EMAIL_HOST = env.text("LINGHANG_MAIL_HOST", "localhost")
EMAIL_PORT = env.number("LINGHANG_MAIL_PORT", 25, least=1)
EMAIL_HOST_USER = env.text("LINGHANG_MAIL_USER", "")
EMAIL_HOST_PASSWORD = env.text("LINGHANG_MAIL_PASSWORD", "")
EMAIL_USE_TLS = env.flag("LINGHANG_MAIL_TLS", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("LINGHANG_MAIL_FROM", "linghang@localhost")
LINGHANG_MAIL = bool(env.text("LINGHANG_MAIL_HOST", ""))
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if LINGHANG_MAIL else 'dummy'}.EmailBackend"

# Other ways out of the house; one that is not configured does not exist. Fakes only write down what they would send.
LINGHANG_SMS = channels.sms()
LINGHANG_WECOM = channels.wecom()
LINGHANG_FAKE_CHANNELS = channels.fakes([])
LINGHANG_FAKE_FILE = VAR / "messages.jsonl"
LINGHANG_MESSAGE_LOG_DAYS = env.number("LINGHANG_MESSAGE_LOG_DAYS", 365, least=184)

# The product.
LINGHANG_ISSUER = env.text("LINGHANG_ISSUER", "云山市领航干部学院（虚构）")
LINGHANG_NOTICE_VERSION = "2026-11"
# Playing: how long a page that was not heard of keeps others waiting; when a page asks whether somebody is there.
LINGHANG_LEASE_SECONDS = env.number("LINGHANG_LEASE_SECONDS", 180, least=90)
LINGHANG_IDLE_SECONDS = env.number("LINGHANG_IDLE_SECONDS", 1200, least=60)
LINGHANG_DEMO = False
LINGHANG_STUCK_DAYS = env.number("LINGHANG_STUCK_DAYS", 14, least=1)
LINGHANG_STYLEGUIDE = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"linghang": {"handlers": ["console"], "level": "INFO", "propagate": False}},
}
