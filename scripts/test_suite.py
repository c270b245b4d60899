"""Runs the whole test suite: lint, then every test on SQLite and on PostgreSQL, with a real broker and Chromium.

What is not running is started here; what is not installed is installed as root, else it is named and the run stops.
Nothing is skipped silently.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = ROOT / ".venv" / "bin"
SCRATCH = ROOT / "var" / "test"
FONT = "Noto Sans CJK SC"

# command → Debian package; a font is looked for by its family
NEEDED = {"chromium": "chromium", "pdftotext": "poppler-utils", "qpdf": "qpdf", "ffprobe": "ffmpeg"}
POSTGRES, REDIS = "postgresql", "redis-server"


def say(text: str) -> None:
    print(f"— {text}", flush=True)


def has_font() -> bool:
    if not shutil.which("fc-list"):
        return False
    return bool(subprocess.run(["fc-list", FONT], capture_output=True, text=True).stdout.strip())


def missing_packages(with_postgres: bool) -> list[str]:
    wanted = [package for command, package in NEEDED.items() if not shutil.which(command)]
    if not has_font():
        wanted += ["fonts-noto-cjk", "fontconfig"]
    if with_postgres and not postgres_answers(here_postgres()) and not postgres_programs():
        wanted.append(POSTGRES)
    if not redis_answers(here_redis()) and not shutil.which("redis-server"):
        wanted.append(REDIS)
    return wanted


def install(packages: list[str]) -> None:
    if os.geteuid() != 0:
        names = " ".join(packages)
        sys.exit(f"These Debian packages are needed for the tests: {names}. Install them, then run make test again.")
    say(f"Installing {', '.join(packages)}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    quiet = {"stdout": subprocess.DEVNULL, "env": environment, "check": True}
    subprocess.run(["apt-get", "update", "-qq"], **quiet)
    subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages], **quiet)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# PostgreSQL: one that answers, else one of our own under var/.


def here_postgres() -> dict[str, str]:
    return {
        "PGHOST": os.environ.get("PGHOST", "127.0.0.1"),
        "PGPORT": os.environ.get("PGPORT", "5432"),
        "PGUSER": os.environ.get("PGUSER", "postgres"),
        "PGPASSWORD": os.environ.get("PGPASSWORD", ""),
    }


def postgres_answers(at: dict[str, str]) -> bool:
    probe = (
        "import psycopg,sys\n"
        "c=psycopg.connect(dbname='postgres',connect_timeout=3,host=sys.argv[1],port=sys.argv[2],user=sys.argv[3],"
        "password=sys.argv[4] or None)\n"
        "sys.exit(0 if c.execute('select rolcreatedb or rolsuper from pg_roles where rolname=current_user')"
        ".fetchone()[0] else 1)"
    )
    return subprocess.run([sys.executable, "-c", probe, *at.values()], capture_output=True).returncode == 0


def postgres_programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[4]))
    if found:
        return found[-1].parent
    in_path = shutil.which("initdb")
    return Path(in_path).parent if in_path else None


def own_postgres() -> tuple[dict[str, str], Callable[[], None]]:
    """A cluster under var/test; as root it belongs to the user postgres, which PostgreSQL insists on."""
    programs = postgres_programs()
    if programs is None:
        sys.exit("PostgreSQL's initdb was not found although the package is installed; see docs/configuration.md.")
    folder = Path(f"/tmp/linghang-postgres-{os.getpid()}")
    folder.mkdir(mode=0o700)
    as_user: list[str] = []
    if os.geteuid() == 0:
        entry = pwd.getpwnam("postgres")
        os.chown(folder, entry.pw_uid, entry.pw_gid)
        as_user = ["runuser", "-u", "postgres", "--"]
    port = str(free_port())
    quiet = {"stdout": subprocess.DEVNULL, "check": True, "cwd": folder}
    data = str(folder / "data")
    subprocess.run(
        [*as_user, str(programs / "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"], **quiet
    )
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c max_connections=200"
    control = [*as_user, str(programs / "pg_ctl"), "-D", data]
    subprocess.run([*control, "-l", str(folder / "log"), "-o", options, "-w", "start"], **quiet)

    def stop() -> None:
        subprocess.run([*control, "-m", "immediate", "stop"], stdout=subprocess.DEVNULL, cwd=folder)
        shutil.rmtree(folder, ignore_errors=True)

    return {"PGHOST": "127.0.0.1", "PGPORT": port, "PGUSER": "postgres", "PGPASSWORD": ""}, stop


# Redis: one that answers, else one of our own.


def here_redis() -> str:
    return os.environ.get("LINGHANG_TEST_BROKER", "redis://127.0.0.1:6379/15")


def redis_answers(url: str) -> bool:
    probe = "import redis,sys; redis.Redis.from_url(sys.argv[1], socket_connect_timeout=3).ping()"
    return subprocess.run([sys.executable, "-c", probe, url], capture_output=True).returncode == 0


def own_redis() -> tuple[str, Callable[[], None]]:
    port = str(free_port())
    process = subprocess.Popen(
        ["redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
        stdout=subprocess.DEVNULL,
    )
    url = f"redis://127.0.0.1:{port}/15"
    for _ in range(50):
        if redis_answers(url):
            return url, process.terminate
        time.sleep(0.1)
    sys.exit("redis-server was started but does not answer; run it by hand and set LINGHANG_TEST_BROKER.")


# The steps.

LINT = [
    ("style", ["ruff", "check", "."]),
    ("format", ["ruff", "format", "--check", "."]),
    ("borders between the packages", ["lint-imports"]),
    ("types", ["mypy"]),
    ("missing migrations", ["python", "manage.py", "makemigrations", "--check", "--dry-run"]),
]


def run(title: str, command: list[str], environment: dict[str, str]) -> bool:
    say(title)
    started = time.monotonic()
    code = subprocess.run([str(BIN / command[0]), *command[1:]], cwd=ROOT, env=environment).returncode
    say(f"{title}: {'passed' if code == 0 else 'FAILED'} in {time.monotonic() - started:.0f} s")
    return code == 0


def lint(environment: dict[str, str]) -> list[str]:
    return [title for title, command in LINT if not run(title, command, environment)]


def tests(database: str, environment: dict[str, str]) -> list[str]:
    title = f"tests on {'PostgreSQL' if database == 'postgres' else 'SQLite'}"
    workers = str(min(4, 1 + (os.cpu_count() or 1)))  # one more than cores: browsers and disks are waited for
    # How pages look does not depend on the database, and the demo lives on SQLite: both run once.
    once = ["--ignore=tests/journeys/test_crawl.py", "--ignore=tests/demo"] if database == "postgres" else []
    here = {**environment, "LINGHANG_TEST_DB": database}
    command = ["python", "-m", "pytest", "-q", "-n", workers, "--dist", "loadgroup", "--durations=25", *once]
    return [] if run(title, command, here) else [title]


def main(wanted: set[str]) -> int:
    steps = wanted or {"lint", "sqlite", "postgres"}
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test", "PYTHONDONTWRITEBYTECODE": "1"}
    failed: list[str] = []
    if "lint" in steps:
        failed += lint(environment)
    databases = [name for name in ("sqlite", "postgres") if name in steps]
    if not databases:
        return bool(failed)
    packages = missing_packages("postgres" in databases)
    if packages:
        install(packages)
    SCRATCH.mkdir(parents=True, exist_ok=True)
    stops: list[Callable[[], None]] = []
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        broker = here_redis()
        if not redis_answers(broker):
            say("Starting a Redis for the tests")
            broker, stop = own_redis()
            stops.append(stop)
        environment["LINGHANG_TEST_BROKER"] = broker
        place = here_postgres()
        if "postgres" in databases and not postgres_answers(place):
            say("Starting a PostgreSQL for the tests")
            place, stop = own_postgres()
            stops.append(stop)
        environment.update(place)
        for database in databases:
            failed += tests(database, environment)
    finally:
        for stop in stops:
            stop()
    say("Everything passed." if not failed else f"Failed: {', '.join(failed)}.")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(set(sys.argv[1:])))
