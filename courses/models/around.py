"""What stands around the lessons: wishes about suggestions."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from core import clock


class AdviceDeclined(models.Model):
    """Somebody who wants no courses suggested; the row is the wish, taking it away asks for them again."""

    wagtail_reference_index_ignore = True

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="advice_declined")
    at = models.DateTimeField(default=clock.now)
