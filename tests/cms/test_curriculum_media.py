"""The films of the lessons play, are small, and their captions follow them."""

from __future__ import annotations

import importlib
import json
import re
import subprocess

import pytest

from tests.cms.curriculum_files import CURRICULUM, ROOT, lessons

FILMS = [one for one in lessons() if one["kind"] == "video"]
CUE = re.compile(r"(\d\d):(\d\d):(\d\d\.\d{3}) --> (\d\d):(\d\d):(\d\d\.\d{3})\n(.+)")


def probe(name: str) -> dict:
    """What ffprobe says after decoding every frame."""
    command = ["ffprobe", "-v", "error", "-count_frames", "-show_streams", "-show_format", "-of", "json"]
    done = subprocess.run([*command, str(CURRICULUM / "media" / name)], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return json.loads(done.stdout)


def seconds(hours: str, minutes: str, rest: str) -> float:
    return int(hours) * 3600 + int(minutes) * 60 + float(rest)


def test_two_courses_have_a_film():
    assert {film["video"] for film in FILMS} == {"one-stop-service.mp4", "petition-timeline.mp4"}
    assert {path.suffix for path in (CURRICULUM / "media").iterdir()} == {".mp4", ".vtt"}


@pytest.mark.parametrize("film", FILMS, ids=lambda one: one["video"])
def test_a_film_plays_and_its_captions_follow_it(film):
    assert (CURRICULUM / "media" / film["video"]).stat().st_size <= 3_000_000
    about = probe(film["video"])
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
    scenes = importlib.import_module("make_video").FILMS[film["video"].removesuffix(".mp4")]
    written = importlib.import_module("film.reel").captions(scenes)
    assert written == (CURRICULUM / "media" / film["captions"]).read_text(encoding="utf-8")
