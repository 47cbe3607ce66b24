"""A workspace with the course and nothing of a learner's, to import journals into."""

from __future__ import annotations

import subprocess
from pathlib import Path

from grade_command import ROOT, run_grade

from grader.base.paths import Workspace

PICTURE = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0\x90wS\xde\0\0\0\x0cIDATx\x9cc```\0"
    b"\0\0\4\0\1\xf6\x178U\0\0\0\0IEND\xaeB`\x82"
)
"""A PNG of one pixel."""


class ImportWorkspace:
    """A workspace in which ``grade import`` runs as a process."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "clone"
        self.root.mkdir()
        for name in ("curriculum", "solutions"):
            (self.root / name).symlink_to(ROOT / name)
        self.paths = Workspace(self.root)

    def run(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """Run ``grade import`` with these words."""
        return run_grade(self.root, "import", *map(str, words))

    def bring(self, *words: str | Path) -> str:
        """Import without a question; return what was shown."""
        done = self.run("--yes", *words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def read(self, place: str) -> str:
        """Return a file's text, by its path below ``docs``."""
        return (self.root / "docs" / place).read_text("utf-8")

    def list_files(self) -> dict[str, bytes]:
        """Return every file of the learner's notes and log by its path below ``docs``."""
        docs = self.root / "docs"
        files = (path for path in docs.rglob("*") if path.is_file() and path.name[0] != ".")
        return {path.relative_to(docs).as_posix(): path.read_bytes() for path in sorted(files)}


def lay_files(folder: Path, files: dict[str, str | bytes]) -> Path:
    """Write files below a folder; return the folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder
