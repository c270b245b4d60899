"""How often a visitor may do something; counted in the shared cache, forgotten after the time."""

from __future__ import annotations

import hashlib

from django.core.cache import cache


def within(purpose: str, who: str, *, limit: int, seconds: int) -> bool:
    """Count one more try of ``who``; False once there were more than ``limit`` within the time."""
    key = f"limit:{purpose}:{hashlib.sha256(who.encode()).hexdigest()[:32]}"
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key) <= limit
    except ValueError:  # it ran out between the two calls
        return True
