"""Read one journal's file: its bytes, decoded and converted to Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grader.base.errors import UsageError
from grader.learner.importer.files.encoding import LARGEST, NotText, decode
from grader.learner.importer.files.kinds import FileKind
from grader.learner.importer.files.mojibake import repair_mojibake
from grader.learner.importer.files.names import make_title
from grader.learner.importer.formats.csv_table import convert_csv
from grader.learner.importer.formats.org_text import convert_org
from grader.learner.importer.formats.web_page import convert_page


class EmptyFile(UsageError):
    """There is nothing in the file."""


@dataclass(frozen=True, slots=True)
class ImportText:
    """A file's text in Markdown, and what was done to it, to be read after its name."""

    text: str
    remarks: tuple[str, ...] = ()


def read_text(path: Path, shown: str, kind: FileKind, charset: str = "") -> ImportText:
    """Return the text of a journal; ``UsageError`` says why a file is none.

    ``shown`` is what errors call it; ``charset`` is the encoding that the learner has named.
    """
    name = PurePosixPath(shown).name
    try:
        plain, encoding = decode(read_bytes(path, shown), charset)
    except NotText as error:
        raise UsageError(f"{shown}: {error}. A journal is a Markdown or text file.") from error
    if not plain.strip():
        raise EmptyFile(f"{shown}: empty; there is nothing to import.")
    plain = plain.replace("\0", "")
    repaired, lines = repair_mojibake(plain) if _may_be_garbled(encoding) else (plain, [])
    remarks = [f": read as {encoding}"] if encoding else []
    remarks += [f":{format_lines(lines)}: garbled letters repaired"] if lines else []
    return ImportText(_convert(repaired, name, kind), tuple(remarks))


def _may_be_garbled(encoding: str) -> bool:
    """Return False for what was decoded from an Asian or Cyrillic character set just now."""
    return not encoding or encoding.startswith(("UTF", "Windows-1252"))


def _convert(text: str, name: str, kind: FileKind) -> str:
    if kind == "table":
        return convert_csv(text, make_title(name))
    if kind == "org":
        return convert_org(text)
    return convert_page(text) if kind == "page" else text


def read_bytes(path: Path, name: str) -> bytes:
    """Return the bytes of a file; ``UsageError`` where it is none, or too large."""
    try:
        if not path.is_file():
            raise UsageError(
                f"{name}: no such file." if not path.exists() else f"{name}: not a file."
            )
        size = path.stat().st_size
        if size > LARGEST:
            raise UsageError(
                f"{name}: {size:,} bytes; the limit is {LARGEST:,}. Split it into files."
            )
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{name}: cannot be read ({error.strerror or error}).") from error


def format_lines(lines: Sequence[int]) -> str:
    """Return the numbers of lines as ranges: ``18-20,40``."""
    spans: list[list[int]] = []
    for line in lines:
        if spans and line == spans[-1][1] + 1:
            spans[-1][1] = line
        else:
            spans.append([line, line])
    shown = ",".join(str(a) if a == b else f"{a}-{b}" for a, b in spans[:20])
    return shown + (f" and {len(spans) - 20} more places" if len(spans) > 20 else "")
