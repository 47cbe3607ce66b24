"""Read the journals to import: files, and folders with all that is in them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.base import clock
from grader.base.errors import UsageError
from grader.base.paths import Workspace
from grader.learner.importer.dates.file_days import FileDate, read_file_dates
from grader.learner.importer.files.kinds import FileKind, explain_left_out, find_kind
from grader.learner.importer.files.names import make_title, show_name
from grader.services.importing.folder import JournalFolder, find_home
from grader.services.importing.names import NoteNames
from grader.services.importing.text import EmptyFile, read_bytes, read_text

_NO_DATE = FileDate()
_MOST = 5_000
"""Files of a folder that are read."""
_AS_NOTEBOOK: FileKind = "notebook"


@dataclass(frozen=True, slots=True)
class ImportFile:
    """One journal as read."""

    path: Path
    name: str
    """As reports say it: ``README.md``, or its path below the folder that was given."""
    slug: str
    """What its notes are called."""
    text: str
    folder: JournalFolder
    """The folder of which it is part."""
    dates: FileDate = _NO_DATE
    """What its name says of its days."""
    remarks: tuple[str, ...] = ()
    """What was done to its text, for the report."""
    kind: FileKind = "markdown"

    @property
    def title(self) -> str:
        """Return what it is called where its text has no title."""
        return make_title(self.name)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file of a folder that is not brought."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class ImportFiles:
    """The journals, and what in a folder is none."""

    sources: tuple[ImportFile, ...]
    faults: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


def read_files(
    workspace: Workspace,
    paths: Sequence[Path],
    charset: str = "",
    watch: Callable[[int, int], None] = lambda done, total: None,
) -> ImportFiles:
    """Return the journals of these files and folders; ``UsageError`` where a named file is none.

    ``charset`` is the encoding of those that are not UTF-8, if the learner says so. ``watch`` is
    called with the number of files read and of all files.
    """
    sources: dict[str, ImportFile] = {}
    faults: list[str] = []
    left_out: list[LeftOut] = []
    for path in paths:
        _refuse_ours(workspace, path)
        if not path.is_dir():
            sources[os.path.realpath(path)] = _read_file(path, find_home(path), charset)
            continue
        folder = JournalFolder(path, is_given=True)
        chosen = dict(_choose_files(folder, left_out))
        for number, (name, inner) in enumerate(chosen.items(), 1):
            watch(number, len(chosen))
            if _find_ours(workspace, inner) is not None:
                left_out.append(LeftOut(name, "in the notes or the log already"))
                continue
            try:
                sources[os.path.realpath(inner)] = _read_file(inner, folder, charset, name)
            except EmptyFile:
                left_out.append(LeftOut(name, "empty"))
            except UsageError as error:
                faults.append(str(error))
    names = NoteNames(workspace)
    named = [replace(one, slug=_choose_slug(names, one)) for one in _date_files(sources.values())]
    return ImportFiles(tuple(named), tuple(faults), tuple(left_out))


def list_unshown(files: ImportFiles, shown: Iterable[Path]) -> list[LeftOut]:
    """Return the pictures of the folders that no journal shows."""
    seen = {os.path.realpath(path) for path in shown}
    folders = {id(one.folder): one.folder for one in files.sources if one.folder.is_given}
    return [
        LeftOut(name, "a picture that no file shows")
        for folder in folders.values()
        for name, path in folder.files.items()
        if find_kind(name) == "picture" and os.path.realpath(path) not in seen
    ]


def _choose_slug(names: NoteNames, source: ImportFile) -> str:
    folder = source.folder.root if source.folder.is_given else source.path.parent
    return names.choose(source.name, Path(os.path.realpath(folder)))


def _date_files(sources: Iterable[ImportFile]) -> Iterator[ImportFile]:
    """Yield the files with what their names, and the folders above them, say of their days."""
    sources = list(sources)
    today = clock.get_now().date()
    found = read_file_dates([_list_parts(source) for source in sources], today)
    for source, dates in zip(sources, found, strict=True):
        remarks = [f"{source.name}: {dates.remark}"] if dates.remark else []
        yield replace(source, dates=dates, remarks=(*source.remarks, *remarks))


def _list_parts(source: ImportFile) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the two folders above what was given, and those below it."""
    inside = Path(source.name).with_suffix("").parts
    return source.path.absolute().parts[: -len(inside)][-2:], inside


def _refuse_ours(workspace: Workspace, path: Path) -> None:
    """Raise ``UsageError`` for what is in the log or the notes already."""
    if folder := _find_ours(workspace, path):
        raise UsageError(f"{path} is in {workspace.show_path(folder)} already; nothing to import.")


def _find_ours(workspace: Workspace, path: Path) -> Path | None:
    """Return the folder of the log or the notes that a file is in; None for any other."""
    real = Path(os.path.realpath(path))
    folders = (workspace.log, workspace.notes)
    return next((one for one in folders if real.is_relative_to(os.path.realpath(one))), None)


def _choose_files(folder: JournalFolder, left_out: list[LeftOut]) -> Iterator[tuple[str, Path]]:
    """Yield the files that are read, with their names; what is not is added to ``left_out``."""
    chosen = 0
    for name, path in folder.files.items():
        if why := _explain_left_out(folder, name, path):
            left_out.append(LeftOut(name, why))
        elif find_kind(name) != "picture":
            chosen += 1
            yield name, path
    if not chosen:
        raise UsageError(f"{folder.root}: no Markdown file in it. Name the journal's file itself.")
    if chosen > _MOST:
        raise UsageError(f"{folder.root}: {chosen} files to read; name a folder with fewer.")


def _explain_left_out(folder: JournalFolder, name: str, path: Path) -> str:
    stem, dot, ending = name.rpartition("_all.")
    if dot and ending == "csv" and f"{stem}.csv" in folder.files:
        return f"Notion's second copy of {stem}.csv"
    if path.is_symlink() and not folder.contains(path):
        return "a link to outside the folder"
    try:
        return explain_left_out(name, path.stat().st_size)
    except OSError as error:
        return f"cannot be read ({error.strerror or error})"


def _read_file(path: Path, folder: JournalFolder, charset: str, name: str = "") -> ImportFile:
    """Read one journal; ``name`` is its path below the folder that was given."""
    shown, name = name or show_name(str(path)), name or show_name(path.name)
    kind = find_kind(name)
    if kind == _AS_NOTEBOOK:
        _check_notebook(path, shown)
        return ImportFile(path, name, "", "", folder, kind=kind)
    found = read_text(path, shown, kind, charset)
    remarks = tuple(f"{name}{remark}" for remark in found.remarks)
    return ImportFile(path, name, "", found.text, folder, remarks=remarks, kind=kind)


def _check_notebook(path: Path, shown: str) -> None:
    from grader.learner.notes.notebook_file import LARGEST, find_fault

    data = read_bytes(path, shown) if path.stat().st_size <= LARGEST else b""
    if fault := find_fault(data) if data else f"more than {LARGEST:,} bytes":
        raise UsageError(f"{shown}: not a notebook that can be read: {fault}.")
