"""What a text says, apart from keys that every saving gives anew; and a digest of everything an audit judges."""

from __future__ import annotations

import re
from typing import Any

BLOCK_KEY = re.compile(r' data-block-key="[^"]*"')


def plain(value: Any) -> Any:
    """A value as it can be compared: streams as lists of blocks, without the keys of blocks and paragraphs."""
    if hasattr(value, "get_prep_value"):
        return plain(value.get_prep_value())
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items() if key != "id" or "type" not in value}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return BLOCK_KEY.sub("", value) if isinstance(value, str) else value
