from __future__ import annotations

from django.dispatch import Signal

certificates_issued = Signal()  # issuance_id: a run of issuing has ended
