"""Tables of Word documents: lists with a head that stands again on each page, and ruled forms."""

from __future__ import annotations

from collections.abc import Sequence

from docx.document import Document as WordDocument
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.table import Table as WordTable
from docx.table import _Cell, _Row
from docx.text.paragraph import Paragraph

from core.docx.fonts import SONG
from core.docx.setting import CELL, LABEL, Setting
from core.docx.words import put_style, write
from core.drawing.parts import Cell, Form, Table
from core.drawing.tables import Column, column_widths
from core.drawing.text import Align

ALIGNMENTS: dict[Align, WD_ALIGN_PARAGRAPH] = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
}
GROUND = "F6F7F9"
PADDINGS = {"top": "20", "left": "60", "bottom": "20", "right": "60"}  # twentieths of a point


def add_table(document: WordDocument, part: Table, setting: Setting) -> None:
    """Add a list: a shaded head on each page, rows that no page break divides."""
    widths = _column_widths(part.columns, part.rows, setting)
    table = _new(document, len(part.columns), widths)
    head = _add_row(table)
    _repeat(head)
    for cell, column in zip(head.cells, part.columns, strict=True):
        _fill(cell, column.title, LABEL, column.align, bold=True)
        _shade(cell)
    for row in part.rows:
        added = _add_row(table)
        _whole(added)
        for cell, text, column in zip(added.cells, row, part.columns, strict=True):
            _fill(cell, text, CELL, column.align)
    _apply(table, widths)


def add_form(document: WordDocument, part: Form, setting: Setting) -> None:
    """Add a ruled form: spans, least heights, and the foot of a row at the right of its last cell."""
    widths = [share * setting.width for share in part.shares]
    table = _new(document, len(widths), widths)
    for row in part.rows:
        added = _add_row(table)
        added.height, added.height_rule = Mm(row.height), WD_ROW_HEIGHT_RULE.AT_LEAST
        if row.height < 60:
            _whole(added)
        at = 0
        for cell in row.cells:
            merged = added.cells[at].merge(added.cells[at + cell.span - 1])
            _form_cell(merged, cell, middle=cell.label or (not row.foot and row.height <= 16))
            at += cell.span
        if row.foot:
            _foot(added.cells[-1], row.foot)
    _apply(table, widths)
    _together(table)


def _add_row(table: WordTable) -> _Row:
    row: _Row = table.add_row()  # type: ignore[no-untyped-call]
    return row


def _new(document: WordDocument, columns: int, widths: Sequence[float]) -> WordTable:
    table: WordTable = document.add_table(rows=0, cols=columns)
    table.style = "Table Grid"
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    _pad(table)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    return table


def _pad(table: WordTable) -> None:
    """Keep words off the lines around them, and leave the columns the width that was measured."""
    margins = OxmlElement("w:tblCellMar")
    for side, padding in PADDINGS.items():
        space = OxmlElement(f"w:{side}")
        space.set(qn("w:w"), padding)
        space.set(qn("w:type"), "dxa")
        margins.append(space)
    table._tblPr.insert_element_before(margins, "w:tblLook")


def _together(table: WordTable) -> None:
    """Let a page break stand before the form and not in it, where a page holds it."""
    for row in table._tbl.tr_lst[:-1]:
        for paragraph in row.iter(qn("w:p")):
            Paragraph(paragraph, table).paragraph_format.keep_with_next = True


def _apply(table: WordTable, widths: Sequence[float]) -> None:
    """Give each cell the width of the columns it spans: other programs than Word read these only."""
    for row in table.rows:
        at = 0
        for cell in row._tr.tc_lst:
            span = cell.grid_span
            cell.width = Mm(sum(widths[at : at + span]))
            at += span


def _column_widths(columns: Sequence[Column], rows: Sequence[Sequence[str]], setting: Setting) -> list[float]:
    """Measured a little larger: the faces of an office are wider than ours."""
    return list(column_widths(columns, rows, setting.width, setting.cell * 1.08))


def _fill(cell: _Cell, text: str, style: str, align: Align, *, bold: bool = False) -> None:
    lines = text.split("\n")
    for place, line in enumerate(lines):
        paragraph = cell.paragraphs[0] if not place else cell.add_paragraph()
        put_style(paragraph, style)
        paragraph.alignment = ALIGNMENTS[align]
        write(paragraph, line, SONG, bold=bold)
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER


def _form_cell(cell: _Cell, part: Cell, *, middle: bool) -> None:
    _fill(cell, part.text, LABEL if part.label else CELL, "center" if part.label else part.align)
    places = WD_CELL_VERTICAL_ALIGNMENT
    cell.vertical_alignment = places.CENTER if middle else places.TOP


def _foot(cell: _Cell, words: str) -> None:
    paragraph = cell.add_paragraph()
    put_style(paragraph, CELL)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    write(paragraph, words, SONG)
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.BOTTOM


def _repeat(row: _Row) -> None:
    """Let the row stand again on top of each page."""
    _flag(row, "w:tblHeader")
    _whole(row)


def _whole(row: _Row) -> None:
    """Let no page break divide the row."""
    _flag(row, "w:cantSplit")


def _flag(row: _Row, name: str) -> None:
    flag = OxmlElement(name)
    flag.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(flag)


def _shade(cell: _Cell) -> None:
    shade = OxmlElement("w:shd")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", GROUND)):
        shade.set(qn(f"w:{key}"), value)
    cell._tc.get_or_add_tcPr().append(shade)
