from __future__ import annotations


class DomainError(Exception):
    """A refusal that a person reads: one sentence that says what is wrong and what to do."""

    def __init__(self, message: str, *, code: str = "refused") -> None:
        super().__init__(message)
        self.message = message
        self.code = code


class Conflict(DomainError):
    """Somebody else changed the record first; nothing was written."""

    def __init__(self, message: str = "记录刚刚被他人修改，请刷新后再操作。") -> None:
        super().__init__(message, code="conflict")
