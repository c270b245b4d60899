"""What editors publish: pages of the public face, the table of laws; and what people write to the office."""

from __future__ import annotations

from cms.models.cases import CaseIndexPage, CasePage
from cms.models.feedback import FeedbackMessage
from cms.models.laws import LawIndexPage, LawPage, LawRecord
from cms.models.pages import HomePage, StandardPage
from cms.models.tracks import CoursePage, TrackIndexPage, TrackPage

__all__ = [
    "CaseIndexPage",
    "CasePage",
    "CoursePage",
    "FeedbackMessage",
    "HomePage",
    "LawIndexPage",
    "LawPage",
    "LawRecord",
    "StandardPage",
    "TrackIndexPage",
    "TrackPage",
]
