"""The cadre's desk: what is next, what is due, the class, the hours, the courses, the results."""

from __future__ import annotations

from portal.desk.page import desk_page

__all__ = ["desk_page"]
