"""Short messages through a provider's HTTP gateway; how it wants to be asked is configuration."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from core.messaging import http
from core.messaging.kinds import SMS, TITLES
from core.messaging.values import Message, Receipt, Refusal

PLACES = ("phone", "text", "sign", "template", "key")
PLACE = re.compile(r"\{(" + "|".join(PLACES) + r")\}")
DEFAULT_BODY: Mapping[str, Any] = {name: f"{{{name}}}" for name in PLACES}


def filled(pattern: Any, values: Mapping[str, str]) -> Any:
    """The configured body with ``{phone}``, ``{text}`` … put in, at any depth."""
    if isinstance(pattern, str):
        return PLACE.sub(lambda found: values[found[1]], pattern)
    if isinstance(pattern, list):
        return [filled(one, values) for one in pattern]
    if isinstance(pattern, dict):
        return {key: filled(one, values) for key, one in pattern.items()}
    return pattern


def found_at(data: Any, path: str) -> str:
    """The value under ``data.id`` as text; an empty one where there is none."""
    for step in path.split("."):
        data = data.get(step) if isinstance(data, dict) else None
    return "" if data is None or isinstance(data, (dict, list)) else str(data)


class SmsChannel:
    """One POST per message; the gateway's answer counts as taken when it is 2xx and says what ``success`` expects."""

    name, title = SMS, TITLES[SMS]

    def __init__(
        self,
        *,
        url: str,
        token: str,
        sign: str,
        template: str,
        body: Mapping[str, Any] = DEFAULT_BODY,
        success: str = "",
        receipt: str = "id",
        timeout: float = http.TIMEOUT,
    ) -> None:
        self.url, self.token, self.sign, self.template = url, token, sign, template
        self.body, self.success, self.receipt, self.timeout = body, success, receipt, timeout

    def send(self, message: Message) -> Receipt | Refusal:
        values = {
            "phone": message.address,
            "text": message.text,
            "sign": self.sign,
            "template": self.template,
            "key": message.key,
        }
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": message.key}
        try:
            answer = http.call(self.url, body=filled(self.body, values), headers=headers, timeout=self.timeout)
        except http.Unreachable as trouble:
            return Refusal(f"连不上短信网关（{trouble}）", again=True)
        return self._read(answer)

    def _read(self, answer: http.Answer) -> Receipt | Refusal:
        if not answer.is_good:
            return Refusal(f"短信网关退回，状态 {answer.status}", again=answer.may_pass, after=answer.after)
        path, _sign, wanted = self.success.partition("=")
        if path and found_at(answer.data, path) != wanted:
            return Refusal(f"短信网关未受理，{path}：{found_at(answer.data, path)[:60]}", again=False)
        return Receipt(found_at(answer.data, self.receipt)[:200])
