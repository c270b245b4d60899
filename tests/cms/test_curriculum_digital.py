"""The digital-government half of the starter curriculum: complete, correctly cited, not repeating itself."""

from __future__ import annotations

import csv
import itertools
import json
import re
import subprocess
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
CURRICULUM = ROOT / "cms" / "curriculum"
LAWS = ROOT / "tests" / "data" / "laws"
NOTICE = "示范内容，使用前须经审核"
COURSES = ["digital-service-redesign", "digital-data-governance"]
CASES = ["one-stop-online", "ledger-shared-data", "one-case-one-policy-talent"]
BLOCKS = {"heading", "text", "table", "quote", "law", "case", "callout"}
DIGITS = "零一二三四五六七八九"


@cache
def load(name: str) -> Any:
    """A curriculum file by its path below cms/curriculum."""
    return yaml.safe_load((CURRICULUM / name).read_text(encoding="utf-8"))


def course(key: str) -> dict:
    return load(f"courses/{key}.yaml")


def lessons() -> list[dict]:
    return [one for key in COURSES for module in course(key)["modules"] for one in module["lessons"]]


def cases() -> list[dict]:
    return [load(f"cases/{key}.yaml") for key in CASES]


def bank() -> list[dict]:
    return load("questions/digital.yaml")


def checks() -> list[dict]:
    return [question for one in lessons() for question in one["check"]["questions"]]


def strings(value: Any) -> list[str]:
    """All strings inside a nested value, in order."""
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [text for item in inner for text in strings(item)]


def hanzi(value: Any) -> int:
    return len(re.findall(r"[\u4e00-\u9fff]", "".join(strings(value))))


def own_words(body: list[dict]) -> list[Any]:
    """A lesson's running text, without tables and without what is quoted from statutes."""
    return [block for block in body if not {"law", "table", "case"} & set(block)]


def sentences(value: Any) -> set[str]:
    """Sentences of eight characters or more, punctuation trimmed."""
    parts = itertools.chain.from_iterable(re.split(r"[。！？；\n]", text) for text in strings(value))
    return {part.strip(" -*") for part in parts if len(part.strip(" -*")) >= 8}


def shared(left: set[str], right: set[str]) -> float:
    """The share of the shorter text's sentences that also stand in the other."""
    return len(left & right) / max(1, min(len(left), len(right)))


@cache
def indicators() -> set[str]:
    path = ROOT / "competencies" / "data" / "competency_framework.csv"
    with path.open(encoding="utf-8-sig") as file:
        return {row["indicator_code"] for row in csv.DictReader(file)}


@cache
def statutes() -> dict[str, dict[int, str]]:
    """Title (long and short) → article number → its text."""
    found = {}
    with (LAWS / "index.csv").open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            text = (LAWS / row["file"]).read_text(encoding="utf-8")
            found[row["title"]] = found[row["title"].removeprefix("中华人民共和国")] = articles(text)
    return found


def articles(text: str) -> dict[int, str]:
    pieces = re.split(r"^第([零一二三四五六七八九十百]+)条[ 　]", text, flags=re.MULTILINE)
    return {number(name): body for name, body in zip(pieces[1::2], pieces[2::2], strict=True)}


def number(words: str) -> int:
    """一百零二 → 102."""
    total = current = 0
    for sign in words:
        if sign in "十百":
            total, current = total + (current or 1) * {"十": 10, "百": 100}[sign], 0
        else:
            current = DIGITS.index(sign)
    return total + current


def assert_question(question: dict) -> None:
    kind, options, answer = question["kind"], question["options"], question["answer"]
    assert kind in {"single", "multiple", "judge"}
    assert question["indicator"] in indicators()
    assert len(set(options)) == len(options)
    assert len(set(answer)) == len(answer)
    assert all(0 <= place < len(options) for place in answer), question["stem"]
    assert (len(answer) == 1) if kind != "multiple" else (2 <= len(answer) < len(options)), question["stem"]
    assert options == ["正确", "错误"] if kind == "judge" else len(options) == 4
    assert hanzi(question["explanation"]) >= 40, question["stem"]


def test_two_courses_of_three_lessons_each() -> None:
    for key in COURSES:
        one = course(key)
        assert one["key"] == key
        assert one["track"] == "digital"
        assert one["notice"] == NOTICE
        assert "示范讲师" in one["lecturer"]
        assert re.fullmatch(r"\d+\.\d", one["hours"])
        assert 80 <= len(one["summary"]) <= 160
        assert {goal["indicator"] for goal in one["outcomes"]} <= indicators()
        assert all(goal["text"].startswith("能") for goal in one["outcomes"])
        assert sum(len(module["lessons"]) for module in one["modules"]) == 3
    keys = [one["key"] for one in lessons()]
    assert len(set(keys)) == 6


@pytest.mark.parametrize("lesson", lessons(), ids=lambda one: one["key"])
def test_a_lesson_is_long_enough_and_has_a_table_and_a_check(lesson: dict) -> None:
    assert lesson["kind"] in {"article", "video"}
    assert set(lesson["indicators"]) <= indicators()
    assert all(len(block) == 1 and set(block) <= BLOCKS for block in lesson["body"])
    assert hanzi(own_words(lesson["body"])) >= 800
    tables = [block["table"] for block in lesson["body"] if "table" in block]
    assert tables
    for table in tables:
        assert table["caption"]
        assert {len(row) for row in table["rows"]} == {len(table["head"])}
        assert all(isinstance(cell, str) for row in table["rows"] for cell in row)
    assert not re.search(r"<[a-z/]|https?:|^#", "\n".join(strings(lesson["body"])), re.MULTILINE)
    assert lesson["check"]["pass_mark"] == 2
    assert len(lesson["check"]["questions"]) == 3


def test_every_question_can_be_marked() -> None:
    for question in [*bank(), *checks()]:
        assert_question(question)


def test_the_bank_is_spread_over_kinds_and_indicators() -> None:
    assert [one["key"] for one in bank()] == [f"D{place:03d}" for place in range(1, 31)]
    assert Counter(one["kind"] for one in bank()) == {"single": 15, "multiple": 8, "judge": 7}
    per = Counter(one["indicator"] for one in bank())
    assert all(per[code] >= 5 for code in ("C1", "C2", "C3", "C4"))
    assert all(per[code] >= 3 for code in ("B2", "F2"))
    assert {one["difficulty"] for one in bank()} == {1, 2, 3}


def test_the_right_answer_is_not_given_away_by_its_place_or_length() -> None:
    single = [one for one in bank() if one["kind"] == "single"]
    places = Counter(one["answer"][0] for one in single)
    assert set(places) == {0, 1, 2, 3}
    assert max(places.values()) <= 5
    longest = [one for one in single if len(one["options"][one["answer"][0]]) == max(map(len, one["options"]))]
    assert len(longest) <= 5
    judged = Counter(one["answer"][0] for one in bank() if one["kind"] == "judge")
    assert min(judged[0], judged[1]) >= 3


@pytest.mark.parametrize("case", cases(), ids=lambda one: one["key"])
def test_a_case_is_fictional_and_complete(case: dict) -> None:
    assert case["key"] in CASES
    assert case["track"] in {"digital", "talent"}
    assert set(case["indicators"]) <= indicators()
    assert case["notice"].startswith(NOTICE)
    assert "虚构" in case["notice"] and "示范数据" in case["notice"]
    assert "云山市（虚构）" in case["background"]
    assert hanzi([case["background"], case["process"], case["result"]]) >= 1000
    assert {len(row) for row in case["figures"]["rows"]} == {len(case["figures"]["head"])}
    assert "示范" in case["figures"]["caption"]
    assert len(case["discussion"]) >= 3
    assert {one["title"] for one in case["sources"]} <= set(statutes())


def test_cases_named_in_lessons_exist() -> None:
    named = {block["case"] for one in lessons() for block in one["body"] if "case" in block}
    assert named == {"one-stop-online", "ledger-shared-data"}
    assert all((CURRICULUM / "cases" / f"{key}.yaml").exists() for key in named)


def test_quoted_articles_are_verbatim() -> None:
    quoted = [block["law"] for one in lessons() for block in one["body"] if "law" in block]
    assert len(quoted) >= 12
    for law in quoted:
        text = statutes()[law["title"]][number(law["article"])]
        assert law["text"].strip() in text, law


def test_a_changed_word_in_a_quotation_would_be_found() -> None:
    law = next(block["law"] for block in lessons()[0]["body"] if "law" in block)
    text = statutes()[law["title"]][number(law["article"])]
    assert law["text"].strip().replace("不得", "可以", 1) not in text


CITED = re.compile(
    r"《([^《》]+(?:法|条例|规定))》((?:第[零一二三四五六七八九十百]+条(?:第[一二三四五六]+[款项])*[、至和]?)*)"
)


def citations(value: Any) -> list[tuple[str, int]]:
    """(title, article) of every statute named in running text; article 0 where none is given."""
    found = []
    for title, tail in CITED.findall("\n".join(strings(value))):
        numbers = re.findall(r"第([零一二三四五六七八九十百]+)条", tail)
        found += [(title, number(one)) for one in numbers] or [(title, 0)]
    return found


def test_every_statute_named_in_the_text_has_the_article_it_is_cited_for() -> None:
    everything = [course(key) for key in COURSES] + cases() + bank()
    cited = citations(everything)
    assert len(cited) >= 40
    for title, article in cited:
        assert title in statutes(), title
        assert article == 0 or article in statutes()[title], (title, article)
    assert not [one for one in cited if one[0].endswith("网络安全法") and one[1]]


def test_sources_of_cases_name_existing_articles() -> None:
    for source in (one for case in cases() for one in case["sources"]):
        for name in re.findall(r"第([零一二三四五六七八九十百]+)条", source["note"]):
            assert number(name) in statutes()[source["title"]], source


def test_no_two_texts_share_more_than_a_fifth_of_their_sentences() -> None:
    texts = [own_words(one["body"]) for one in lessons()]
    texts += [[case["background"], case["process"], case["result"]] for case in cases()]
    texts += [question["explanation"] for question in [*bank(), *checks()]]
    for left, right in itertools.combinations([sentences(text) for text in texts], 2):
        assert shared(left, right) <= 0.2, left & right


def test_a_copied_text_would_be_noticed() -> None:
    text = sentences(lessons()[0]["body"])
    assert shared(text, text) == 1


def test_no_sentence_is_used_twice_as_filler() -> None:
    texts = [own_words(one["body"]) for one in lessons()] + [case["process"] for case in cases()]
    counted = Counter(sentence for text in texts for sentence in sentences(text))
    assert [sentence for sentence, times in counted.items() if times > 1] == []


def test_one_lesson_has_a_film_that_plays() -> None:
    films = [one for one in lessons() if one["kind"] == "video"]
    assert len(films) == 1
    film = CURRICULUM / "media" / films[0]["video"]
    assert film.stat().st_size <= 1_500_000
    about = probe(film)
    stream = about["streams"][0]
    assert (stream["codec_name"], stream["pix_fmt"], stream["width"], stream["height"]) == (
        "h264",
        "yuv420p",
        1280,
        720,
    )
    assert 40 <= float(about["format"]["duration"]) <= 60
    assert int(stream["nb_read_frames"]) >= 40 * 15


def probe(film: Path) -> dict:
    """What ffprobe says after decoding every frame."""
    command = ["ffprobe", "-v", "error", "-count_frames", "-show_streams", "-show_format", "-of", "json", str(film)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return json.loads(done.stdout)


CUE = re.compile(r"(\d\d):(\d\d):(\d\d\.\d{3}) --> (\d\d):(\d\d):(\d\d\.\d{3})\n(.+)")


def test_captions_follow_the_film() -> None:
    film = next(one for one in lessons() if one["kind"] == "video")
    text = (CURRICULUM / "media" / film["captions"]).read_text(encoding="utf-8")
    assert text.startswith("WEBVTT\n\n")
    cues = [(seconds(*cue[:3]), seconds(*cue[3:6]), cue[6]) for cue in CUE.findall(text)]
    assert len(cues) == text.count("-->") >= 10
    end_of_film = float(probe(CURRICULUM / "media" / film["video"])["format"]["duration"])
    ends = [0.0] + [end for _, end, _ in cues]
    for before, (start, end, words) in zip(ends, cues, strict=False):
        assert before <= start < end <= end_of_film
        assert len(words) <= 34
        assert len(words) / (end - start) <= 7, words  # characters a second


def seconds(hours: str, minutes: str, rest: str) -> float:
    return int(hours) * 3600 + int(minutes) * 60 + float(rest)
