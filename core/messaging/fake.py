"""A channel that writes down what it would send, for the demo and the tests."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.messaging.addresses import masked
from core.messaging.kinds import TITLES
from core.messaging.values import Message, Receipt, Refusal


class FakeChannel:
    """One JSON line per message in ``file``; nothing leaves the machine, and no address stands there in clear."""

    def __init__(self, *, name: str, file: Path) -> None:
        self.name, self.file = name, file
        self.title: Any = format_lazy("{}（{}）", TITLES[name], _("演示，不真正发出"))

    def send(self, message: Message) -> Receipt | Refusal:
        line = {
            "channel": self.name,
            "key": message.key,
            "to": masked(message.address),
            "subject": message.subject,
            "text": message.text,
        }
        self.file.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
        return Receipt(f"demo-{message.key}")
