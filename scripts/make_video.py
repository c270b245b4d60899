"""Draw the sample lesson's video and its captions: slides by Pillow, film by ffmpeg, no network.

    python scripts/make_video.py [--out cms/curriculum/media]

Needs Debian's ffmpeg and fonts-noto-cjk. The film is silent: its words stand on the slides and in the
captions.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT, FPS = 1280, 720, 15
SCALE = 2  # drawn twice as large, then reduced, for smooth edges
FONTS = Path("/usr/share/fonts/opentype/noto")
SC = 2  # the Simplified Chinese face inside the Noto CJK collections

INK, QUIET, LINE, GROUND, PAPER = "#1f2733", "#5b6675", "#e3e7ed", "#f6f7f9", "#ffffff"
RED, BLUE, AMBER, GREEN = "#a8202a", "#1e4e8c", "#b7791f", "#2f7d4f"
RED_WASH, BLUE_WASH, GREEN_WASH = "#fbeeee", "#edf3fa", "#edf6f0"

Reveal = list[float]  # 0 = not yet on screen, 1 = fully there; one value per animated part


class Board:
    """One frame in 1280 × 720 units, drawn at SCALE."""

    def __init__(self) -> None:
        self.image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), GROUND)
        self.draw = ImageDraw.Draw(self.image)

    def box(
        self,
        xy: tuple[float, float, float, float],
        *,
        fill: str = PAPER,
        edge: str = LINE,
        show: float = 1,
        radius: float = 8,
        width: float = 1.5,
    ) -> None:
        """A rounded panel; faded into the ground while `show` is below one."""
        self.draw.rounded_rectangle(
            [v * SCALE for v in xy], radius * SCALE, fade(fill, show), fade(edge, show), max(1, round(width * SCALE))
        )

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: int = 26,
        color: str = INK,
        bold: bool = False,
        show: float = 1,
        anchor: str = "lm",
        on: str = GROUND,
        serif: bool = False,
    ) -> None:
        """One line of words at (x, y), anchored as Pillow does."""
        if show > 0:
            self.draw.text((x * SCALE, y * SCALE), words, fade(color, show, on), face(size, bold, serif), anchor)

    def bar(self, x: float, y: float, length: float, done: float, color: str, show: float = 1) -> None:
        """A horizontal bar of which the share `done` (0–1) is filled."""
        self.box((x, y, x + length, y + 16), fill=LINE, edge=LINE, show=show, radius=8, width=0)
        if done > 0.02:
            self.box((x, y, x + max(16, length * done), y + 16), fill=color, edge=color, radius=8, width=0)

    def arrow(
        self, start: tuple[float, float], end: tuple[float, float], *, show: float = 1, color: str = QUIET
    ) -> None:
        """A straight arrow to the right."""
        ink = fade(color, show)
        x, y = end
        self.draw.line([v * SCALE for v in (*start, x - 8, y)], ink, 3 * SCALE)
        self.draw.polygon([(a * SCALE, b * SCALE) for a, b in ((x, y), (x - 12, y - 8), (x - 12, y + 8))], ink)

    def rule(self, start: tuple[float, float], end: tuple[float, float], *, show: float = 1) -> None:
        """A plain line that joins boxes and arrows."""
        self.draw.line([v * SCALE for v in (*start, *end)], fade(QUIET, show), 3 * SCALE)

    def tag(self, x: float, y: float, words: str, *, color: str, wash: str, show: float = 1) -> None:
        """A small label on paper whose left middle is (x, y)."""
        if show <= 0:
            return
        width = face(19, True).getlength(words) / SCALE + 24
        self.box((x, y - 18, x + width, y + 18), fill=fade(wash, show, PAPER), edge=fade(color, show, PAPER), radius=6)
        self.text(x + 12, y, words, size=19, color=color, bold=True, show=show, on=wash)

    def tick(self, x: float, y: float, *, color: str = GREEN, show: float = 1) -> None:
        """A drawn check mark around (x, y)."""
        points = [(x - 9, y), (x - 2, y + 8), (x + 11, y - 9)]
        self.draw.line([v * SCALE for p in points for v in p], fade(color, show), 4 * SCALE, joint="curve")


@lru_cache(maxsize=64)
def face(size: int, bold: bool = False, serif: bool = False) -> ImageFont.FreeTypeFont:
    """The Chinese face of the product in the given size."""
    name = f"Noto{'Serif' if serif else 'Sans'}CJK-{'Bold' if bold else 'Regular'}.ttc"
    return ImageFont.truetype(FONTS / name, size * SCALE, index=SC)


def fade(color: str, show: float, on: str = GROUND) -> str:
    """Mix a colour into what lies beneath it."""
    pairs = zip(channels(color), channels(on), strict=True)
    return "#" + "".join(f"{round(a * show + b * (1 - show)):02x}" for a, b in pairs)


def channels(color: str) -> tuple[int, int, int]:
    """Red, green and blue of #rrggbb."""
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


# — the six scenes ———


@dataclass(frozen=True)
class Scene:
    """One slide with its animated parts and its captions (start, end, words), all in seconds of the scene."""

    name: str
    seconds: float
    parts: list[tuple[float, float]]
    captions: list[tuple[float, float, str]]
    draw: Callable[[Board, Reveal], None]


def draw_question(board: Board, show: Reveal) -> None:
    board.text(640, 262, "一件事，怎样一次办成", size=62, bold=True, anchor="mm", serif=True)
    board.box((600, 318, 680, 323), fill=RED, edge=RED, radius=2, width=0)
    board.text(640, 380, "开一家面馆，要跑几个部门，交几次材料？", size=32, anchor="mm", show=show[0])
    board.text(640, 446, "云山市（虚构）　示范数据　本片无旁白", size=24, color=QUIET, anchor="mm", show=show[1])


def draw_before(board: Board, show: Reveal) -> None:
    title(board, "改造之前：四个窗口，一个接一个")
    for i, name in enumerate(("企业登记", "食品经营许可", "户外招牌设置", "排水许可")):
        left = 84 + i * 294
        board.box((left, 236, left + 230, 372), show=show[i], edge=QUIET)
        board.text(left + 115, 282, name, size=28, bold=True, anchor="mm", show=show[i], on=PAPER)
        board.text(
            left + 115, 330, f"身份材料，第 {i + 1} 次", size=21, color=AMBER, anchor="mm", show=show[i], on=PAPER
        )
        if i:
            board.arrow((left - 54, 304), (left - 10, 304), show=show[i])
    for i, (figure, unit) in enumerate((("5 次", "到场"), ("4 次", "交身份材料"), ("第 43 天", "面馆开张"))):
        x = 300 + i * 340
        board.text(x, 458, figure, size=46, bold=True, color=RED, anchor="mm", show=show[4 + i])
        board.text(x, 512, unit, size=23, color=QUIET, anchor="mm", show=show[4 + i])


def draw_form(board: Board, show: Reveal) -> None:
    title(board, "第一步：四张表合成一张")
    for i in range(4):
        shift = i * 22
        board.box((96 + shift, 226 + shift, 306 + shift, 456 + shift), edge=QUIET)
    board.text(267, 400, "82", size=60, bold=True, color=QUIET, anchor="mm", on=PAPER)
    board.text(267, 456, "个字段", size=23, color=QUIET, anchor="mm", on=PAPER)
    board.arrow((420, 372), (512, 372), show=show[0], color=RED)
    board.box((540, 190, 1190, 554), show=show[0], edge=RED, width=2)
    fields = [
        ("店铺名称", True),
        ("统一社会信用代码", True),
        ("房屋权属", True),
        ("建筑面积、就餐区面积", False),
        ("灶台数量", False),
    ]
    for i, (name, shared) in enumerate(fields):
        y = 236 + i * 56
        words, color, wash = ("共享带入，请您核对", BLUE, BLUE_WASH) if shared else ("请您填写", RED, RED_WASH)
        board.text(572, y, name, size=25, show=show[1 + i], on=PAPER)
        board.tag(930, y, words, color=color, wash=wash, show=show[1 + i])
    board.text(572, 518, "只需填写 31 个字段", size=27, bold=True, color=RED, show=show[6], on=PAPER)


def draw_parallel(board: Board, show: Reveal) -> None:
    title(board, "第二步：一次收件，同步审查")
    board.box((84, 296, 296, 436), fill=BLUE_WASH, edge=BLUE, width=2)
    board.text(190, 346, "牵头部门", size=28, bold=True, color=BLUE, anchor="mm", on=BLUE_WASH)
    board.text(190, 390, "收件、转办、催办", size=21, color=BLUE, anchor="mm", on=BLUE_WASH)
    board.rule((296, 366), (322, 366), show=show[0])
    board.rule((322, 248), (322, 484), show=show[0])
    for i, name in enumerate(("食品经营许可", "户外招牌设置", "排水许可")):
        y = 248 + i * 118
        board.arrow((322, y), (376, y), show=show[0])
        board.text(396, y, name, size=26, bold=True, show=show[0])
        board.bar(590, y - 8, 320, show[1 + i], BLUE, show[0])
        if show[1 + i] >= 1:
            board.tick(938, y)
    board.box((986, 222, 1196, 510), show=show[4], edge=GREEN, fill=GREEN_WASH, width=2)
    for i, line in enumerate(("需要补正", "合成一份通知", "需要看现场", "合成一次核查")):
        strong = i % 2 == 1
        board.text(
            1091,
            (274, 314, 404, 444)[i],
            line,
            size=25 if strong else 22,
            bold=strong,
            anchor="mm",
            color=GREEN if strong else QUIET,
            show=show[4],
            on=GREEN_WASH,
        )


def draw_issue(board: Board, show: Reveal) -> None:
    title(board, "第三步：电子出证，同时归档")
    for i, name in enumerate(("营业执照", "食品经营许可证", "招牌设置准予文书", "排水许可证")):
        left, top = 84 + (i % 2) * 300, 212 + (i // 2) * 170
        board.box((left, top, left + 272, top + 142), show=show[i], edge=QUIET)
        board.text(left + 24, top + 40, name, size=25, bold=True, show=show[i], on=PAPER)
        board.text(left + 24, top + 94, "电子证照", size=21, color=QUIET, show=show[i], on=PAPER)
        seal(board, left + 230, top + 98, show[i])
    board.arrow((676, 366), (756, 366), show=show[4], color=RED)
    shelves = (("申请人账户", "随时出示，联机核验状态"), ("电子档案", "形成者、时间、版本随件归档"))
    for i, (head, line) in enumerate(shelves):
        top = 226 + i * 160
        board.box((786, top, 1196, top + 122), show=show[4 + i], edge=(RED, GREEN)[i], width=2)
        board.text(814, top + 42, head, size=27, bold=True, show=show[4 + i], on=PAPER, color=(RED, GREEN)[i])
        board.text(814, top + 84, line, size=22, color=QUIET, show=show[4 + i], on=PAPER)


def draw_choice(board: Board, show: Reveal) -> None:
    title(board, "两条路都通：自己选，标准一样")
    ways = (("网上办", "自己填，随时看进度", BLUE), ("窗口办", "有人帮，全程记名", RED))
    for i, (head, line, color) in enumerate(ways):
        left = 84 + i * 570
        board.box((left, 206, left + 542, 330), show=show[i], edge=color, width=2)
        board.text(left + 36, 250, head, size=32, bold=True, color=color, show=show[i], on=PAPER)
        board.text(left + 36, 296, line, size=24, color=QUIET, show=show[i], on=PAPER)
    for i, words in enumerate(("同一张材料清单", "同一个办理期限", "同一套进度查询")):
        x = 150 + i * 350
        board.tick(x, 402, show=show[2 + i])
        board.text(x + 28, 402, words, size=29, bold=True, show=show[2 + i])
    board.text(640, 492, "看一件事办得好不好，数一数申请人来了几次、等了几天", size=29, anchor="mm", show=show[5])
    board.text(640, 546, "示范内容，使用前须经审核", size=20, color=QUIET, anchor="mm", show=show[5])


def title(board: Board, words: str) -> None:
    """The line that says what this slide is about."""
    board.box((84, 126, 90, 166), fill=RED, edge=RED, radius=2, width=0)
    board.text(108, 146, words, size=36, bold=True)


def seal(board: Board, x: float, y: float, show: float) -> None:
    """A round specimen seal: visibly no real one."""
    if show <= 0:
        return
    ring = [(x - 29) * SCALE, (y - 29) * SCALE, (x + 29) * SCALE, (y + 29) * SCALE]
    board.draw.ellipse(ring, outline=fade(RED, show, PAPER), width=3 * SCALE)
    board.text(x, y, "样章", size=19, bold=True, color=RED, anchor="mm", show=show, on=PAPER)


SCENES = [
    Scene(
        "问题",
        7,
        [(1.0, 0.6), (2.6, 0.6)],
        [
            (0.4, 3.4, "在云山市（虚构），一位店主想开一家面馆。"),
            (3.6, 6.8, "他要跑几个部门，交几次材料？"),
        ],
        draw_question,
    ),
    Scene(
        "改造之前",
        10,
        [(0.4, 0.5), (1.6, 0.5), (2.8, 0.5), (4.0, 0.5), (5.6, 0.5), (6.4, 0.5), (7.2, 0.5)],
        [
            (0.2, 5.0, "过去是四个窗口依次排队，前一个有了结果，才能办下一个。"),
            (5.2, 9.8, "到场五次，身份材料交了四次，第四十三天才开张。"),
        ],
        draw_before,
    ),
    Scene(
        "一张表",
        11,
        [(0.8, 0.6), (1.8, 0.5), (2.6, 0.5), (3.4, 0.5), (5.2, 0.5), (6.0, 0.5), (7.4, 0.6)],
        [
            (0.2, 4.8, "第一步，四张表合成一张。登记信息由共享带入，请店主核对。"),
            (4.9, 7.3, "只有部门不掌握的，才请他填写。"),
            (7.4, 10.8, "八十二个字段，减到三十一个。"),
        ],
        draw_form,
    ),
    Scene(
        "同步审查",
        12,
        [(0.6, 0.5), (1.6, 3.0), (1.6, 4.2), (1.6, 5.4), (7.4, 0.6)],
        [
            (0.2, 3.9, "第二步，牵头部门收件、转办，三个事项同时审查。"),
            (4.0, 7.3, "准予还是不准予，仍由各实施机关依法决定。"),
            (7.4, 11.8, "需要补正的，合成一份通知；需要看现场的，合成一次核查。"),
        ],
        draw_parallel,
    ),
    Scene(
        "出证归档",
        10.5,
        [(0.6, 0.5), (1.2, 0.5), (1.8, 0.5), (2.4, 0.5), (3.4, 0.6), (6.8, 0.6)],
        [
            (0.2, 3.0, "第三步，电子证照加盖电子印章。"),
            (3.2, 6.6, "证照送到店主账户，用的时候联机核验状态。"),
            (6.8, 10.3, "电子文件随即归档，形成者、时间、版本一并保存。"),
        ],
        draw_issue,
    ),
    Scene(
        "两条路",
        9,
        [(0.4, 0.5), (1.4, 0.5), (2.8, 0.4), (3.5, 0.4), (4.2, 0.4), (5.4, 0.6)],
        [
            (0.2, 5.2, "网上和窗口，清单相同，期限相同。不会用手机的人，有人帮办。"),
            (5.4, 8.8, "办得好不好，数一数申请人来了几次、等了几天。"),
        ],
        draw_choice,
    ),
]


def frame_of(scene: Scene, reveal: Reveal) -> bytes:
    """The raw RGB bytes of one frame."""
    board = Board()
    strip(board, scene)
    scene.draw(board, reveal)
    return board.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).tobytes()


def strip(board: Board, now: Scene) -> None:
    """The head of every slide: the product's name and where we are."""
    board.box((0, 0, WIDTH, 76), fill=PAPER, edge=PAPER, radius=0, width=0)
    board.box((0, 75, WIDTH, 76), fill=LINE, edge=LINE, radius=0, width=0)
    board.text(84, 38, "领航", size=28, bold=True, color=RED, serif=True, on=PAPER)
    x = 1196.0
    for scene in reversed(SCENES):
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


def frames() -> Iterator[bytes]:
    """All frames in order; a frame equal to the one before is not drawn again."""
    for scene in SCENES:
        last: Reveal | None = None
        picture = b""
        for number in range(round(scene.seconds * FPS)):
            reveal = [ease(number / FPS, *part) for part in scene.parts]
            if reveal != last:
                last, picture = reveal, frame_of(scene, reveal)
            yield picture


def film(target: Path) -> None:
    """Encode the frames as H.264 in an MP4 that starts before it is wholly loaded."""
    command = [
        "ffmpeg",
        "-loglevel",
        "error",
        "-y",
        "-f",
        "rawvideo",
        "-pix_fmt",
        "rgb24",
        "-s",
        f"{WIDTH}x{HEIGHT}",
        "-r",
        str(FPS),
        "-i",
        "-",
        "-c:v",
        "libx264",
        "-preset",
        "slow",
        "-crf",
        "27",
        "-tune",
        "animation",
        "-pix_fmt",
        "yuv420p",
        "-g",
        str(FPS * 2),
        "-movflags",
        "+faststart",
        "-fflags",
        "+bitexact",
        "-flags:v",
        "+bitexact",
        "-map_metadata",
        "-1",
        str(target),
    ]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        for picture in frames():
            process.stdin.write(picture)
        process.stdin.close()
        if process.wait():
            sys.exit("视频没有生成，请查看上面 ffmpeg 的提示。")


def captions() -> str:
    """The WebVTT text, one cue per sentence."""
    lines, start = ["WEBVTT", ""], 0.0
    for scene in SCENES:
        for begin, end, words in scene.captions:
            lines += [f"{stamp(start + begin)} --> {stamp(start + end)}", words, ""]
        start += scene.seconds
    return "\n".join(lines)


def stamp(seconds: float) -> str:
    """Seconds as 00:01:02.300."""
    whole = round(seconds * 1000)
    return f"{whole // 3600000:02d}:{whole // 60000 % 60:02d}:{whole // 1000 % 60:02d}.{whole % 1000:03d}"


def main() -> None:
    """Write one-stop-service.mp4 and one-stop-service.vtt."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("cms/curriculum/media"))
    out = parser.parse_args().out
    if not shutil.which("ffmpeg"):
        sys.exit("没有找到 ffmpeg，请先安装：apt-get install ffmpeg")
    if not (FONTS / "NotoSansCJK-Bold.ttc").exists():
        sys.exit("没有找到中文字体，请先安装：apt-get install fonts-noto-cjk")
    out.mkdir(parents=True, exist_ok=True)
    film(out / "one-stop-service.mp4")
    (out / "one-stop-service.vtt").write_text(captions(), encoding="utf-8")


if __name__ == "__main__":
    main()
