"""Readers for drawn documents: the real tools that a person's viewer is built on."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import zxingcpp
from PIL import Image

MM = 72 / 25.4


def run(*command: str) -> str:
    """Run a tool and return what it prints; a tool that fails fails the test."""
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, f"{command[0]}: {done.stderr or done.stdout}"
    return done.stdout


def saved(folder: Path, data: bytes) -> str:
    """Write a document into a folder and return its path."""
    path = folder / "document.pdf"
    path.write_bytes(data)
    return str(path)


def text_of(folder: Path, data: bytes, page: int | None = None) -> str:
    """Return the text of a document as pdftotext copies it."""
    pages = ["-f", str(page), "-l", str(page)] if page else []
    return run("pdftotext", "-raw", *pages, saved(folder, data), "-")


def packed(text: str) -> str:
    """Return a text without blanks and line ends."""
    return re.sub(r"\s", "", text)


@dataclass(frozen=True)
class Word:
    """A word on the page and its box in millimetres from the top-left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def words_of(folder: Path, data: bytes) -> list[Word]:
    """Return the words of a document with their boxes."""
    page = run("pdftotext", "-bbox", saved(folder, data), "-")
    found = re.findall(r'xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>', page)
    return [Word(row[4], *(float(value) / MM for value in row[:4])) for row in found]


def picture_of(folder: Path, data: bytes, dots: int = 150, page: int = 1) -> Image.Image:
    """Return a page as a picture."""
    target = folder / "page"
    first = str(page)
    run("pdftoppm", "-r", str(dots), "-png", "-singlefile", "-f", first, saved(folder, data), str(target))
    with Image.open(target.with_suffix(".png")) as picture:
        return picture.convert("RGB")


def codes_of(folder: Path, data: bytes, dots: int = 150, page: int = 1) -> list[str]:
    """Return what the QR codes on a page say."""
    return [code.text for code in zxingcpp.read_barcodes(picture_of(folder, data, dots, page))]


def fonts_of(folder: Path, data: bytes) -> list[dict[str, str]]:
    """Return the fonts of a document as pdffonts lists them."""
    lines = run("pdffonts", saved(folder, data)).splitlines()[2:]
    found = []
    for line in lines:
        name, *_, embedded, subset, unicode_map, _number, _generation = line.split()
        found.append({"name": name, "embedded": embedded, "subset": subset, "unicode": unicode_map})
    return found
