"""Messages of an own application in WeCom (企业微信): an access token, then ``message/send``."""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache

from core.messaging import http
from core.messaging.kinds import TITLES, WECOM
from core.messaging.values import Message, Receipt, Refusal

SERVICE = "https://qyapi.weixin.qq.com"
TOKEN_INVALID = frozenset({40014, 42001})  # unknown or expired: fetched once more
PASSING = frozenset({-1, 40001, 40013, 45009, 45033, 60020})  # busy, limits, secret or address list being put right
NO_SUCH_ACCOUNT = 81013
LONGEST = 2048  # bytes of a text; WeCom cuts what is longer
DOUBLE_CHECK_SECONDS = 1800  # WeCom itself drops the same text to the same person within them
EARLY = 300  # seconds before its end a token is not used any more


class Stumbled(Exception):
    """WeCom said no, or nothing."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.reason)
        self.refusal = refusal


class WeComChannel:
    """The account in WeCom is the person's work number."""

    name, title = WECOM, TITLES[WECOM]

    def __init__(
        self, *, corp: str, agent: int, secret: str, url: str = SERVICE, timeout: float = http.TIMEOUT
    ) -> None:
        self.corp, self.agent, self.secret = corp, agent, secret
        self.url, self.timeout = url.rstrip("/"), timeout

    def send(self, message: Message) -> Receipt | Refusal:
        try:
            return self._send(message, again=True)
        except Stumbled as trouble:
            return trouble.refusal

    def _send(self, message: Message, *, again: bool) -> Receipt | Refusal:
        answer = self._call("message/send", {"access_token": self._token()}, self._body(message))
        code = _code(answer)
        if code in TOKEN_INVALID and again:
            cache.delete(self._place)
            return self._send(message, again=False)
        if code == 0 and not answer.data.get("invaliduser"):
            return Receipt(str(answer.data.get("msgid", ""))[:200])
        if code in (0, NO_SUCH_ACCOUNT):
            return Refusal("企业微信里没有这个工号，或者不在应用的可见范围内", again=False)
        return _refusal(answer)

    def _body(self, message: Message) -> dict[str, Any]:
        return {
            "touser": message.address,
            "msgtype": "text",
            "agentid": self.agent,
            "text": {"content": message.text},
            "safe": 0,
            "enable_duplicate_check": 1,
            "duplicate_check_interval": DOUBLE_CHECK_SECONDS,
        }

    @property
    def _place(self) -> str:
        """Where all processes keep the token."""
        mark = hashlib.sha256(f"{self.url}|{self.corp}|{self.agent}|{self.secret}".encode()).hexdigest()
        return f"wecom-token-{mark[:32]}"

    def _token(self) -> str:
        token = cache.get(self._place)
        return str(token) if token else self._fetched()

    def _fetched(self) -> str:
        answer = self._call("gettoken", {"corpid": self.corp, "corpsecret": self.secret})
        token = answer.data.get("access_token")
        if _code(answer) != 0 or not isinstance(token, str):
            raise Stumbled(_refusal(answer))
        seconds = answer.data.get("expires_in")
        cache.set(self._place, token, max(1, (seconds if isinstance(seconds, int) else 7200) - EARLY))
        return token

    def _call(self, what: str, query: dict[str, str], body: dict[str, Any] | None = None) -> http.Answer:
        try:
            answer = http.call(f"{self.url}/cgi-bin/{what}?{urlencode(query)}", body=body, timeout=self.timeout)
        except http.Unreachable as trouble:
            raise Stumbled(Refusal(f"连不上企业微信（{trouble}）", again=True)) from None
        if not answer.is_good:
            reason = f"企业微信退回，状态 {answer.status}"
            raise Stumbled(Refusal(reason, again=answer.may_pass, after=answer.after))
        return answer


def _code(answer: http.Answer) -> int | None:
    code = answer.data.get("errcode")
    return code if isinstance(code, int) else None


def _refusal(answer: http.Answer) -> Refusal:
    code = _code(answer)
    passing = code is None or code in PASSING or code in TOKEN_INVALID
    return Refusal(f"企业微信未受理，代码 {code}", again=passing, after=answer.after)
