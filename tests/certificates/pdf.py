"""What a reader finds in a PDF."""

from __future__ import annotations

import subprocess


def pdf_text(data: bytes) -> str:
    """The text that poppler extracts, without line breaks and blanks."""
    found = subprocess.run(["pdftotext", "-layout", "-", "-"], input=data, capture_output=True, check=True)
    return "".join(found.stdout.decode().split())
