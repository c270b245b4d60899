"""The same certificate as a plain ReportLab page: faces registered once, a QR code as one path, no cached parts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from io import BytesIO

import segno
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from core.drawing.typefaces import FONTS


@lru_cache(maxsize=1)
def register_faces() -> None:
    pdfmetrics.registerFont(TTFont("plain-serif", str(FONTS / "NotoSerifSC-Regular.ttf")))
    pdfmetrics.registerFont(TTFont("plain-bold", str(FONTS / "NotoSerifSC-Bold.ttf")))


def draw(values: Mapping[str, str]) -> bytes:
    register_faces()
    out = BytesIO()
    canvas = Canvas(out, pagesize=landscape(A4), invariant=1)
    canvas.rect(30, 30, 782, 535)
    canvas.setFont("plain-bold", 44)
    canvas.drawCentredString(421, 460, "结业证书")
    canvas.setFont("plain-serif", 17)
    for at, line in enumerate((values["name"], values["class_name"], values["dates"], values["unit"])):
        canvas.drawString(120, 360 - 32 * at, line)
    canvas.drawString(520, 160, values["issuer"])
    canvas.drawString(520, 130, values["issued_on"])
    path = canvas.beginPath()
    for y, row in enumerate(segno.make(values["verify_url"], error="m").matrix):
        for x, dark in enumerate(row):
            if dark:
                path.rect(90 + x * 2, 150 - y * 2, 2, 2)
    canvas.drawPath(path, stroke=0, fill=1)
    canvas.showPage()
    canvas.save()
    return out.getvalue()
