"""The public site with one course, two cases and one law, made by the loader itself."""

from __future__ import annotations

import uuid
from dataclasses import replace
from functools import cache
from typing import Any

from cms.curriculum.loading import Report, load
from cms.curriculum.reading import Curriculum, read
from cms.models import FeedbackMessage
from cms.services import send_feedback

COURSE = "digital-service-redesign"


@cache
def whole_curriculum() -> Curriculum:
    return read()


def small_curriculum() -> Curriculum:
    """One course of three lessons (one of them a video), two cases, one law explained, three questions."""
    whole = whole_curriculum()
    return replace(
        whole,
        bank=whole.bank[:3],
        courses=tuple(one for one in whole.courses if one.key == COURSE),
        cases=tuple(one for one in whole.cases if one.key in ("one-stop-online", "one-case-one-policy-talent")),
        library=tuple(one for one in whole.library if one.key == "law-online-government-services"),
    )


def make_site(personas: dict[str, Any], curriculum: Curriculum | None = None, *, update: bool = False) -> Report:
    """The site as the content editor loads it and the training office publishes it."""
    return load(
        curriculum or small_curriculum(),
        actor=personas["content_editor"],
        publisher=personas["training_office"],
        update=update,
    )


def make_feedback(author: Any = None, **values: Any) -> FeedbackMessage:
    """A message as its form sends it."""
    given = {"category": "hard", "message": "看不懂“学时”一栏的意思。", "client_key": uuid.uuid4(), **values}
    return send_feedback(author=author, **given)
