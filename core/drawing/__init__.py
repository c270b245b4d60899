"""The PDF kit: certificates, reports, slips and lists drawn from plain values. It knows no database and no Django."""

from __future__ import annotations

from core.drawing.certificate import (
    DEFAULT_LAYOUT,
    FIELDS,
    Field,
    check_layout,
    draw_certificate,
    draw_sample,
    missing_in,
    sample_values,
)
from core.drawing.competency import CompetencyReport, DimensionResult, EvidenceLine, IndicatorResult
from core.drawing.dates import chinese_date, chinese_window
from core.drawing.layout import Layout, LayoutError
from core.drawing.photo import PhotoError
from core.drawing.report import draw_competency_report, missing_in_report
from core.drawing.slips import CODE_ALPHABET, ActivationSlip, AmbiguousCode, draw_slips
from core.drawing.tables import Column, draw_table_document
from core.drawing.text import TextDoesNotFit
from core.drawing.typefaces import MissingGlyphs, missing_characters

__all__ = [
    "CODE_ALPHABET",
    "DEFAULT_LAYOUT",
    "FIELDS",
    "ActivationSlip",
    "AmbiguousCode",
    "Column",
    "CompetencyReport",
    "DimensionResult",
    "EvidenceLine",
    "Field",
    "IndicatorResult",
    "Layout",
    "LayoutError",
    "MissingGlyphs",
    "PhotoError",
    "TextDoesNotFit",
    "check_layout",
    "chinese_date",
    "chinese_window",
    "draw_certificate",
    "draw_competency_report",
    "draw_sample",
    "draw_slips",
    "draw_table_document",
    "missing_characters",
    "missing_in",
    "missing_in_report",
    "sample_values",
]
