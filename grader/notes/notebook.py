"""Notebooks: cells and stored outputs become Markdown, through nbconvert; nothing is run."""

from __future__ import annotations

import base64
import hashlib
import os
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from grader.leaks import leaks
from grader.notes.markup import without_controls
from grader.notes.outputs import fence, shown, texts
from grader.notes.picture import refusal
from grader.notes.raw import BrokenNotebook, mend, shape, whole_text

MADE_BY = "2"
"""Raise it when pages come out differently, so that cached ones are made again."""

_CUT = "\x1e"
_TEMPLATE = "{% for cell in nb.cells %}{{ cell | as_markdown }}\x1e{% endfor %}"
_LARGEST = 50_000_000
"""Bytes beyond which a notebook is not read."""


@dataclass(frozen=True, slots=True)
class Pages:
    """What a notebook holds: one part of Markdown per cell, and the pictures they show."""

    parts: tuple[str, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    leaks: tuple[str, ...] = ()
    """What should not be published, each with its cell."""


def convert(source: bytes, cache: Path) -> Pages:
    """The notebook's pages, from the cache when this very source was converted before."""
    kept = cache / f"{hashlib.sha256(MADE_BY.encode() + source).hexdigest()}.json"
    try:
        return _loads(kept.read_bytes())
    except (OSError, ValueError, KeyError, TypeError):
        pages = _convert(source)
    _keep(kept, pages)
    return pages


def _convert(source: bytes) -> Pages:
    import nbformat
    from nbconvert import MarkdownExporter

    if len(source) > _LARGEST:
        raise BrokenNotebook(f"it has {len(source) // 1_000_000} MB, too many to be a page")
    if wrong := shape(source):
        raise BrokenNotebook(wrong)
    warned: list[str] = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            text = whole_text(source.decode("utf-8-sig"))
            notebook = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
            mend(notebook, warned)
            exporter: Any = MarkdownExporter(raw_template=_TEMPLATE)  # type: ignore[no-untyped-call]
            exporter.register_filter("as_markdown", lambda cell: _cell(cell, warned))
            body, resources = exporter.from_notebook_node(notebook)
    except Exception as error:  # whatever a converter makes of a damaged file
        raise BrokenNotebook(_why(error)) from error
    files = {name: bytes(data) for name, data in (resources.get("outputs") or {}).items()}
    refused = {name: why for name, data in files.items() if (why := refusal(name, data))}
    warned += [f"{name}: {why}" for name, why in refused.items()]
    kept = {name: data for name, data in files.items() if name not in refused}
    parts = tuple(part.strip() for part in body.split(_CUT) if part.strip())
    return Pages(parts, kept, tuple(warned), tuple(_leaks(notebook)))


def _why(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8"
    return " ".join(without_controls(str(error)).split())[:200] or type(error).__name__


def _cell(cell: Any, warned: list[str]) -> str:
    source = without_controls(cell.source)
    if cell.cell_type == "markdown":
        return source
    if cell.cell_type != "code":
        return fence(source, "text") if source.strip() else ""
    code = [fence(source, "python")] if source.strip() else []
    return "\n\n".join(code + [shown(output, warned) for output in cell.outputs])


def _leaks(notebook: Any) -> list[str]:
    """What in the cells and their outputs should not be published."""
    found = []
    for number, cell in enumerate(notebook.cells, start=1):
        places = [("", cell.source)]
        for output in cell.get("outputs", ()):
            places += [(", in an output", text) for text in texts(output)]
        for where, text in places:
            found += [f"cell {number}{where}, line {leak.line}: {leak}" for leak in leaks(text)]
    return list(dict.fromkeys(found))


def _keep(path: Path, pages: Pages) -> None:
    data = {
        "parts": pages.parts,
        "files": {name: base64.b64encode(file).decode() for name, file in pages.files.items()},
        "warnings": pages.warnings,
        "leaks": pages.leaks,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}.new")
    fresh.write_bytes(orjson.dumps(data))
    fresh.replace(path)


def _loads(data: bytes) -> Pages:
    stored = orjson.loads(data)
    files = {name: base64.b64decode(file) for name, file in stored["files"].items()}
    told = tuple(stored["warnings"]), tuple(stored["leaks"])
    return Pages(tuple(stored["parts"]), files, *told)
