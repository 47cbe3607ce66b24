"""Read the journals to import: files, and folders of Markdown."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.base.errors import UsageError
from grader.base.paths import Workspace
from grader.learner.importer.encoding import LARGEST, NotText, decode
from grader.learner.importer.file_days import FileDate, read_file_dates
from grader.learner.importer.mojibake import repair_mojibake

_MARKDOWN = {".md", ".markdown", ".mdown", ".mkd"}
_PLAIN = {"readme", "index", "journal", "notes", "log"}
"""Names of files that say less than their folder's."""
_SKIPPED = {"node_modules", "__pycache__", "site-packages", "venv"}
_NO_DATE = FileDate()
_MOST = 5_000
"""Files of a folder."""


@dataclass(frozen=True, slots=True)
class ImportFile:
    """One journal as read."""

    path: Path
    name: str
    """As reports say it: ``README.md``, or its path below the folder that was given."""
    slug: str
    """What its notes are called."""
    text: str
    dates: FileDate = _NO_DATE
    """What its name says of its days."""
    remarks: tuple[str, ...] = ()
    """What was done to its text, for the report."""


@dataclass(frozen=True, slots=True)
class ImportFiles:
    """The journals, and what in a folder is none."""

    sources: tuple[ImportFile, ...]
    faults: tuple[str, ...] = ()


def read_files(workspace: Workspace, paths: Sequence[Path]) -> ImportFiles:
    """Return the journals of these files and folders; ``UsageError`` where a named file is none."""
    sources: dict[str, ImportFile] = {}
    faults = []
    for path in paths:
        _refuse_ours(workspace, path)
        if not path.is_dir():
            sources[os.path.realpath(path)] = _read_file(path, path.name)
            continue
        for inner in _list_markdown(path):
            try:
                found = _read_file(inner, inner.relative_to(path).as_posix())
            except UsageError as error:
                faults.append(str(error))
            else:
                sources[os.path.realpath(inner)] = found
    return ImportFiles(tuple(_date_files(list(sources.values()))), tuple(faults))


def _date_files(sources: Sequence[ImportFile]) -> Iterator[ImportFile]:
    """Yield the files with what their names, and the folders above them, say of their days."""
    found = read_file_dates([_list_parts(source) for source in sources])
    for source, dates in zip(sources, found, strict=True):
        remarks = [f"{source.name}: {dates.remark}"] if dates.remark else []
        yield replace(source, dates=dates, remarks=(*source.remarks, *remarks))


def _list_parts(source: ImportFile) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the two folders above what was given, and those below it."""
    inside = Path(source.name).with_suffix("").parts
    return source.path.absolute().parts[: -len(inside)][-2:], inside


def _refuse_ours(workspace: Workspace, path: Path) -> None:
    """Raise ``UsageError`` for what is in the log or the notes already."""
    real = Path(os.path.realpath(path))
    for folder in (workspace.log, workspace.notes):
        if real.is_relative_to(os.path.realpath(folder)):
            raise UsageError(
                f"{path} is in {workspace.show_path(folder)} already; nothing to import."
            )


def _list_markdown(folder: Path) -> list[Path]:
    found = sorted(_walk_markdown(folder))
    if not found:
        raise UsageError(f"{folder}: no Markdown file in it. Name the journal's file itself.")
    if len(found) > _MOST:
        raise UsageError(f"{folder}: {len(found)} Markdown files; name a folder with fewer.")
    return found


def _walk_markdown(folder: Path) -> Iterator[Path]:
    for here, folders, names in os.walk(folder):
        folders[:] = [n for n in folders if not n.startswith(".") and n not in _SKIPPED]
        for name in names:
            if Path(name).suffix.lower() in _MARKDOWN and not name.startswith("."):
                yield Path(here, name)


def _read_file(path: Path, name: str) -> ImportFile:
    if path.suffix.lower() == ".ipynb":
        raise UsageError(
            f"{path}: a notebook is already a note. Copy it into docs/notes, "
            "and the site shows it with its outputs."
        )
    try:
        plain, encoding = decode(_read_bytes(path))
    except NotText as error:
        raise UsageError(f"{path}: {error}. A journal is a Markdown or text file.") from error
    if not plain.strip():
        raise UsageError(f"{path}: empty; there is nothing to import.")
    repaired, lines = repair_mojibake(plain.replace("\0", ""))
    remarks = [f"{name}: read as {encoding}"] if encoding else []
    remarks += [f"{name}:{join_lines(lines)}: garbled letters repaired"] if lines else []
    return ImportFile(path, name, _make_slug(path), repaired, remarks=tuple(remarks))


def _read_bytes(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise UsageError(
                f"{path}: no such file." if not path.exists() else f"{path}: not a file."
            )
        size = path.stat().st_size
        if size > LARGEST:
            raise UsageError(
                f"{path}: {size:,} bytes; the limit is {LARGEST:,}. Split it into files."
            )
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror or error}).") from error


def join_lines(lines: Sequence[int]) -> str:
    """Return the numbers of lines as ranges: ``18-20,40``."""
    spans: list[list[int]] = []
    for line in lines:
        if spans and line == spans[-1][1] + 1:
            spans[-1][1] = line
        else:
            spans.append([line, line])
    shown = ",".join(str(a) if a == b else f"{a}-{b}" for a, b in spans[:20])
    return shown + (f" and {len(spans) - 20} more places" if len(spans) > 20 else "")


def _make_slug(path: Path) -> str:
    """Return the journal's name for its notes; a file called README is known by its folder."""
    stem = path.stem
    if stem.casefold() in _PLAIN and path.resolve().parent.name:
        stem = path.resolve().parent.name
    return re.sub(r"[^\w]+", "-", stem.casefold()).strip("-_")[:60] or "journal"
