"""What files hold, as one short text that changes when they do."""

from __future__ import annotations

import hashlib
from pathlib import Path

from grader.errors import WorkspaceError


def content_hash(*paths: Path) -> str:
    """SHA-256 over the files in order; the line ends of Windows count as those of Unix."""
    whole = hashlib.sha256()
    for path in paths:
        try:
            text = path.read_bytes().replace(b"\r\n", b"\n")
        except OSError as error:
            raise WorkspaceError(
                f"{path} cannot be read: {error.strerror}. Restore it and try again."
            ) from error
        whole.update(len(text).to_bytes(8, "big") + text)
    return whole.hexdigest()
