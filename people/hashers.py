from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class LinghangArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2id with OWASP's lighter parameters: two passes, 19 MiB, one lane."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
