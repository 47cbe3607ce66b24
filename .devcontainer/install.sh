#!/usr/bin/env bash
# Installs Groundwork into .venv. PyTorch's CPU build is tried first: it has no CUDA libraries and is
# a tenth of the size. Where it cannot be had, the next line installs the usual one. Runs once, when
# the container is created.
set -euo pipefail
cd "$(dirname "$0")/.."

python3 -m venv .venv
.venv/bin/python -m pip install --quiet --upgrade pip
.venv/bin/python -m pip install --quiet --extra-index-url https://download.pytorch.org/whl/cpu \
  "torch>=2.13,<2.14" || true
.venv/bin/python -m pip install --quiet -e .
.venv/bin/grade doctor
