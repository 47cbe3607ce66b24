"""Reads a course file as text, or reports why it cannot be read."""

from __future__ import annotations

import re
import stat
from pathlib import Path

from grader.course.loader.faults import TOP, FaultReport, Place

LARGEST = 1_000_000
"""Bytes that a course file may have; the longest real one has under a hundredth of that."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufffe\uffff]")
_INDENTED_BY_TAB = re.compile(r"^ *\t+[^\S\n]*(?=[^\s])", re.MULTILINE)


def read_text(path: Path, report: FaultReport) -> str | None:
    """Return the file's text; report a fault and return None unless it is UTF-8 of a sane size."""
    raw = _read_bytes(path, report)
    if raw is None:
        return None
    if raw.startswith(b"\xef\xbb\xbf"):
        report.add(TOP, "the file begins with a byte order mark", "save it as UTF-8 without BOM")
        raw = raw[3:]
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8")
        problem = f"byte 0x{raw[error.start]:02x} is not UTF-8"
        report.add(_get_place(before, len(before)), problem, "save the file as UTF-8")
        return None
    return text if _is_clean(text, report) else None


def _read_bytes(path: Path, report: FaultReport) -> bytes | None:
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            report.add(TOP, "this is a folder", "put a file in its place")
        elif not stat.S_ISREG(status.st_mode):
            report.add(TOP, "this is not a plain file", "put a plain file in its place")
        elif status.st_size > LARGEST:
            problem = f"the file has {status.st_size:,} bytes, more than {LARGEST:,}"
            report.add(TOP, problem, "a course file has a few pages; restore or shorten it")
        else:
            return path.read_bytes()
    except FileNotFoundError:
        report.add(TOP, "the file is missing", "write it or restore it")
    except OSError as error:
        report.add(TOP, f"the file cannot be read: {error.strerror}", "make it readable")
    return None


def _is_clean(text: str, report: FaultReport) -> bool:
    """Return True if YAML can read it; else report the first control character and tab."""
    control = _CONTROL.search(text)
    if control:
        problem = f"control character U+{ord(control[0]):04X}"
        report.add(_get_place(text, control.start()), problem, "delete it")
    tabs = list(_INDENTED_BY_TAB.finditer(text))
    if tabs:
        at = text.index("\t", tabs[0].start())
        more = f" (and in {len(tabs) - 1} more lines)" if len(tabs) > 1 else ""
        report.add(_get_place(text, at), f"a tab in the indentation{more}", "indent with spaces")
    return not control and not tabs


def _get_place(text: str, index: int) -> Place:
    """Return the line and column of a character."""
    return Place(text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index))
