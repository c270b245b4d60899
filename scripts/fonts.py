"""Remake the vendored fonts of core/drawing/fonts (a maintainer's script; never needed to run the product).

Sources: the npm packages named in ``PACKAGES`` (fetched with ``npm pack``) and Debian's ``fonts-hanazono``.
Usage: ``.venv/bin/python scripts/fonts.py [--packages DIR] [--hanazono DIR] [--check]``
"""

from __future__ import annotations

import argparse
import hashlib
import io
import lzma
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parent.parent / "core" / "drawing" / "fonts"
HANAZONO = Path("/usr/share/fonts/truetype/hanazono")
PACKAGES = {
    "serif": "@expo-google-fonts/noto-serif-sc@0.4.3",
    "sans": "@expo-google-fonts/noto-sans-sc@0.4.3",
}
FACES = {
    "NotoSerifSC-Regular": ("serif", "400Regular/NotoSerifSC_400Regular.ttf"),
    "NotoSerifSC-Bold": ("serif", "700Bold/NotoSerifSC_700Bold.ttf"),
    "NotoSansSC-Regular": ("sans", "400Regular/NotoSansSC_400Regular.ttf"),
    "NotoSansSC-Bold": ("sans", "700Bold/NotoSansSC_700Bold.ttf"),
}
GENERAL_BLOCKS = (
    (0x20, 0x7E), (0xA0, 0x17F), (0x1CD, 0x1DC), (0x1F8, 0x1F9), (0x250, 0x261), (0x2B0, 0x2FF),
    (0x370, 0x3FF), (0x400, 0x45F), (0x1E00, 0x1EFF), (0x2000, 0x206F), (0x2070, 0x20CF), (0x2100, 0x218F),
    (0x2190, 0x23FF), (0x2460, 0x27BF), (0x2900, 0x297F), (0x2B00, 0x2BFF), (0x3000, 0x303F),
    (0x3040, 0x312F), (0x31A0, 0x31BF), (0x3200, 0x33FF), (0xFE10, 0xFE1F), (0xFE30, 0xFE6F), (0xFF00, 0xFFEF),
)  # fmt: skip
IDEOGRAPH_BLOCKS = (
    (0x2E80, 0x2FDF), (0x3007, 0x3007), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAD9),
    (0x20000, 0x2A6DF), (0x2A700, 0x2EBEF),
)  # fmt: skip


def expand(blocks: Iterable[tuple[int, int]]) -> set[int]:
    """Return every code point of the given inclusive ranges."""
    return {code for low, high in blocks for code in range(low, high + 1)}


def gb2312() -> set[int]:
    """Return the code points of GB 2312 (6,763 ideographs and its symbols)."""
    codes = set()
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            text = bytes((row, cell)).decode("gb2312", errors="ignore")
            codes.update(map(ord, text))
    return codes


def general_standard() -> set[int]:
    """Return the 8,105 characters of the 通用规范汉字表 (Unihan's kTGH, kept beside the fonts)."""
    return {ord(char) for char in (FONTS / "general-standard-8105.txt").read_text("utf-8") if not char.isspace()}


def make_subset(source: Path, codes: set[int], family: str) -> bytes:
    """Return a TrueType subset without hints and layout tables, named ``family``."""
    options = subset.Options(
        layout_features=[], hinting=False, name_IDs=[0, 1, 2, 3, 4, 6, 13, 14], notdef_outline=True,
        drop_tables=["BASE", "DSIG", "FFTM", "GDEF", "GPOS", "GSUB", "STAT", "gasp", "prep", "fpgm", "cvt ",
                     "prop", "vhea", "vmtx"],
        recalc_timestamp=False,
    )  # fmt: skip
    font = subset.load_font(str(source), options)
    worker = subset.Subsetter(options)
    worker.populate(unicodes=codes)
    worker.subset(font)
    rename(font, family)
    out = io.BytesIO()
    subset.save_font(font, out, options)
    return out.getvalue()


def rename(font: TTFont, family: str) -> None:
    """Give the font its own PostScript and family name (Hanazono reserves its names for the original)."""
    for record in list(font["name"].names):
        if record.nameID in (1, 3, 4, 6):
            font["name"].setName(family, record.nameID, record.platformID, record.platEncID, record.langID)


def code_points(path: Path) -> set[int]:
    """Return what a font file maps."""
    return set(TTFont(path, lazy=True).getBestCmap())


def fetch(folder: Path) -> dict[str, Path]:
    """Fetch and unpack the npm packages; return their folders by name."""
    unpacked = {}
    for name, package in PACKAGES.items():
        run = subprocess.run(
            ["npm", "pack", "--silent", package], cwd=folder, check=True, capture_output=True, text=True
        )
        target = folder / name
        with tarfile.open(folder / run.stdout.split()[-1]) as archive:
            archive.extractall(target, filter="data")
        unpacked[name] = target / "package"
    return unpacked


def remake(folders: dict[str, Path], hanazono: Path) -> dict[str, bytes]:
    """Return the bytes of every vendored font by file name."""
    common = expand(GENERAL_BLOCKS) | gb2312() | general_standard()
    made = {f"{name}.ttf": make_subset(folders[key] / path, common, name) for name, (key, path) in FACES.items()}
    serif = folders["serif"] / FACES["NotoSerifSC-Regular"][1]
    drawn = code_points(serif)
    ideographs = expand(IDEOGRAPH_BLOCKS)
    made["NotoSerifSC-Rare.ttf.xz"] = pack(make_subset(serif, (drawn & ideographs) - common, "NotoSerifSC-Rare"))
    made["RareMincho-B.ttf.xz"] = pack(make_subset(hanazono / "HanaMinB.ttf", ideographs - drawn, "RareMincho-B"))
    second = (code_points(hanazono / "HanaMinA.ttf") & ideographs) - drawn - code_points(hanazono / "HanaMinB.ttf")
    made["RareMincho-A.ttf.xz"] = pack(make_subset(hanazono / "HanaMinA.ttf", second, "RareMincho-A"))
    return made


def pack(data: bytes) -> bytes:
    """Compress a seldom used font; it is unpacked in memory when a rare character asks for it."""
    return lzma.compress(data, preset=9 | lzma.PRESET_EXTREME)


def write(made: dict[str, bytes], folders: dict[str, Path]) -> None:
    """Write the fonts and the licence texts, then the list of checksums."""
    for name, data in made.items():
        (FONTS / name).write_bytes(data)
    for key, folder in folders.items():
        (FONTS / f"OFL-Noto-{key}.txt").write_bytes((folder / "LICENSE_FONT").read_bytes())
    copyright_file = Path("/usr/share/doc/fonts-hanazono/copyright")
    if copyright_file.exists():
        (FONTS / "OFL-Hanazono.txt").write_bytes(copyright_file.read_bytes())
    (FONTS / "SHA256SUMS").write_text("".join(checksums()), "utf-8")


def checksums() -> list[str]:
    """Return the lines of SHA256SUMS for what stands in the fonts folder."""
    names = sorted(path for path in FONTS.iterdir() if path.is_file() and path.name not in ("SHA256SUMS", "README.md"))
    return [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in names]


def main() -> int:
    """Remake the fonts, or with ``--check`` compare the folder with its list."""
    parser = argparse.ArgumentParser(description="Remake the vendored fonts of core/drawing/fonts.")
    parser.add_argument("--packages", type=Path, help="a folder with the unpacked packages serif/ and sans/")
    parser.add_argument("--hanazono", type=Path, default=HANAZONO, help="the folder of HanaMinA.ttf and HanaMinB.ttf")
    parser.add_argument("--check", action="store_true", help="only compare the files with SHA256SUMS")
    options = parser.parse_args()
    if options.check:
        same = "".join(checksums()) == (FONTS / "SHA256SUMS").read_text("utf-8")
        print("fonts match SHA256SUMS" if same else "fonts differ from SHA256SUMS")
        return 0 if same else 1
    with tempfile.TemporaryDirectory() as scratch:
        given = options.packages
        folders = {key: given / key / "package" for key in PACKAGES} if given else fetch(Path(scratch))
        write(remake(folders, options.hanazono), folders)
    return 0


if __name__ == "__main__":
    sys.exit(main())
