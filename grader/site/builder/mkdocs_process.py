"""The MkDocs process that builds or serves the rendered pages."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

from grader.base.errors import GroundworkError, UsageError
from grader.base.paths import Workspace

_TAIL = 12
"""Lines of MkDocs' output that an error repeats."""


def build(workspace: Workspace, *, site: Path | None = None) -> Path:
    """Build the site and return its home page; ``GroundworkError`` repeats MkDocs' errors.

    MkDocs calls ``hook``, which renders the pages first.
    """
    site = site or workspace.site
    done = subprocess.run(
        _build_command(workspace, "build", "--strict", "--site-dir", str(site)),
        cwd=workspace.root,
        env=_build_environment(),
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise GroundworkError(
            f"The site was not built.\n{_extract_errors(done.stderr or done.stdout)}"
        )
    return site / "index.html"


def serve(workspace: Workspace, host: str = "127.0.0.1", port: int = 8000) -> None:
    """Serve the site until it is interrupted; a change shows within two seconds."""
    _check_free(host, port)
    command = _build_command(
        workspace, "serve", "--quiet", "--dirty", "--dev-addr", f"{host}:{port}"
    )
    running = subprocess.Popen(command, cwd=workspace.root, env=_build_environment())
    try:
        code = running.wait()
    except KeyboardInterrupt:
        return
    finally:
        _terminate(running)
    if code:
        raise GroundworkError("The site is not served; the reason is in MkDocs' output above.")


def _terminate(running: subprocess.Popen[bytes]) -> None:
    """Terminate MkDocs if it still runs: Ctrl-C may or may not have reached it too."""
    if running.poll() is None:
        running.terminate()
        try:
            running.wait(timeout=5)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


def _build_command(workspace: Workspace, *words: str) -> list[str]:
    settings = str(workspace.mkdocs_file)
    return [sys.executable, "-P", "-m", "mkdocs", *words, "--config-file", settings]


def _build_environment() -> dict[str, str]:
    """Return the environment: no colours, UTF-8, and no announcement of MkDocs 2 by Material."""
    quiet = {"NO_MKDOCS_2_WARNING": "true", "DISABLE_MKDOCS_2_WARNING": "true", "NO_COLOR": "1"}
    return os.environ | quiet | {"PYTHONUTF8": "1"}


def _extract_errors(text: str) -> str:
    """Return the last lines of MkDocs' output, without those at level INFO."""
    lines = re.sub(r"\x1b\[[0-9;]*m", "", text).strip().splitlines()
    return "\n".join([line for line in lines if not line.startswith("INFO")][-_TAIL:])


def _check_free(host: str, port: int) -> None:
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except (OSError, OverflowError) as error:
        raise UsageError(
            f"{host}:{port} cannot be served ({error}). Choose another with --port."
        ) from error
