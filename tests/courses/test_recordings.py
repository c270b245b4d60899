"""Files that are played: how long they run, and packages that are what they seem."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from core.errors import DomainError
from courses.formats import hls, mp3
from tests.factories.courses import mp3_bytes, stream_bytes


@pytest.mark.parametrize("seconds", [1, 7, 65])
def test_an_mp3_is_counted_frame_by_frame(seconds):
    sound = mp3_bytes(seconds + 0.2)
    assert mp3.seconds(BytesIO(sound)) == seconds
    tagged = b"ID3\x04\x00\x00\x00\x00\x01\x00" + bytes(128) + sound
    assert mp3.seconds(BytesIO(tagged)) == seconds


@pytest.mark.parametrize("content", [b"", b"x" * 5000, b"\xff\xfb", b"ID3", b"\xff\xfb\x10\xc4" + bytes(100)])
def test_what_is_no_mp3_has_no_length(content):
    assert mp3.seconds(BytesIO(content)) is None


def seconds_of(**more):
    return hls.Package(BytesIO(stream_bytes(**more))).seconds()


def test_a_package_runs_as_long_as_its_playlist_says():
    assert seconds_of(segments=5, seconds=3) == 15
    master = b"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlow/list.m3u8\n"
    inner = b"#EXTM3U\n#EXTINF:2.5,\na.ts\n#EXTINF:2.5,\na.ts\n#EXT-X-ENDLIST"
    files = {"index.m3u8": master, "low/list.m3u8": inner, "low/a.ts": b"x"}
    assert seconds_of(segments=0, **files) == 5


HEAD, END = b"#EXTM3U\n#EXTINF:2,\n", b"\n#EXT-X-ENDLIST"


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"index.m3u8": HEAD + b"away.ts" + END}, "“away.ts”不在压缩包里"),
        ({"index.m3u8": HEAD + b"../s0.ts" + END}, "“../s0.ts”不在压缩包里"),
        ({"index.m3u8": HEAD + b"https://example.com/a.ts" + END}, "不在压缩包里"),
        ({"index.m3u8": b'#EXTM3U\n#EXT-X-MAP:URI="away.mp4"\n#EXTINF:2,\ns0.ts' + END}, "“away.mp4”不在压缩包里"),
        ({"index.m3u8": b"#EXTM3U\n#EXT-X-KEY:METHOD=AES-128\n#EXTINF:2,\ns0.ts" + END}, "不能加密"),
        ({"index.m3u8": HEAD + b"s0.ts"}, "没有结尾"),
        ({"index.m3u8": b"#EXTM3U\n#EXTINF:x,\ns0.ts" + END}, "时长读不出来"),
        ({"index.m3u8": b"#EXTM3U\n#EXTINF:NaN,\ns0.ts" + END}, "时长读不出来"),
        ({"index.m3u8": b"\xff\xfe"}, "读不出来"),
        ({"index.m3u8": b"s0.ts"}, "不符合要求"),
        ({"index.m3u8": b"#EXTM3U\n" + b"#" * hls.MOST_PLAYLIST}, "过大"),
        ({"run.exe": b"MZ"}, "不能播放的文件：run.exe"),
        ({"../out.ts": b"x"}, "不能播放的文件：../out.ts"),
        ({"/etc/a.ts": b"x"}, "不能播放的文件"),
    ],
)
def test_a_package_that_is_not_what_the_player_plays_is_refused(files, sentence):
    with pytest.raises(DomainError, match=sentence):
        seconds_of(**files)


def test_a_bomb_is_seen_before_anything_is_unpacked():
    data = BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("index.m3u8", HEAD + b"s0.ts" + END)
        package.writestr("s0.ts", bytes(5_000_000))
    with pytest.raises(DomainError, match=r"不能播放的文件：s0\.ts"):
        hls.Package(BytesIO(data.getvalue())).seconds()
    many = {f"x{n}.ts": b"" for n in range(hls.MOST_FILES)}
    with pytest.raises(DomainError, match="太多或者太大"):
        seconds_of(**many)


@pytest.mark.parametrize(
    "content",
    [b"", b"PK", b"PK\x05\x06" + bytes(10), stream_bytes()[:-30]],
    ids=["empty", "two signs", "an end without a package", "cut off"],
)
def test_what_is_no_package_gets_a_sentence(content):
    with pytest.raises(DomainError, match="打不开"):
        hls.Package(BytesIO(content))
    assert hls.seconds(BytesIO(content)) is None


def test_a_package_without_a_playlist_at_the_top():
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as package:
        package.writestr("deep/index.m3u8", HEAD + b"s0.ts" + END)
    with pytest.raises(DomainError, match="最上层应有一个播放列表"):
        hls.Package(data).seconds()
