"""The demo: prepares its database, runs the whole main job, then serves it with the job worker running.

Everything lies under var/<name>/; a second run starts at once and destroys nothing. A workbook of one's own gets a
database of its own, named after its content.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PORT = "8000"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--serve", default="")
    parser.add_argument("--roster", default="")
    parser.add_argument("--units", default="")
    parser.add_argument("--seed", default="")
    parser.add_argument("--host", default="")
    parser.add_argument("--year", action="store_true", help="the year of an office instead of one class")
    return parser.parse_args()


def checked_file(path: str, what: str) -> Path | None:
    if not path:
        return None
    file = Path(path).resolve()
    if not file.is_file() or not os.access(file, os.R_OK):
        sys.exit(f"{what}={path}: no such file. Give the path of a workbook, for example {what}=roster.xlsx.")
    return file


def checked_seed(seed: str) -> str:
    if seed and not (seed.isascii() and seed.isdecimal() and len(seed) < 10):
        sys.exit(f"SEED={seed} must be a whole number of at most nine digits, for example SEED=7.")
    return str(int(seed)) if seed else "7"


def checked_host(host: str) -> str:
    """A host name or an address; no scheme, no port, no space."""
    if host and not re.fullmatch(r"[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\]", host):
        sys.exit(f"HOST={host} must be a host name or an address without http:// and port, for example HOST=10.0.0.5.")
    return host


def database_name(roster: Path | None, units: Path | None, seed: str) -> str:
    """``demo``, or a name of its own for a workbook or a seed of one's own."""
    if roster is None and units is None and seed == "7":
        return "demo"
    digest = hashlib.sha256(seed.encode())
    for file in (roster, units):
        digest.update(file.read_bytes() if file else b"-")
    return f"demo-{digest.hexdigest()[:10]}"


def environment(name: str, host: str) -> dict[str, str]:
    values = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.demo", "LINGHANG_DEMO_NAME": name}
    if host:
        values["LINGHANG_HOSTS"] = host
        values["LINGHANG_BASE_URL"] = f"http://{host}:{PORT}"
    return values


def manage(values: dict[str, str], *words: str) -> None:
    code = subprocess.run([sys.executable, str(ROOT / "manage.py"), *words], env=values, cwd=ROOT).returncode
    if code:
        sys.exit(code)


def children(host: str) -> list[list[str]]:
    celery = ["-m", "celery", "-A", "config"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"]
    web = ["--interface", "wsgi", "--host", "0.0.0.0" if host else "127.0.0.1", "--port", PORT]
    return [
        ["-m", "granian", *web, "--workers", "1", "--blocking-threads", "4", "--no-ws", "config.wsgi:application"],
        [*celery, "worker", "-P", "solo", *quiet],
        [*celery, "beat", "--loglevel", "WARNING"],
    ]


def serve(values: dict[str, str], host: str) -> None:
    """Start web, worker and beat, restart one that dies, end all together."""
    commands = [[sys.executable, *command] for command in children(host)]
    running = [subprocess.Popen(command, env=values, cwd=ROOT) for command in commands]

    def stop(*_: object) -> None:
        for child in running:
            child.terminate()
        for child in running:
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()
        sys.exit(0)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    shown = f"http://{host or '127.0.0.1'}:{PORT}/"
    print(f"\n{shown} 已启动，按 Ctrl+C 结束。", flush=True)
    while True:
        time.sleep(0.5)
        for at, child in enumerate(running):
            if child.poll() is not None:
                time.sleep(1)
                running[at] = subprocess.Popen(commands[at], env=values, cwd=ROOT)


def main() -> None:
    options = arguments()
    roster, units = checked_file(options.roster, "ROSTER"), checked_file(options.units, "UNITS")
    seed, host = checked_seed(options.seed), checked_host(options.host)
    name = "demo-year" if options.year else database_name(roster, units, seed)
    values = environment(name, host)
    queue = Path(values.get("LINGHANG_VAR", ROOT / "var")) / name / "queue"
    for folder in ("messages", "processed", "control"):
        (queue / folder).mkdir(parents=True, exist_ok=True)
    words = ["demo_year" if options.year else "demo", f"--seed={seed}"]
    words += [f"--roster={roster}"] if roster else []
    words += [f"--units={units}"] if units else []
    manage(values, *words)
    if options.serve != "0":
        serve(values, host)


if __name__ == "__main__":
    main()
