"""The competency report: cover, one-page summary, two dimensions to a page, sources and note."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass

from core.drawing.competency import (
    CompetencyReport,
    DimensionResult,
    change,
    level,
)
from core.drawing.dates import chinese_date, chinese_window
from core.drawing.dimension_pages import dimension_pieces
from core.drawing.flow import (
    HEIGHT,
    LEFT,
    MEASURE,
    RIGHT,
    WIDTH,
    Page,
    Piece,
    draw_page,
    paginate,
    running_heads,
    text_piece,
)
from core.drawing.guilloche import draw_ground
from core.drawing.ink import BLUE, GROUND, INK, RED, SECONDARY, tint
from core.drawing.radar import draw_legend, draw_radar, label_room
from core.drawing.sheet import Sheet
from core.drawing.tables import Column, table_pieces
from core.drawing.text import Block, Style, fit_text, set_text
from core.drawing.typefaces import FACES, missing_characters

TITLE = "胜任力报告"
RADII = (40.0, 37.0, 34.0, 31.0, 28.0, 25.0, 22.0)
HEADING = Style("serif-bold", 17, INK, leading=1.4)
SUBHEADING = Style("serif-bold", 11.5, INK, leading=1.5)
BODY = Style("sans", 9.5, INK, leading=1.65)


def draw_competency_report(report: CompetencyReport) -> bytes:
    """Draw a report and return the PDF's bytes, the same for the same report; raises MissingGlyphs before a blank."""
    sheet = Sheet(WIDTH, HEIGHT, title=f"{TITLE} {report.person}", author=report.issuer, subject=report.cohort)
    pages = [*_summary_pages(report), *_detail_pages(report)]
    total = len(pages) + 1
    _draw_cover(sheet, report, total)
    for number, page in enumerate(pages, 2):
        sheet.next_page()
        draw_page(sheet, page)
        running_heads(sheet, f"{TITLE}·{report.person}", report.cohort, report.note, number, total)
    return sheet.finish()


def missing_in_report(report: CompetencyReport) -> set[str]:
    """Return the characters of a report that cannot be drawn in its faces."""
    text = "".join(_texts(report))
    return {char for face in FACES for char in missing_characters(text, face)}


def _texts(value: object) -> Iterator[str]:
    """Yield every text in a tree of frozen values."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _texts(one)
    elif is_dataclass(value):
        for part in fields(value):
            yield from _texts(getattr(value, part.name))


def _draw_cover(sheet: Sheet, report: CompetencyReport, total: int) -> None:
    draw_ground(sheet, (WIDTH - 38, 58), 62, tint(RED, 0.16))
    sheet.brush(RED)
    sheet.rectangle(LEFT, 34, 16, 1.6, "f")
    sheet.text(report.issuer or "干部教育培训", LEFT, 39, Style("sans", 10, SECONDARY), MEASURE)
    sheet.text(TITLE, LEFT, 84, Style("serif-bold", 40, INK, tracking=0.16, leading=1.2))
    sheet.text("培训前后的变化、依据与下一步", LEFT + 0.5, 104, Style("serif", 14, SECONDARY))
    if report.marker:
        _draw_marker(sheet, report.marker, 117)
    sheet.pen(RED, 0.4)
    sheet.line((LEFT, 150), (RIGHT, 150))
    person = fit_text(report.person, Style("serif-bold", 26, INK, leading=1.3), MEASURE, 22, smallest=14)
    sheet.block(person, LEFT, 157)
    y = 157 + person.height + 3
    affiliation = " ".join(part for part in (report.unit, report.post) if part)
    if affiliation:
        y += sheet.text(affiliation, LEFT, y, Style("serif", 13, INK, leading=1.5), MEASURE).height
    _draw_facts(sheet, report, y + 8)
    note = set_text(f"{report.note}。", Style("sans", 9, RED, leading=1.6), MEASURE)
    sheet.block(note, LEFT, 272 - note.height)
    sheet.text(f"共 {total} 页", RIGHT, HEIGHT - 13.8, Style("sans", 7, SECONDARY, align="right"))


def _draw_marker(sheet: Sheet, marker: str, y: float) -> None:
    style = Style("sans", 8.5, RED)
    block = set_text(marker, style, MEASURE)
    sheet.pen(RED, 0.25)
    sheet.rounded(LEFT, y, block.lines[0].width * 25.4 / 72 + 5, 6.4, 1)
    sheet.block(block, LEFT + 2.5, y + (6.4 - block.height) / 2)


def _draw_facts(sheet: Sheet, report: CompetencyReport, y: float) -> None:
    facts = [
        ("班次", report.cohort),
        ("评估区间", chinese_window(report.window_from, report.window_to)),
        ("能力框架", report.framework),
        ("报告日期", chinese_date(report.issued_on)),
    ]
    for label, value in facts:
        sheet.text(label, LEFT, y, Style("sans", 10.5, SECONDARY, leading=1.6))
        y += sheet.text(value, LEFT + 28, y, Style("sans", 10.5, INK, leading=1.6), MEASURE - 28).height + 2


def _summary_pages(report: CompetencyReport) -> list[Page]:
    """Return the summary with the largest radar that leaves it on one page; very long texts may need a second."""
    for radius in RADII:
        pages = paginate(_summary_pieces(report, radius))
        if len(pages) == 1:
            return pages
    return paginate(_summary_pieces(report, RADII[0]))


def _summary_pieces(report: CompetencyReport, radius: float) -> list[Piece]:
    pieces = [text_piece("一页总览", HEADING, keep=True), text_piece(_lead(report), BODY, before=1.5)]
    known = any(d.group is not None or d.after is not None for d in report.dimensions)
    if len(report.dimensions) >= 3 and known:
        pieces.append(_radar_piece(report, radius))
    return [*pieces, *_summary_table(report), _columns_piece(report)]


def _lead(report: CompetencyReport) -> str:
    """Say in one or two sentences what the figures say."""
    known = [d for d in report.dimensions if not d.insufficient and d.after is not None]
    window = chinese_window(report.window_from, report.window_to)
    if not known:
        return f"评估区间{window}。各维度的证据尚不足以形成结论，补充证据后将更新本报告。"
    risen = [d for d in known if d.before is not None and d.after is not None and d.after > d.before]
    lead = f"评估区间{window}。{len(report.dimensions)}个维度中有{len(known)}个证据充分"
    lead += f"，其中{len(risen)}个较培训前提高" if risen else "，暂未见较培训前提高的维度"
    lead += f"；{_highest(known)}。"
    short = len(report.dimensions) - len(known)
    return lead + (f"另有{short}个维度证据不足，不作评价。" if short else "")


def _highest(known: Sequence[DimensionResult]) -> str:
    """Name the highest dimensions by their printed level; where most are level, say that."""
    top = max(level(d.after) for d in known)
    names = [f"“{d.name}”" for d in known if level(d.after) == top]
    if len(names) > 2:
        return f"{len(names)}个维度同为最高水平（{top}级）"
    return f"当前水平最高的是{'和'.join(names)}（{top}级）"


def _radar_piece(report: CompetencyReport, radius: float) -> Piece:
    group = any(d.group is not None for d in report.dimensions)
    room = label_room(report.dimensions)
    low = 2 * (room + radius)

    def draw(sheet: Sheet, y: float) -> None:
        draw_radar(sheet, report.dimensions, (LEFT + MEASURE / 2, y + room + radius), radius)
        draw_legend(sheet, RIGHT - (78 if group else 48), y + low + 3.5, group)
        style = Style("sans", 7, SECONDARY, leading=1.4)
        sheet.text("刻度为5级：L1知晓、L2会用、\nL3胜任、L4精通、L5示范", LEFT, y + low - 1, style, 60)

    return Piece(low + 7, draw, before=1.5)


def _summary_table(report: CompetencyReport) -> list[Piece]:
    columns = [
        Column("维度", 0.33), Column("培训前", 0.09, "right"), Column("培训后", 0.11, "right"),
        Column("变化", 0.09, "right"), Column("区间", 0.13, "center"), Column("同班平均", 0.11, "right"),
        Column("证据", 0.14, "right"),
    ]  # fmt: skip
    pieces = table_pieces(columns, [_summary_row(d) for d in report.dimensions], LEFT, MEASURE)
    group = f"同班平均按{report.group_size}人计算；" if report.group_size else ""
    text = f"{group}少于5人不显示同班平均。变化＝培训后－培训前。少于两类证据的维度标为“证据不足”。"
    first = Piece(pieces[0].height, pieces[0].draw, keep=True, before=3)
    return [first, *pieces[1:], text_piece(text, Style("sans", 7.5, SECONDARY, leading=1.5), before=1.2)]


def _summary_row(dimension: DimensionResult) -> list[str]:
    name = f"{dimension.code} {dimension.name}"
    evidence = f"{dimension.n}条，{len(dimension.kinds)}类" if dimension.n else "暂无"
    if dimension.insufficient:
        return [name, "—", "证据不足", "—", "—", level(dimension.group), evidence]
    return [
        name, level(dimension.before), level(dimension.after), change(dimension.before, dimension.after),
        interval(dimension), level(dimension.group), evidence,
    ]  # fmt: skip


def interval(dimension: DimensionResult) -> str:
    """Return the interval of a dimension's level after, or a dash."""
    if dimension.low is None or dimension.high is None:
        return "—"
    return f"{level(dimension.low)}–{level(dimension.high)}"


def _columns_piece(report: CompetencyReport) -> Piece:
    """Set strengths and next steps side by side."""
    gap = 8.0
    width = (MEASURE - gap) / 2
    columns = (
        ("优势", RED, _numbered(report.strengths, width, "证据不足，暂不列出优势。")),
        ("下一步", BLUE, _numbered(report.next_steps, width, "暂无建议，补充证据后更新。")),
    )
    height = max(sum(block.height + 1.2 for _, block in rows) for _, _, rows in columns) + 12

    def draw(sheet: Sheet, y: float) -> None:
        for place, (title, color, rows) in enumerate(columns):
            x = LEFT + place * (width + gap)
            sheet.pen(color, 0.5)
            sheet.line((x, y), (x + width, y))
            sheet.text(title, x, y + 1.6, Style("serif-bold", 11.5, color, leading=1.4))
            top = y + 9.5
            for number, block in rows:
                sheet.text(number, x, top, Style("sans-bold", 9, color, leading=1.6))
                sheet.block(block, x + 6, top)
                top += block.height + 1.2

    return Piece(height, draw, before=4)


def _numbered(texts: Sequence[str], width: float, empty: str) -> list[tuple[str, Block]]:
    style = Style("sans", 9, INK, leading=1.6)
    if not texts:
        return [("", set_text(empty, Style("sans", 9, SECONDARY, leading=1.6), width - 6))]
    return [(f"{number}.", set_text(text, style, width - 6)) for number, text in enumerate(texts, 1)]


def _detail_pages(report: CompetencyReport) -> list[Page]:
    pieces: list[Piece] = []
    for place, dimension in enumerate(report.dimensions):
        pieces.extend(dimension_pieces(dimension, before=7 if place else 0))
    pieces.extend(_closing_pieces(report))
    return paginate(pieces)


def _closing_pieces(report: CompetencyReport) -> list[Piece]:
    pieces = [text_piece("资料来源", SUBHEADING, keep=True, before=9)]
    sources = report.sources or ("暂无。",)
    small = Style("sans", 8.5, INK, leading=1.6)
    for number, source in enumerate(sources, 1):
        words = f"{number}. {source}" if report.sources else source
        pieces.append(text_piece(words, small, keep=number == len(sources), before=0.6))
    pieces.append(_note_piece(report.note))
    return pieces


def _note_piece(note: str) -> Piece:
    rights = "水平按证据计算，含测试、任务评分与观察等来源；本人可以查阅、要求更正，并可就其提出申诉。"
    text = f"说明：本报告{note}。{rights}"
    block = set_text(text, Style("sans", 8.5, INK, leading=1.65), MEASURE - 10)
    height = block.height + 6

    def draw(sheet: Sheet, y: float) -> None:
        sheet.brush(GROUND)
        sheet.rectangle(LEFT, y, MEASURE, height, "f")
        sheet.brush(RED)
        sheet.rectangle(LEFT, y, 0.9, height, "f")
        sheet.block(block, LEFT + 5, y + 3)

    return Piece(height, draw, before=5)
