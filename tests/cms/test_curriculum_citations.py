"""Every law the curriculum cites stands in the table of laws and in the official text, word for word.

Reads files only: no database. The statute texts are test data (tests/data/laws), never read by the product.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
CURRICULUM = ROOT / "cms" / "curriculum"
LAW_TEXTS = ROOT / "tests" / "data" / "laws"
MAX_OVERLAP = 0.2
SHORTEST_SENTENCE = 8  # characters; shorter pieces such as “正确” are no sentences
EXPLANATION_FRAMES = {"正确", "错误"}

NUMERAL = "[零〇一二三四五六七八九十百]+"
ARTICLE_START = re.compile(rf"^[\s\u200b]*第({NUMERAL})条[\s\u3000]")
ITEM_START = re.compile(rf"^[（(]({NUMERAL})[）)]")
LINK = "[、，和及或至]|以及"
ONE_CITATION = rf"第{NUMERAL}条(?:第{NUMERAL}款)?(?:第{NUMERAL}项(?:[、和]第{NUMERAL}项)*)?"
CITATION = re.compile(rf"《([^》]+)》({ONE_CITATION}(?:(?:{LINK}){ONE_CITATION})*)")
PARTS = re.compile(rf"第({NUMERAL})条(?:第({NUMERAL})款)?((?:[、和]?第{NUMERAL}项)*)")
NAME_OR_BACK_REFERENCE = re.compile(r"《([^》]+)》|[该同](?:法|条例|规定)(?=第)")
NAMED_LAW = re.compile(r"《([^》《]*(?:法|条例))》")
DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}


# --- reading the texts -------------------------------------------------------


def number_of(numeral: str) -> int:
    """The value of a Chinese numeral below one thousand."""
    total, digit = 0, 0
    for character in numeral:
        if character in DIGITS:
            digit = DIGITS[character]
        else:
            total += (digit or 1) * {"十": 10, "百": 100}[character]
            digit = 0
    return total + digit


def squeeze(text: str) -> str:
    """Text without any white space, so that line breaks do not matter to a comparison."""
    return re.sub(r"[\s\u200b\u3000]", "", text)


def parse_articles(text: str) -> dict[int, list[str]]:
    """Paragraphs of each article, by article number."""
    articles: dict[int, list[str]] = {}
    current: list[str] | None = None
    for line in text.splitlines():
        if found := ARTICLE_START.match(line):
            current = articles.setdefault(number_of(found[1]), [])
            line = line[found.end() :]
        if line.startswith("#"):
            current = None
        if current is not None and squeeze(line):
            current.append(squeeze(line))
    return articles


@cache
def law_table() -> dict[str, dict]:
    """Rows of laws.yaml by every name a law may be cited under."""
    rows = yaml.safe_load((CURRICULUM / "laws.yaml").read_text(encoding="utf-8"))
    names = {}
    for row in rows:
        for name in (row["title"], row["short"], row["title"].removeprefix("中华人民共和国")):
            names[name] = row
    return names


@cache
def articles_of(file_name: str) -> dict[int, list[str]]:
    return parse_articles((LAW_TEXTS / file_name).read_text(encoding="utf-8"))


# --- judging citations -------------------------------------------------------


def find_article(title: str, numeral: str) -> tuple[list[str], str]:
    """Paragraphs of the article, or the sentence that says why there are none."""
    row = law_table().get(title)
    if row is None:
        return [], f"《{title}》不在 laws.yaml 中"
    if row["file"] is None:
        return [], f"《{title}》未核对，不得引用到条"
    paragraphs = articles_of(row["file"]).get(number_of(numeral), [])
    return paragraphs, "" if paragraphs else f"《{title}》没有第{numeral}条"


def law_block_problem(block: dict) -> str:
    """Why a quotation block is wrong; empty when it is right."""
    paragraphs, problem = find_article(block["title"], str(block["article"]))
    if problem:
        return problem
    if not squeeze(block["text"]) or squeeze(block["text"]) not in "".join(paragraphs):
        return f"《{block['title']}》第{block['article']}条的引文与官方文本不一致"
    return ""


def clauses_of(paragraphs: list[str]) -> list[list[str]]:
    """Paragraphs grouped into 款: each opens with a line that is not an item (项)."""
    clauses: list[list[str]] = []
    for paragraph in paragraphs:
        if ITEM_START.match(paragraph) and clauses:
            clauses[-1].append(paragraph)
        else:
            clauses.append([paragraph])
    return clauses


def part_problem(title: str, article: str, clause: str | None, items: list[str]) -> str:
    paragraphs, problem = find_article(title, article)
    if problem:
        return problem
    clauses = clauses_of(paragraphs)
    if clause and number_of(clause) > len(clauses):
        return f"《{title}》第{article}条没有第{clause}款"
    searched = clauses[number_of(clause) - 1] if clause else paragraphs
    present = {number_of(found[1]) for line in searched if (found := ITEM_START.match(line))}
    missing = [item for item in items if number_of(item) not in present]
    return f"《{title}》第{article}条没有第{missing[0]}项" if missing else ""


def spelled_out(text: str) -> str:
    """Text in which 该法第…条 and the like name the law that was named last."""
    last = ""

    def name(found: re.Match) -> str:
        nonlocal last
        last = found[1] or last
        return f"《{last}》" if last else found[0]

    return NAME_OR_BACK_REFERENCE.sub(name, squeeze(text))


def citation_problems(text: str) -> list[str]:
    """Every free-text citation 《…》第…条 that the official text does not hold."""
    problems = []
    for found in CITATION.finditer(spelled_out(text)):
        for article, clause, item_text in PARTS.findall(found[2]):
            items = re.findall(rf"第({NUMERAL})项", item_text)
            problems.append(part_problem(found[1], article, clause or None, items))
    return [problem for problem in problems if problem]


def unlisted_laws(text: str) -> list[str]:
    """Laws named in 《…》 that laws.yaml does not hold."""
    return [name for name in NAMED_LAW.findall(text) if name not in law_table()]


# --- judging sentences -------------------------------------------------------


def sentences(text: str) -> set[str]:
    """Sentences of a text, bare of punctuation and white space."""
    pieces = re.split(r"[。！？；\n]", text)
    bare = {re.sub(r"[^\w]", "", piece) for piece in pieces}
    return {piece for piece in bare if len(piece) >= SHORTEST_SENTENCE}


def overlap(one: str, other: str) -> float:
    """Share of the shorter text's sentences that the other text repeats word for word."""
    left, right = sentences(one), sentences(other)
    smaller = min(len(left), len(right))
    return len(left & right) / smaller if smaller else 0.0


def repeats(texts: dict[str, str]) -> list[str]:
    found = combinations(texts.items(), 2)
    return [f"{a} ~ {b}" for (a, one), (b, other) in found if overlap(one, other) > MAX_OVERLAP]


# --- walking the files -------------------------------------------------------


def curriculum_files() -> list[Path]:
    folders = ("courses", "cases", "questions", "library")
    return sorted(path for folder in folders for path in (CURRICULUM / folder).glob("*.yaml"))


@cache
def document(path: Path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def walk(node) -> Iterator:
    yield node
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children:
        yield from walk(child)


def strings(node) -> list[str]:
    return [item for item in walk(node) if isinstance(item, str)]


def law_blocks(node) -> list[dict]:
    return [n["law"] for n in walk(node) if isinstance(n, dict) and isinstance(n.get("law"), dict)]


def own_words(node) -> str:
    """All text of a node but its verbatim quotations from laws."""
    if isinstance(node, str):
        return node + "\n"
    if isinstance(node, list):
        return "".join(own_words(child) for child in node)
    if isinstance(node, dict):
        return "".join(own_words(child) for key, child in node.items() if key != "law")
    return ""


def lessons() -> dict[str, str]:
    """Own words of every lesson and teaching case, by key."""
    found = {}
    for path in curriculum_files():
        if path.parent.name == "courses":
            outline = (lesson for module in document(path)["modules"] for lesson in module["lessons"])
            found |= {lesson["key"]: own_words(lesson["body"]) for lesson in outline}
        elif path.parent.name == "cases":
            found[path.stem] = own_words(document(path))
    return found


def explanations() -> dict[str, str]:
    """Explanation of every check question and bank question, by file and place."""
    found = {}
    for path in curriculum_files():
        questions = (n for n in walk(document(path)) if isinstance(n, dict) and "explanation" in n)
        for place, question in enumerate(questions, start=1):
            found[f"{path.stem}#{question.get('key', place)}"] = question["explanation"]
    return found


# --- the tests ---------------------------------------------------------------


def test_there_is_something_to_judge():
    blocks = [block for path in curriculum_files() for block in law_blocks(document(path))]
    cited = sum(len(CITATION.findall(squeeze(s))) for p in curriculum_files() for s in strings(document(p)))
    assert len(blocks) >= 40
    assert cited >= 200
    assert len(lessons()) >= 36
    assert len(explanations()) >= 240


def test_the_table_agrees_with_the_texts():
    for row in law_table().values():
        if row["file"]:
            assert set(articles_of(row["file"])) == set(range(1, row["articles"] + 1)), row["title"]
        else:
            assert "未核对" in row["checked_against"], row["title"]


@pytest.mark.parametrize("path", curriculum_files(), ids=lambda path: path.stem)
def test_quotations_are_verbatim(path):
    problems = [law_block_problem(block) for block in law_blocks(document(path))]
    assert not [problem for problem in problems if problem]


@pytest.mark.parametrize("path", curriculum_files(), ids=lambda path: path.stem)
def test_cited_articles_exist(path):
    assert not [problem for text in strings(document(path)) for problem in citation_problems(text)]


@pytest.mark.parametrize("path", curriculum_files(), ids=lambda path: path.stem)
def test_every_named_law_is_in_the_table(path):
    assert not [name for text in strings(document(path)) for name in unlisted_laws(text)]


def test_library_points_name_existing_articles():
    for path in (CURRICULUM / "library").glob("*.yaml"):
        entry = document(path)
        assert entry["law"] in {row["title"] for row in law_table().values()}, path.name
        for point in entry["points"]:
            assert not find_article(entry["law"], str(point["article"]))[1], (path.name, point["article"])


def test_no_two_lessons_share_more_than_a_fifth_of_their_sentences():
    assert not repeats(lessons())


def test_no_two_explanations_share_more_than_a_fifth_of_their_sentences():
    assert not repeats(explanations())


# --- negative controls: each judge must say no when it should -------------------


RULE = {"title": "重大行政决策程序暂行条例", "article": "二十五"}


def test_a_changed_word_in_a_quotation_is_found():
    right = "不得以征求意见等方式代替合法性审查。"
    assert law_block_problem(RULE | {"text": right}) == ""
    assert "不一致" in law_block_problem(RULE | {"text": right.replace("不得", "可以")})
    assert "不一致" in law_block_problem(RULE | {"text": ""})


def test_a_quotation_under_the_wrong_article_is_found():
    moved = RULE | {"article": "二十六", "text": "不得以征求意见等方式代替合法性审查。"}
    assert "不一致" in law_block_problem(moved)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("见《行政处罚法》第九十九条。", "没有第九十九条"),
        ("见《行政处罚法》第四十五条第五款。", "没有第五款"),
        ("见《行政处罚法》第六十三条第一款第九项。", "没有第九项"),
        ("见《行政处罚法》第六十三条、第八十八条。", "没有第八十八条"),
        ("见《行政处罚法》第八条和同法第九十条。", "没有第九十条"),
        ("见《澄川市停车管理条例》第三条。", "不在 laws.yaml"),
        ("见《民事诉讼法》第八十八条。", "未核对"),
    ],
)
def test_a_wrong_citation_is_found(text, reason):
    assert any(reason in problem for problem in citation_problems(text))


def test_a_right_citation_passes():
    text = "见《行政处罚法》第六十三条第一款第一项，《监察法》第十五条第二项、第四项。"
    assert citation_problems(text) == []


def test_a_law_missing_from_the_table_is_found():
    assert unlisted_laws("依照《反垄断法》和《行政许可法》办理") == ["反垄断法"]


def test_a_copied_passage_is_found():
    body = own_words(document(CURRICULUM / "courses" / "law-decision-procedure.yaml")["modules"][0])
    assert repeats({"one": body, "two": body[: len(body) // 2]})
    assert not repeats({"one": body, "two": "这一句话在别的课里从来没有出现过。另一句话同样没有出现过。"})


def test_numerals_are_read():
    assert [number_of(n) for n in ("七", "十", "二十五", "一百零三", "一百一十")] == [7, 10, 25, 103, 110]
