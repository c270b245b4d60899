"""Chinese typefaces in Word documents: the ones offices have, and for rare characters the ones that hold them."""

from __future__ import annotations

from collections.abc import Iterator

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.styles.style import ParagraphStyle
from docx.text.run import Run

LATIN = "Times New Roman"
FANGSONG, SONG, HEI, KAI = "仿宋", "宋体", "黑体", "楷体"
EXTENSION = "SimSun-ExtB"  # 宋体-ExtB: characters beyond the first plane, part of every Chinese Windows
NARROW = "GBK"  # what 仿宋, 黑体 and 楷体 hold; 宋体 holds more


def set_fonts(properties: object, chinese: str, latin: str = LATIN) -> None:
    """Name the faces of a style or run for Latin and for Chinese text; a Chinese hint also for quotation marks."""
    fonts = properties.get_or_add_rFonts()  # type: ignore[attr-defined]
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for kind, face in (("ascii", latin), ("hAnsi", latin), ("eastAsia", chinese), ("cs", latin)):
        fonts.set(qn(f"w:{kind}"), face)
    fonts.set(qn("w:hint"), "eastAsia")


def style_fonts(style: ParagraphStyle, chinese: str) -> None:
    """Name the faces of a paragraph style."""
    set_fonts(style.element.get_or_add_rPr(), chinese)


def run_fonts(run: Run, chinese: str, latin: str = LATIN) -> None:
    """Name the faces of a run."""
    set_fonts(run._element.get_or_add_rPr(), chinese, latin)


def face_of(char: str, usual: str) -> str:
    """Return the face that holds a character: the usual one, 宋体, or 宋体-ExtB."""
    if ord(char) > 0xFFFF:
        return EXTENSION
    try:
        char.encode(NARROW)
    except UnicodeEncodeError:
        return SONG if char.isalpha() else usual
    return usual


def stretches(text: str, usual: str) -> Iterator[tuple[str, str]]:
    """Yield the stretches of a text with the face that holds them."""
    pending, face = "", usual
    for char in text:
        wanted = face_of(char, usual)
        if pending and wanted != face:
            yield pending, face
            pending = ""
        pending, face = pending + char, wanted
    if pending:
        yield pending, face


def language(properties: object) -> None:
    """Say that the text is Chinese, so that Word checks and breaks it as such."""
    lang = OxmlElement("w:lang")
    lang.set(qn("w:val"), "en-US")
    lang.set(qn("w:eastAsia"), "zh-CN")
    properties.append(lang)  # type: ignore[attr-defined]
