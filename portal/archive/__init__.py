"""The training archive of a cadre: hours with what they rest on, classes, results, certificates, competencies."""

from __future__ import annotations

from portal.archive.page import archive_page

__all__ = ["archive_page"]
