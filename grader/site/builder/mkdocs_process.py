"""The MkDocs process that builds or serves the rendered pages."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

from grader.base.errors import GroundworkError, UsageError
from grader.base.paths import Workspace
from grader.site.builder.builder_process import build_environment, run_builder


def build(workspace: Workspace, *, site: Path | None = None) -> Path:
    """Build the site and return its home page; ``GroundworkError`` repeats MkDocs' errors.

    MkDocs calls ``hook``, which renders the pages first.
    """
    site = site or workspace.site
    settings = str(workspace.mkdocs_file)
    run_builder(workspace, "mkdocs", "build", "--strict", "--site-dir", str(site), "-f", settings)
    return site / "index.html"


def serve(workspace: Workspace, host: str = "127.0.0.1", port: int = 8000) -> None:
    """Serve the site until it is interrupted; a change shows within seconds."""
    _check_free(host, port)
    command = [sys.executable, "-P", "-m", "mkdocs", "serve", "--quiet", "--dirty"]
    command += ["--dev-addr", f"{host}:{port}", "--config-file", str(workspace.mkdocs_file)]
    running = subprocess.Popen(command, cwd=workspace.root, env=build_environment())
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


def _check_free(host: str, port: int) -> None:
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except (OSError, OverflowError) as error:
        raise UsageError(
            f"{host}:{port} cannot be served ({error}). Choose another with --port."
        ) from error
