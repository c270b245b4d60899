"""A film out of scenes: its frames, its captions, and the file that ffmpeg makes of them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from PIL import Image

from film.board import HEIGHT, LINE, PAPER, QUIET, RED, SCALE, WIDTH, Board, face

FPS = 15

Reveal = list[float]  # 0 = not yet on screen, 1 = fully there; one value per animated part


@dataclass(frozen=True)
class Scene:
    """One slide with its animated parts and its captions (start, end, words), all in seconds of the scene."""

    name: str
    seconds: float
    parts: list[tuple[float, float]]
    captions: list[tuple[float, float, str]]
    draw: Callable[[Board, Reveal], None]


def frame_of(scenes: list[Scene], scene: Scene, reveal: Reveal) -> bytes:
    """The raw RGB bytes of one frame."""
    board = Board()
    strip(board, scenes, scene)
    scene.draw(board, reveal)
    return board.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).tobytes()


def strip(board: Board, scenes: list[Scene], now: Scene) -> None:
    """The head of every slide: the product's name and where we are."""
    board.box((0, 0, WIDTH, 76), fill=PAPER, edge=PAPER, radius=0, width=0)
    board.box((0, 75, WIDTH, 76), fill=LINE, edge=LINE, radius=0, width=0)
    board.text(84, 38, "领航", size=28, bold=True, color=RED, serif=True, on=PAPER)
    x = 1196.0
    for scene in reversed(scenes):
        here = scene is now
        board.text(x, 38, scene.name, size=20, bold=here, color=RED if here else QUIET, anchor="rm", on=PAPER)
        width = face(20, here).getlength(scene.name) / SCALE
        if here:
            board.box((x - width, 71, x, 75), fill=RED, edge=RED, radius=0, width=0)
        x -= width + 32


def ease(moment: float, start: float, length: float) -> float:
    """How far a part is on screen, slow at both ends."""
    share = min(1.0, max(0.0, (moment - start) / length))
    return round(share * share * (3 - 2 * share), 2)


def frames(scenes: list[Scene]) -> Iterator[bytes]:
    """All frames in order; a frame equal to the one before is not drawn again."""
    for scene in scenes:
        last: Reveal | None = None
        picture = b""
        for number in range(round(scene.seconds * FPS)):
            reveal = [ease(number / FPS, *part) for part in scene.parts]
            if reveal != last:
                last, picture = reveal, frame_of(scenes, scene, reveal)
            yield picture


def film(scenes: list[Scene], target: Path) -> None:
    """Encode the frames as H.264 in an MP4 that starts before it is wholly loaded."""
    raw = f"-f rawvideo -pix_fmt rgb24 -s {WIDTH}x{HEIGHT} -r {FPS} -i -"
    coded = f"-c:v libx264 -preset slow -crf 27 -tune animation -pix_fmt yuv420p -g {FPS * 2}"
    same_bytes = "-movflags +faststart -fflags +bitexact -flags:v +bitexact -map_metadata -1"
    command = ["ffmpeg", "-loglevel", "error", "-y", *f"{raw} {coded} {same_bytes}".split(), str(target)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        for picture in frames(scenes):
            process.stdin.write(picture)
        process.stdin.close()
        if process.wait():
            sys.exit("视频没有生成，请查看上面 ffmpeg 的提示。")


def stream(source: Path, target: Path) -> None:
    """The film as a playlist and segments of six seconds (HLS) in one package, which is read in place."""
    with TemporaryDirectory() as folder:
        same_bytes = "-fflags +bitexact -flags:v +bitexact -map_metadata -1"
        cut = f"-c copy {same_bytes} -f hls -hls_time 6 -hls_playlist_type vod -hls_segment_filename part-%02d.ts"
        command = ["ffmpeg", "-loglevel", "error", "-y", "-i", str(source.resolve()), *cut.split(), "index.m3u8"]
        if subprocess.run(command, cwd=folder, check=False).returncode:
            sys.exit("视频没有切成分段，请查看上面 ffmpeg 的提示。")
        with ZipFile(target, "w", ZIP_STORED) as package:
            for part in sorted(Path(folder).iterdir()):
                package.writestr(ZipInfo(part.name), part.read_bytes())


def captions(scenes: list[Scene]) -> str:
    """The WebVTT text, one cue per sentence."""
    lines, start = ["WEBVTT", ""], 0.0
    for scene in scenes:
        for begin, end, words in scene.captions:
            lines += [f"{stamp(start + begin)} --> {stamp(start + end)}", words, ""]
        start += scene.seconds
    return "\n".join(lines)


def stamp(seconds: float) -> str:
    """Seconds as 00:01:02.300."""
    whole = round(seconds * 1000)
    return f"{whole // 3600000:02d}:{whole // 60000 % 60:02d}:{whole // 1000 % 60:02d}.{whole % 1000:03d}"
