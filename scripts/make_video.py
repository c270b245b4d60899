"""Draw the videos of the sample lessons and their captions: slides by Pillow, film by ffmpeg, no network.

    python scripts/make_video.py [--out cms/curriculum/media] [--only petition-timeline]

Needs Debian's ffmpeg and fonts-noto-cjk. The films are silent: their words stand on the slides and in the
captions.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from film import one_stop_service, petition_timeline
from film.board import FONTS
from film.reel import captions, film, stream

STREAMED = ("petition-timeline",)  # offered in segments, so that the sample curriculum has a stream too
FILMS = {"one-stop-service": one_stop_service.SCENES, "petition-timeline": petition_timeline.SCENES}


def main() -> None:
    """Write NAME.mp4 (or NAME.zip, a stream) and NAME.vtt for every film, or for the one that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("cms/curriculum/media"))
    parser.add_argument("--only", choices=FILMS)
    options = parser.parse_args()
    if not shutil.which("ffmpeg"):
        sys.exit("没有找到 ffmpeg，请先安装：apt-get install ffmpeg")
    if not (FONTS / "NotoSansCJK-Bold.ttc").exists():
        sys.exit("没有找到中文字体，请先安装：apt-get install fonts-noto-cjk")
    options.out.mkdir(parents=True, exist_ok=True)
    for name in [options.only] if options.only else FILMS:
        target = options.out / f"{name}.mp4"
        film(FILMS[name], target)
        if name in STREAMED:
            stream(target, target.with_suffix(".zip"))
            target.unlink()
        (options.out / f"{name}.vtt").write_text(captions(FILMS[name]), encoding="utf-8")


if __name__ == "__main__":
    main()
