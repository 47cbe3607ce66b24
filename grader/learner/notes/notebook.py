"""A notebook converted to Markdown by nbconvert: its cells and stored outputs; nothing is run."""

from __future__ import annotations

import base64
import hashlib
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.base.cache import read_entry, write_entry
from grader.base.leaks import find_leaks
from grader.learner.notes.markup import remove_controls
from grader.learner.notes.notebook_file import (
    LARGEST,
    BrokenNotebook,
    drop_damaged,
    read_markdown,
    replace_surrogates,
)
from grader.learner.notes.outputs import convert_output, fence_code, list_texts
from grader.learner.notes.picture import explain_refusal

VERSION = "2"
"""Raise it when the conversion changes, so that cached conversions are made again."""

_SEPARATOR = "\x1e"
"""Between two cells: no cell contains it, since control characters are removed."""
_TEMPLATE = "{% for cell in nb.cells %}{{ cell | as_markdown }}\x1e{% endfor %}"


@dataclass(frozen=True, slots=True)
class ConvertedNotebook:
    """One part of Markdown for each cell, and the pictures that they show."""

    parts: tuple[str, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    leaks: tuple[str, ...] = ()
    """What should not be published, each with its cell."""


def convert(source: bytes, cache: Path) -> ConvertedNotebook:
    """Convert the notebook, or return the cached conversion of exactly this source."""
    cached = cache / f"{hashlib.sha256(VERSION.encode() + source).hexdigest()}.json"
    try:
        return _load(read_entry(cached))
    except (ValueError, KeyError, TypeError):  # not there, or damaged
        converted = _convert(source)
    _save(cached, converted)
    return converted


def _convert(source: bytes) -> ConvertedNotebook:
    import nbformat
    from nbconvert import MarkdownExporter

    if len(source) > LARGEST:
        raise BrokenNotebook(f"it has {len(source) // 1_000_000} MB, too large for a page")
    read_markdown(source)
    warned: list[str] = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            text = replace_surrogates(source.decode("utf-8-sig"))
            notebook = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
            drop_damaged(notebook, warned)
            exporter: Any = MarkdownExporter(raw_template=_TEMPLATE)  # type: ignore[no-untyped-call]
            exporter.register_filter("as_markdown", lambda cell: _convert_cell(cell, warned))
            body, resources = exporter.from_notebook_node(notebook)
    except Exception as error:  # nbconvert can raise anything on a damaged file
        raise BrokenNotebook(_describe_error(error)) from error
    files = {name: bytes(data) for name, data in (resources.get("outputs") or {}).items()}
    refused = {name: why for name, data in files.items() if (why := explain_refusal(name, data))}
    warned += [f"{name}: {why}" for name, why in refused.items()]
    kept = {name: data for name, data in files.items() if name not in refused}
    parts = tuple(part.strip() for part in body.split(_SEPARATOR) if part.strip())
    return ConvertedNotebook(parts, kept, tuple(warned), tuple(_list_leaks(notebook)))


def _describe_error(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8"
    return " ".join(remove_controls(str(error)).split())[:200] or type(error).__name__


def _convert_cell(cell: Any, warned: list[str]) -> str:
    source = remove_controls(cell.source)
    if cell.cell_type == "markdown":
        return source
    if cell.cell_type != "code":
        return fence_code(source, "text") if source.strip() else ""
    code = [fence_code(source, "python")] if source.strip() else []
    return "\n\n".join(code + [convert_output(output, warned) for output in cell.outputs])


def _list_leaks(notebook: Any) -> list[str]:
    """Return what in the cells and their outputs should not be published."""
    found = []
    for number, cell in enumerate(notebook.cells, start=1):
        places = [("", cell.source)]
        for output in cell.get("outputs", ()):
            places += [(", in an output", text) for text in list_texts(output)]
        for where, text in places:
            found += [
                f"cell {number}{where}, line {leak.line}: {leak}" for leak in find_leaks(text)
            ]
    return list(dict.fromkeys(found))


def _save(path: Path, converted: ConvertedNotebook) -> None:
    data = {
        "parts": converted.parts,
        "files": {name: base64.b64encode(file).decode() for name, file in converted.files.items()},
        "warnings": converted.warnings,
        "leaks": converted.leaks,
    }
    write_entry(path, data)


def _load(stored: Any) -> ConvertedNotebook:
    files = {name: base64.b64decode(file) for name, file in stored["files"].items()}
    warned, leaks = tuple(stored["warnings"]), tuple(stored["leaks"])
    return ConvertedNotebook(tuple(stored["parts"]), files, warned, leaks)
