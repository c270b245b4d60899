"""Filters that the lists of the office share."""

from __future__ import annotations

from typing import Any

import django_filters


class YesNoFilter(django_filters.TypedChoiceFilter):
    """Yes or no in the words of the list, also where the page repeats what is chosen."""

    def __init__(self, *args: Any, yes: Any, no: Any, **kwargs: Any) -> None:
        kwargs |= {"choices": [("true", yes), ("false", no)], "coerce": {"true": True, "false": False}.get}
        super().__init__(*args, **kwargs)
