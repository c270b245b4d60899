"""The film “一件事，怎样一次办成”: four matters of opening a noodle shop become one."""

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
    Board,
    seal,
    title,
)  # fmt: skip
from film.reel import Reveal, Scene


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
