"""Refresh the front-end files under static/vendor from npm, or check them against HASHES.

    python scripts/vendor.py            fetch, cut down, write static/vendor and tests/vendor
    python scripts/vendor.py --check    compare every file with HASHES; exit 1 on a difference

Needs npm while refreshing only; nothing of Node runs with the product. Tabler stays at 1.0.0: later versions
paint with light-dark(), oklch() and color-mix(), which the browsers in many offices do not know yet. Its scripts
stay out: what opens and closes here is <details>, which needs none.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = ROOT / "static" / "vendor"
FOR_TESTS = ROOT / "tests" / "vendor"
SOURCE_MAP = re.compile(rb"\n?(//# sourceMappingURL=\S+|/\*# sourceMappingURL=[^*]*\*/)\s*")
INLINE_FONT = re.compile(rb"url\(data:application/font-woff;[^)]*\)")


@dataclass(frozen=True)
class Package:
    """One npm package: which of its files are kept, and under which name."""

    npm: str
    version: str
    name: str
    files: dict[str, str]
    licence: str = "LICENSE"
    into: Path = SHIPPED
    icons: tuple[str, ...] = field(default=())


_ICON_NAMES = """
access-point adjustments-horizontal alert-circle alert-triangle archive arrow-back-up arrow-down arrow-left
arrow-right arrow-up award ban bell book book-2 bookmark books building building-bank building-community bulb calendar
calendar-due calendar-event calendar-off calendar-stats certificate chart-bar chart-dots chart-line chart-radar check
checklist checks chevron-down chevron-left chevron-right chevron-up circle circle-check circle-dashed circle-dot
circle-minus circle-x clipboard-check clipboard-list clipboard-text clock clock-hour-4 clock-off clock-pause cloud
compass contrast copy corner-down-right database device-desktop device-floppy device-laptop dots dots-vertical
door-exit download edit external-link eye eye-off file file-certificate file-spreadsheet file-text file-type-pdf files
filter filter-off flag folder folders gavel help-circle hierarchy history home hourglass id id-badge-2 info-circle key
language layout-dashboard library link list list-check list-details lock lock-open login logout mail map-pin menu-2
message message-circle message-report microphone minus moon news notes number paperclip pencil phone photo
player-pause player-play plus presentation printer progress progress-check qrcode question-mark refresh report
report-analytics report-search rosette rotate rotate-clockwise rubber-stamp run scale scan school search selector send
settings shield-check shield-lock signature sitemap sort-ascending sort-descending speakerphone square square-check
star subtask sun table tag tags target target-arrow text-size timeline trash typography upload user user-check
user-circle user-cog user-off user-plus user-question users users-group video wifi wifi-off world writing x zoom-check
zoom-question
"""
ICONS = tuple(_ICON_NAMES.split())

PACKAGES = [
    Package(
        "@tabler/core",
        "1.0.0",
        "tabler",
        {"dist/css/tabler.min.css": "tabler.min.css"},
        licence="",
    ),
    Package("@tabler/icons", "3.51.0", "tabler-icons", {}, icons=ICONS),
    Package("htmx.org", "2.0.11", "htmx", {"dist/htmx.min.js": "htmx.min.js"}),
    Package(
        "video.js",
        "8.24.1",
        "video.js",
        {
            "dist/alt/video.core.min.js": "video.core.min.js",
            "dist/video.min.js": "video.min.js",  # with streams; asked for by lessons that are one
            "dist/video-js.min.css": "video-js.min.css",
            "dist/lang/zh-CN.js": "lang/zh-CN.js",
            "dist/font/VideoJS.woff": "font/VideoJS.woff",
        },
    ),
    Package(
        "axe-core",
        "4.14.1",
        "axe-core",
        {"axe.min.js": "axe.min.js", "LICENSE-3RD-PARTY.txt": "LICENCE-3RD-PARTY"},
        into=FOR_TESTS,
    ),
    Package("acorn", "8.19.0", "acorn", {"dist/acorn.js": "acorn.js"}, into=FOR_TESTS),
]

TABLER_LICENCE = """The MIT License (MIT)

Copyright (c) 2018-2025 The Tabler Authors

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


def fetched(package: Package, scratch: Path) -> Path:
    """The unpacked folder of the package."""
    wanted = f"{package.npm}@{package.version}"
    done = subprocess.run(["npm", "pack", wanted, "--silent"], cwd=scratch, check=True, capture_output=True, text=True)
    folder = scratch / package.name
    with tarfile.open(scratch / done.stdout.strip().splitlines()[-1]) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"


def trimmed(name: str, content: bytes) -> bytes:
    """Without source maps (they are not shipped) and with the player's font as a file (no data: fonts)."""
    if name.endswith((".js", ".css")):
        content = SOURCE_MAP.sub(b"\n", content)
    if name.endswith(".css"):
        content = INLINE_FONT.sub(b"url(font/VideoJS.woff)", content)
    return content


def sprite(folder: Path, names: tuple[str, ...]) -> str:
    """One SVG file with a symbol per icon."""
    symbols = []
    for name in sorted(set(names)):
        drawing = (folder / "icons" / "outline" / f"{name}.svg").read_text(encoding="utf-8")
        paths = re.findall(r"<(?:path|circle|line|rect|polyline)\b[^>]*/>", drawing)
        kept = "".join(re.sub(r"\s+/>", "/>", path) for path in paths if 'stroke="none"' not in path)
        symbols.append(
            f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
            f'stroke-linecap="round" stroke-linejoin="round">{kept}</symbol>'
        )
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def place(package: Package, source: Path) -> None:
    """Make the package's folder with what it keeps."""
    target = package.into / f"{package.name}-{package.version}"
    target.mkdir(parents=True)
    for origin, name in package.files.items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(trimmed(name, (source / origin).read_bytes()))
    if package.icons:
        (target / "sprite.svg").write_text(sprite(source, package.icons), encoding="utf-8")
    licence = (source / package.licence).read_text(encoding="utf-8") if package.licence else TABLER_LICENCE
    (target / "LICENCE").write_text(licence, encoding="utf-8")


def hashes(folder: Path) -> str:
    """Lines of sha256 and path, for every file but the list itself."""
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "HASHES")
    return "".join(f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.relative_to(folder).as_posix()}\n" for p in files)


def clear(folder: Path) -> None:
    """Nothing stays that the list above does not name."""
    for old in folder.glob("*-[0-9]*"):
        shutil.rmtree(old)


def refresh() -> None:
    for folder in (SHIPPED, FOR_TESTS):
        clear(folder)
    with tempfile.TemporaryDirectory() as scratch:
        for package in PACKAGES:
            place(package, fetched(package, Path(scratch)))
            print(f"{package.npm} {package.version}")
    for folder in (SHIPPED, FOR_TESTS):
        (folder / "HASHES").write_text(hashes(folder), encoding="utf-8")


def differences() -> list[str]:
    """Sentences, one per folder whose files are not what HASHES says."""
    return [
        f"{folder.relative_to(ROOT)} differs from its HASHES"
        for folder in (SHIPPED, FOR_TESTS)
        if (folder / "HASHES").read_text(encoding="utf-8") != hashes(folder)
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    if not parser.parse_args().check:
        refresh()
        return 0
    for sentence in differences():
        print(sentence, file=sys.stderr)
    return 1 if differences() else 0


if __name__ == "__main__":
    sys.exit(main())
