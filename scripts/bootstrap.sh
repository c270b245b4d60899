#!/usr/bin/env bash
# Makes .venv from uv.lock: "run" with what the product needs, "dev" with what its tests need as well.
set -euo pipefail
cd "$(dirname "$0")/.."
kind=${1:-run}

python=${PYTHON:-python3}
command -v "$python" >/dev/null || { echo "Python 3.11 or newer is needed: install the package python3." >&2; exit 1; }
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; $python is older." >&2; exit 1; }

if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
  if [ "$(id -u)" = 0 ]; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null
  else
    echo "The module venv is missing: install the package python3-venv, then run make again." >&2; exit 1
  fi
fi

[ -x .venv/bin/python ] || "$python" -m venv .venv
if [ ! -x .venv/bin/uv ]; then
  # Without pip the folder was made by another tool; make it anew.
  .venv/bin/python -m pip --version >/dev/null 2>&1 || { rm -rf .venv; "$python" -m venv .venv; }
  .venv/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=0.8,<1'
fi

group=--no-dev
[ "$kind" = dev ] && group=--dev
echo "Installing the packages of uv.lock into .venv …"
UV_PROJECT_ENVIRONMENT=.venv UV_LINK_MODE=copy .venv/bin/uv sync --quiet --frozen --inexact $group --python .venv/bin/python
touch .venv/.run
[ "$kind" = dev ] && touch .venv/.dev
exit 0
