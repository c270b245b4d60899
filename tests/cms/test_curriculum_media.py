"""The films of the lessons play, are small, and their captions follow them."""

from __future__ import annotations

import importlib
import json
import re
import subprocess
from pathlib import Path
from zipfile import ZipFile

import pytest

from courses.formats import hls
from tests.cms.curriculum_files import CURRICULUM, ROOT, lessons

FILMS = [one for one in lessons() if one["kind"] == "video"]
CUE = re.compile(r"(\d\d):(\d\d):(\d\d\.\d{3}) --> (\d\d):(\d\d):(\d\d\.\d{3})\n(.+)")


def probe(path: Path) -> dict:
    """What ffprobe says after decoding every frame."""
    command = ["ffprobe", "-v", "error", "-count_frames", "-show_streams", "-show_format", "-of", "json"]
    done = subprocess.run([*command, str(path)], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return json.loads(done.stdout)


def seconds(hours: str, minutes: str, rest: str) -> float:
    return int(hours) * 3600 + int(minutes) * 60 + float(rest)


def test_two_courses_have_a_film():
    assert {film["video"] for film in FILMS} == {"one-stop-service.mp4", "petition-timeline.zip"}
    assert {path.suffix for path in (CURRICULUM / "media").iterdir()} == {".mp4", ".zip", ".vtt"}


@pytest.mark.parametrize("film", FILMS, ids=lambda one: one["video"])
def test_a_question_on_the_way_stands_between_two_sentences_and_before_the_end(film):
    text = (CURRICULUM / "media" / film["captions"]).read_text(encoding="utf-8")
    spoken = [(seconds(*cue[:3]), seconds(*cue[3:6])) for cue in CUE.findall(text)]
    assert film["cues"]
    for cue in film["cues"]:
        assert 5 < cue["at"] < spoken[-1][1] - 5
        assert not any(start < cue["at"] < end for start, end in spoken), "nobody is cut short"


@pytest.mark.parametrize("film", FILMS, ids=lambda one: one["video"])
def test_a_film_plays_and_its_captions_follow_it(film, tmp_path):
    packed = CURRICULUM / "media" / film["video"]
    assert packed.stat().st_size <= 3_000_000
    if packed.suffix == ".zip":
        with packed.open("rb") as file:
            assert 40 <= hls.Package(file).seconds() <= 120
        ZipFile(packed).extractall(tmp_path)
    about = probe(tmp_path / "index.m3u8" if packed.suffix == ".zip" else packed)
    stream, length = about["streams"][0], float(about["format"]["duration"])
    shape = (stream["codec_name"], stream["pix_fmt"], stream["width"], stream["height"])
    assert shape == ("h264", "yuv420p", 1280, 720)
    assert 40 <= length <= 120
    assert int(stream["nb_read_frames"]) >= length * 15 - 1
    text = (CURRICULUM / "media" / film["captions"]).read_text(encoding="utf-8")
    assert text.startswith("WEBVTT\n\n")
    cues = [(seconds(*cue[:3]), seconds(*cue[3:6]), cue[6]) for cue in CUE.findall(text)]
    assert len(cues) == text.count("-->") >= 10
    ends = [0.0] + [end for _, end, _ in cues]
    for before, (start, end, words) in zip(ends, cues, strict=False):
        assert before <= start < end <= length
        assert len(words) <= 34
        assert len(words) / (end - start) <= 7, words  # characters a second


@pytest.mark.parametrize("film", FILMS, ids=lambda one: one["video"])
def test_the_captions_are_those_of_the_script(film, monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "scripts")
    scenes = importlib.import_module("make_video").FILMS[film["captions"].removesuffix(".vtt")]
    written = importlib.import_module("film.reel").captions(scenes)
    assert written == (CURRICULUM / "media" / film["captions"]).read_text(encoding="utf-8")
