"""The ways out of the house, read from the environment: whole or not at all."""

from __future__ import annotations

import json
import os
import re
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from config import env

SMS_NAMES = ("LINGHANG_SMS_URL", "LINGHANG_SMS_TOKEN", "LINGHANG_SMS_SIGN", "LINGHANG_SMS_TEMPLATE")
WECOM_NAMES = ("LINGHANG_WECOM_CORP", "LINGHANG_WECOM_AGENT", "LINGHANG_WECOM_SECRET")
SMS_PLACES = {"phone", "text", "sign", "template", "key"}
KNOWN = {"mail", "sms", "wecom"}


def sms() -> dict[str, Any]:
    """The gateway's settings; empty where none is configured."""
    given = _whole(SMS_NAMES)
    if not given:
        return {}
    url, token, sign, template = given
    more = {"body": sms_body(env.text("LINGHANG_SMS_BODY", ""))} if os.environ.get("LINGHANG_SMS_BODY") else {}
    success = env.text("LINGHANG_SMS_SUCCESS", "-")
    if success != "-" and not re.fullmatch(r"[\w.-]+=[^=]*", success):
        raise ImproperlyConfigured("LINGHANG_SMS_SUCCESS must read path=value, for example code=0.")
    return {
        "url": address("LINGHANG_SMS_URL", url),
        "token": token,
        "sign": sign,
        "template": template,
        "success": "" if success == "-" else success,
        "receipt": env.text("LINGHANG_SMS_RECEIPT", "id"),
        **more,
    }


def wecom() -> dict[str, Any]:
    """The application's settings; empty where none is configured."""
    given = _whole(WECOM_NAMES)
    if not given:
        return {}
    corp, agent, secret = given
    if not agent.isdigit():
        raise ImproperlyConfigured(f"LINGHANG_WECOM_AGENT must be a whole number; it is {agent!r}.")
    url = env.text("LINGHANG_WECOM_URL", "https://qyapi.weixin.qq.com")
    return {"corp": corp, "agent": int(agent), "secret": secret, "url": address("LINGHANG_WECOM_URL", url)}


def fakes(default: list[str]) -> list[str]:
    """The channels that only write down what they would send."""
    named = [name for name in env.listing("LINGHANG_FAKE_CHANNELS", default) if name != "none"]
    unknown = sorted(set(named) - KNOWN)
    if unknown:
        raise ImproperlyConfigured(f"LINGHANG_FAKE_CHANNELS may name mail, sms, wecom or none; it names {unknown}.")
    return named


def _whole(names: tuple[str, ...]) -> list[str]:
    given = [os.environ.get(name, "").strip() for name in names]
    if any(given) and not all(given):
        missing = [name for name, value in zip(names, given, strict=True) if not value]
        raise ImproperlyConfigured(f"{', '.join(names)} belong together; missing: {', '.join(missing)}.")
    return given if all(given) else []


def address(name: str, url: str) -> str:
    """An absolute http(s) address without user and password."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise ImproperlyConfigured(f"{name} must be an absolute https:// address.")
    return url


def sms_body(text: str) -> Any:
    """The gateway's request as JSON, its values from ``{phone}``, ``{text}``, ``{sign}``, ``{template}``, ``{key}``."""
    try:
        body = json.loads(text)
    except ValueError as unreadable:
        raise ImproperlyConfigured("LINGHANG_SMS_BODY must be a JSON object.") from unreadable
    named = set(re.findall(r"\{(\w+)\}", text))
    if not isinstance(body, dict) or not {"phone"} <= named <= SMS_PLACES:
        places = ", ".join(f"{{{name}}}" for name in sorted(SMS_PLACES))
        raise ImproperlyConfigured(f"LINGHANG_SMS_BODY must be a JSON object with {{phone}}; it may name {places}.")
    return body
