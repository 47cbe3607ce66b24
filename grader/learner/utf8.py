"""The learner's text files are short and UTF-8; one that is not is named, with what to do."""

from __future__ import annotations

from pathlib import Path

from grader.base.errors import NoteError

LARGEST = 1 << 20
"""No text of the learner's needs more than a mebibyte: that is as much as two thick books."""


def check_size(path: Path, size: int) -> None:
    """Raise ``NoteError`` when a text is too large to be read, which would take minutes."""
    if size > LARGEST:
        raise NoteError(
            f"{path}: {size / (1 << 20):.1f} MiB of text, and {LARGEST >> 20} MiB is the most. "
            "Split it into several files."
        )


def decode_utf8(path: Path, data: bytes) -> str:
    """Decode the bytes of a file, with or without a byte order mark."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise NoteError(f"{path}:{line}: not UTF-8; save the file as UTF-8.") from error
