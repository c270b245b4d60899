"""The film “一件信访事项，怎样走完”: a letter about a flooded lane, from the day it arrives to the call afterwards."""

from __future__ import annotations

from film.board import (
    AMBER,
    BLUE,
    BLUE_WASH,
    GREEN,
    GREEN_WASH,
    PAPER,
    QUIET,
    RED,
    RED_WASH,
    SCALE,
    Board,
    fade,
    title,
)  # fmt: skip
from film.reel import Reveal, Scene

WAYS = [
    ("建议意见", "研究论证，回复采纳情况", BLUE, BLUE_WASH),
    ("检举控告", "按权限办理，不得透露", AMBER, PAPER),
    ("申诉求决", "先看有没有法定途径", RED, RED_WASH),
]
PARTS_OF_OPINION = ["请求是什么", "查明了什么", "依据是哪一条", "结论：支持、解释说明，还是不支持", "不服怎么办"]


def draw_letter(board: Board, show: Reveal) -> None:
    board.text(640, 226, "一件信访事项，怎样走完", size=60, bold=True, anchor="mm", serif=True)
    board.box((600, 284, 680, 289), fill=RED, edge=RED, radius=2, width=0)
    envelope(board, 640, 396, show[0])
    board.text(640, 512, "柳河巷一下雨就积水，请帮我们看看", size=30, anchor="mm", show=show[1])
    board.text(640, 570, "云山市（虚构）　示范内容　本片无旁白", size=23, color=QUIET, anchor="mm", show=show[2])


def draw_register(board: Board, show: Reveal) -> None:
    title(board, "第一步：登记，转到有权处理的单位")
    envelope(board, 170, 360, show[0])
    board.arrow((260, 360), (344, 360), show=show[1])
    panel(board, (360, 270, 680, 450), "信访部门", "登记，分清归谁办", BLUE, BLUE_WASH, show[1])
    board.arrow((696, 360), (840, 360), show=show[2], color=RED)
    board.text(768, 324, "15 日内", size=28, bold=True, color=RED, anchor="mm", show=show[2])
    panel(board, (856, 270, 1196, 450), "水务部门", "有权处理，承办", GREEN, GREEN_WASH, show[3])
    board.text(640, 530, "情况重大、紧急的，及时报告，不等十五日", size=25, color=QUIET, anchor="mm", show=show[4])


def draw_kinds(board: Board, show: Reveal) -> None:
    title(board, "第二步：先分类，再谈怎么办")
    for i, (name, way, color, wash) in enumerate(WAYS):
        top = 206 + i * 118
        board.box((84, top, 1196, top + 98), show=show[i], fill=wash, edge=color, width=2)
        board.text(120, top + 49, name, size=32, bold=True, color=color, show=show[i], on=wash)
        board.text(380, top + 49, way, size=27, show=show[i], on=wash)
    board.tick(1150, 491, color=RED, show=show[3])
    board.text(640, 590, "柳河巷这件事：没有别的法定途径，由水务部门调查办理", size=26, anchor="mm", show=show[4])


def draw_notice(board: Board, show: Reveal) -> None:
    title(board, "第三步：书面告知，别让人干等")
    panel(board, (84, 230, 620, 460), "是本单位的事", "告知已经接收、怎样办理", GREEN, GREEN_WASH, show[0])
    board.text(352, 420, "15 日内，书面", size=34, bold=True, color=GREEN, anchor="mm", show=show[1], on=GREEN_WASH)
    panel(board, (660, 230, 1196, 460), "不是本单位的事", "提出异议，详细说明理由", AMBER, PAPER, show[2])
    board.text(928, 420, "5 个工作日内", size=34, bold=True, color=AMBER, anchor="mm", show=show[3], on=PAPER)
    board.text(640, 540, "“15 日”与“5 个工作日”算法不同，不要混用", size=25, color=QUIET, anchor="mm", show=show[4])


def draw_handling(board: Board, show: Reveal) -> None:
    title(board, "第四步：查清事实，按期办结")
    for i, (name, line) in enumerate(
        (("听", "听取陈述"), ("查", "雨后到现场"), ("定", "定下疏通办法"), ("答", "出具意见书"))
    ):
        left = 84 + i * 290
        board.box((left, 206, left + 242, 320), show=show[i], edge=QUIET)
        board.text(left + 24, 263, name, size=40, bold=True, color=RED, show=show[i], on=PAPER, serif=True)
        board.text(left + 84, 263, line, size=21, show=show[i], on=PAPER)
    board.bar(84, 420, 700, show[4], BLUE)
    board.bar(804, 420, 392, show[5], AMBER)
    board.text(84, 470, "受理之日起 60 日内办结", size=26, bold=True, color=BLUE, show=show[4])
    board.text(804, 470, "可以延长，不超过 30 日", size=26, bold=True, color=AMBER, show=show[5])
    board.text(640, 552, "延长要经本单位负责人批准，并告知理由", size=26, anchor="mm", show=show[6])


def draw_opinion(board: Board, show: Reveal) -> None:
    title(board, "第五步：意见书写清五件事")
    board.box((250, 196, 1030, 596), edge=QUIET)
    board.text(640, 236, "信访处理意见书", size=28, bold=True, anchor="mm", on=PAPER, serif=True)
    for i, words in enumerate(PARTS_OF_OPINION):
        y = 302 + i * 60
        board.tick(310, y, show=show[i])
        board.text(346, y, words, size=27, show=show[i], on=PAPER)


def draw_remedies(board: Board, show: Reveal) -> None:
    title(board, "不服，还有两步")
    steps = (
        ("复查", "上一级机关、单位", "30 日内请求", "30 日内答复"),
        ("复核", "再上一级机关、单位", "30 日内请求", "30 日内提出意见"),
    )
    for i, (name, whom, ask, answer) in enumerate(steps):
        left = 84 + i * 580
        board.box((left, 216, left + 532, 446), show=show[i * 2], edge=BLUE, fill=BLUE_WASH, width=2)
        board.text(left + 36, 268, name, size=36, bold=True, color=BLUE, show=show[i * 2], on=BLUE_WASH)
        board.text(left + 150, 270, whom, size=25, show=show[i * 2], on=BLUE_WASH)
        board.text(left + 36, 346, ask, size=28, bold=True, show=show[i * 2], on=BLUE_WASH)
        board.arrow((left + 236, 346), (left + 284, 346), show=show[i * 2 + 1])
        board.text(left + 296, 346, answer, size=26, show=show[i * 2 + 1], on=BLUE_WASH)
        board.text(left + 36, 404, "从收到书面答复之日起算", size=22, color=QUIET, show=show[i * 2], on=BLUE_WASH)
    board.text(640, 530, "走完两步，同一事实和理由不再受理；帮扶和疏导仍要做", size=25, anchor="mm", show=show[4])


def draw_call(board: Board, show: Reveal) -> None:
    title(board, "办结不是终点")
    board.box((184, 222, 1096, 342), show=show[0], edge=GREEN, fill=GREEN_WASH, width=2)
    board.text(640, 282, "雨季第一场大雨之后，打一个电话", size=34, bold=True, anchor="mm", show=show[0], on=GREEN_WASH)
    board.text(640, 422, "“柳河巷还积水吗？”", size=46, bold=True, color=RED, anchor="mm", show=show[1], serif=True)
    board.text(640, 512, "期限管住拖延，回访管住敷衍", size=28, anchor="mm", show=show[2])
    board.text(640, 574, "示范内容，使用前须经审核", size=20, color=QUIET, anchor="mm", show=show[2])


def panel(
    board: Board, xy: tuple[float, float, float, float], head: str, line: str, color: str, wash: str, show: float
) -> None:
    """A box with a heading and one line below it, both in its middle."""
    middle = (xy[0] + xy[2]) / 2
    board.box(xy, show=show, fill=wash, edge=color, width=2)
    board.text(middle, xy[1] + 62, head, size=32, bold=True, color=color, anchor="mm", show=show, on=wash)
    board.text(middle, xy[1] + 118, line, size=25, anchor="mm", show=show, on=wash)


def envelope(board: Board, x: float, y: float, show: float) -> None:
    """A closed letter around (x, y)."""
    if show <= 0:
        return
    board.box((x - 76, y - 50, x + 76, y + 50), show=show, edge=QUIET, width=2)
    fold = [(x - 74, y - 46), (x, y + 14), (x + 74, y - 46)]
    board.draw.line([v * SCALE for point in fold for v in point], fade(QUIET, show, PAPER), 3 * SCALE, joint="curve")


SCENES = [
    Scene(
        "来信",
        9,
        [(0.4, 0.6), (2.0, 0.6), (4.4, 0.6)],
        [
            (0.4, 4.2, "柳河巷的居民写来一封信：一下雨就积水。"),
            (4.4, 8.8, "从收到信到办完，要走几步？每一步有几天？"),
        ],
        draw_letter,
    ),
    Scene(
        "登记",
        12,
        [(0.3, 0.5), (1.2, 0.5), (3.6, 0.5), (4.4, 0.5), (7.8, 0.6)],
        [
            (0.2, 3.4, "第一步，信访部门登记，分清归谁办。"),
            (3.6, 7.6, "十五日内，转送有权处理的单位：这里是水务部门。"),
            (7.8, 11.8, "情况重大、紧急的，要及时报告，不等十五日。"),
        ],
        draw_register,
    ),
    Scene(
        "分类",
        13,
        [(0.3, 0.5), (2.6, 0.5), (5.8, 0.5), (9.0, 0.5), (9.4, 0.6)],
        [
            (0.2, 2.5, "第二步，先分类。"),
            (2.6, 5.7, "建议要回复；检举不得透露给被反映的人。"),
            (5.8, 9.0, "求决的，先看有没有法定途径。"),
            (9.2, 12.8, "柳河巷积水没有别的法定途径，由水务部门调查办理。"),
        ],
        draw_kinds,
    ),
    Scene(
        "告知",
        12,
        [(0.4, 0.5), (1.6, 0.5), (4.4, 0.5), (5.6, 0.5), (8.6, 0.6)],
        [
            (0.2, 4.2, "第三步，承办单位十五日内书面告知，怎样办理。"),
            (4.4, 8.4, "认为不归自己管，五个工作日内提出异议并说明理由。"),
            (8.6, 11.8, "“日”和“工作日”算法不同，不要混用。"),
        ],
        draw_notice,
    ),
    Scene(
        "办理",
        14,
        [(0.4, 0.4), (1.4, 0.4), (2.4, 0.4), (3.4, 0.4), (4.8, 2.0), (8.0, 1.4), (10.4, 0.6)],
        [
            (0.2, 4.5, "第四步，听取陈述，到现场查看，定下办法，出具意见书。"),
            (4.7, 7.8, "自受理之日起，六十日内办结。"),
            (8.0, 10.9, "情况复杂的可以延长，不超过三十日。"),
            (11.0, 13.8, "延长要经批准，并告知理由。"),
        ],
        draw_handling,
    ),
    Scene(
        "意见书",
        10,
        [(0.6, 0.5), (1.8, 0.5), (3.0, 0.5), (4.4, 0.5), (6.0, 0.5)],
        [
            (0.2, 4.2, "第五步，意见书写清请求、事实和依据，"),
            (4.4, 9.6, "写明结论：支持、解释说明还是不支持，以及不服怎么办。"),
        ],
        draw_opinion,
    ),
    Scene(
        "复查复核",
        13,
        [(0.4, 0.5), (1.8, 0.5), (4.6, 0.5), (6.0, 0.5), (8.8, 0.6)],
        [
            (0.2, 4.4, "不服处理意见，三十日内向上一级请求复查。"),
            (4.6, 8.6, "不服复查意见，三十日内再向上一级请求复核。"),
            (8.8, 12.8, "两步走完，同一事实和理由不再受理，帮扶仍要做。"),
        ],
        draw_remedies,
    ),
    Scene(
        "回访",
        9,
        [(0.4, 0.5), (2.4, 0.6), (5.0, 0.6)],
        [
            (0.2, 4.6, "办结不是终点。下过大雨，打一个电话：还积水吗？"),
            (4.8, 8.6, "期限管住拖延，回访管住敷衍。"),
        ],
        draw_call,
    ),
]
