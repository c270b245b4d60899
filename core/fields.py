"""Personal values that lie encrypted in the database, with a keyed hash beside them for uniqueness."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

PREFIX = "a1:"  # AES-256-GCM with a random 96-bit nonce; another cipher takes another prefix


@lru_cache(maxsize=4)
def _key(secret: str, purpose: str) -> bytes:
    return hashlib.scrypt(secret.encode(), salt=purpose.encode(), n=2**14, r=8, p=1, dklen=32)


def encrypt(value: str) -> str:
    """The cipher text of ``value`` as ASCII; the empty string stays empty."""
    if not value:
        return ""
    nonce = os.urandom(12)
    sealed = AESGCM(_key(settings.FIELD_KEY, "encrypt")).encrypt(nonce, value.encode(), None)
    return PREFIX + base64.b64encode(nonce + sealed).decode()


def decrypt(stored: str) -> str:
    """The clear text of what ``encrypt`` made; ValueError on a cipher this build does not know."""
    if not stored:
        return ""
    if not stored.startswith(PREFIX):
        raise ValueError("unknown cipher of an encrypted field")
    raw = base64.b64decode(stored[len(PREFIX) :])
    return AESGCM(_key(settings.FIELD_KEY, "encrypt")).decrypt(raw[:12], raw[12:], None).decode()


def keyed_hash(value: str) -> str | None:
    """64 hex digits by which equal values are recognised without being read; None for no value."""
    if not value:
        return None
    return hmac.new(_key(settings.FIELD_KEY, "hash"), value.encode(), hashlib.sha256).hexdigest()


class EncryptedTextField(models.TextField):
    """Text that is encrypted on its way into the database and cannot be searched there."""

    def get_prep_value(self, value: Any) -> Any:
        return value if value is None else encrypt(str(value))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return value if value is None else decrypt(value)

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None
