"""Every change in the content area that has a consequence."""

from __future__ import annotations

from cms.services.feedback import answer_feedback, close_feedback, send_feedback

__all__ = ["answer_feedback", "close_feedback", "send_feedback"]
