"""Numbers that no column can hold match no row; they are no accident."""

from __future__ import annotations

from typing import Any

from django.db.models import IntegerField
from django.db.models.lookups import In

LOWEST, HIGHEST = -(2**63), 2**63 - 1


@IntegerField.register_lookup
class InWithinRange(In):
    """``in`` as Django has it, without values beyond 64 bit: SQLite cannot be asked about them.

    Django leaves them out of every other comparison; ticked rows and filters of several choices come through this one.
    """

    def get_prep_lookup(self) -> Any:
        prepared = super().get_prep_lookup()
        if not self.rhs_is_direct_value():
            return prepared
        return [value for value in prepared if not isinstance(value, int) or LOWEST <= value <= HIGHEST]
