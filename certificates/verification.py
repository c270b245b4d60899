"""What the public learns about a certificate: found by number *and* code, with the name masked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.core.cache import cache

from certificates.models import Certificate
from certificates.numbers import plain_code, same_number
from core.names import masked

WRONG_TRIES = 30  # from one address within the span below; right answers do not count
SPAN_SECONDS = 600


@dataclass(frozen=True)
class Verified:
    """The public face of a certificate."""

    number: str
    name: str
    class_name: str
    dates: str
    hours: str
    issuer: str
    issued_on: date
    status: str
    status_word: str
    ended_at: datetime | None
    successor: str
    fingerprint: str


def _public_face(certificate: Certificate) -> Verified:
    printed = certificate.printed
    successor = Certificate.objects.filter(predecessor=certificate).values_list("number", flat=True).first()
    return Verified(
        number=certificate.number,
        name=masked(printed["name"]),
        class_name=printed["class_name"],
        dates=printed["dates"],
        hours=printed["hours"],
        issuer=printed["issuer"],
        issued_on=certificate.issued_on,
        status=certificate.status,
        status_word=str(certificate.get_status_display()),
        ended_at=certificate.revoked_at,
        successor=successor or "",
        fingerprint=certificate.sha256,
    )


def find(number: str, code: str) -> Verified | None:
    """The certificate with this number and this code; a wrong number and a wrong code look the same."""
    plain = plain_code(code)
    if not plain or len(plain) > 20 or len(number) > 80 or not plain.isascii() or not plain.isalnum():
        return None
    for certificate in Certificate.objects.without_file().filter(code=plain):
        if same_number(certificate.number, number):
            return _public_face(certificate)
    return None


def _key(address: str) -> str:
    return f"verify-misses:{address}"


def too_many_misses(address: str) -> bool:
    return int(cache.get(_key(address), 0)) >= WRONG_TRIES


def count_miss(address: str) -> None:
    """Remember a wrong try; the span begins with the first."""
    if not cache.add(_key(address), 1, SPAN_SECONDS):
        cache.incr(_key(address))
