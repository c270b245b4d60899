"""The statistics of a year, frozen as they stood on a day."""

from __future__ import annotations

from portal.statistics.services import freeze_statistics

__all__ = ["freeze_statistics"]
