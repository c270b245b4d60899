"""Days that can be meant: a year typed wrong is refused with a sentence before anything calculates with it."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

FIRST_YEAR, LAST_YEAR = 1900, 2200


def plausible_day(value: date) -> None:
    """A validator for days and moments; raises ValidationError outside 1900–2200."""
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValidationError(_("年份须在1900年至2200年之间，请核对后重新填写。"), code="implausible")
