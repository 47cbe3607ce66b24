"""Restores a damaged file: from both sides of git's conflict markers, or from a backup."""

from __future__ import annotations

from pathlib import Path

from grader.base.errors import RecordsError
from grader.learner.records.files import RecordFiles
from grader.learner.records.schemas import DamagedFile, Schema, Tables, merge_tables
from grader.learner.records.storage import decode_file

_OURS, _THEIRS = frozenset({"ours"}), frozenset({"theirs"})
_MARKS = {
    b"<<<<<<<": _OURS,
    b"|||||||": frozenset[str](),
    b"=======": _THEIRS,
    b">>>>>>>": _OURS | _THEIRS,
}
"""Whose lines follow a line that begins so."""


def restore_file(path: Path, schema: Schema, files: RecordFiles) -> str | None:
    """Restore a damaged file, under the lock; return what was done, or None if it was whole.

    Git's conflict markers are settled by keeping the rows of both sides.
    """
    raw = files.read(path)
    if raw is None:
        return None
    try:
        decode_file(path, schema, raw)
        return None
    except DamagedFile as damage:
        why = damage
    tables, source = _recover(path, schema, files, raw, why)
    aside = files.set_aside(path, raw, "damaged")
    files.write(path, schema.encode(tables))
    return f"{path}: the file {why}. It was restored from {source}; the damaged file is {aside}"


def _recover(
    path: Path, schema: Schema, files: RecordFiles, raw: bytes, why: DamagedFile
) -> tuple[Tables, str]:
    """Return the best tables there are for a damaged file, and where they come from."""
    if both := _split_sides(raw):
        try:
            ours, theirs = (decode_file(path, schema, side)[0] for side in both)
            return merge_tables(schema, ours, theirs), "both sides of git's conflict"
        except DamagedFile:
            pass
    for backup in files.name_backups(path):
        try:
            if (old := files.read(backup)) is not None:
                return decode_file(backup, schema, old)[0], f"its backup {backup}"
        except DamagedFile:
            continue
    folder = files.name_backups(path)[0].parent
    raise RecordsError(
        f"{path}: the file {why}, and there is no intact backup of it in {folder}. "
        "Nothing was changed. Restore it with git (git restore), or move it away to continue "
        "without it."
    )


def _split_sides(raw: bytes) -> tuple[bytes, bytes] | None:
    """Return what each side of the merge had, or None where git left no conflict markers."""
    text: dict[str, list[bytes]] = {"ours": [], "theirs": []}
    where, seen = _OURS | _THEIRS, False
    for line in raw.splitlines(keepends=True):
        if line[:7] in _MARKS:
            where, seen = _MARKS[line[:7]], True
            continue
        for side in where:
            text[side].append(line)
    return (b"".join(text["ours"]), b"".join(text["theirs"])) if seen else None
