"""Notebooks: cells and stored outputs become Markdown, through nbconvert; nothing is run."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from grader.notes.clean import clean
from grader.notes.markup import without_controls
from grader.notes.picture import refusal

MADE_BY = "1"
"""Raise it when pages come out differently, so that cached ones are made again."""

_CUT = "\x1e"
_TEMPLATE = "{% for cell in nb.cells %}{{ cell | as_markdown }}\x1e{% endfor %}"
_ESCAPES = re.compile(r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b\[?[0-?]*[ -/]*[@-~]")
_LINES = 400
"""Lines of one output that are shown."""


@dataclass(frozen=True, slots=True)
class Pages:
    """What a notebook holds: one part of Markdown per cell, and the pictures they show."""

    parts: tuple[str, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


class BrokenNotebook(Exception):
    """The file is no notebook; the message says why."""


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

    warned: list[str] = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            text = source.decode("utf-8-sig")
            notebook = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
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
    return Pages(parts, kept, tuple(warned))


def _why(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8"
    return " ".join(without_controls(str(error)).split())[:200] or type(error).__name__


def _cell(cell: Any, warned: list[str]) -> str:
    source = without_controls(cell.source)
    if cell.cell_type == "markdown":
        return source
    if cell.cell_type != "code":
        return _fence(source, "text") if source.strip() else ""
    shown = [_fence(source, "python")] if source.strip() else []
    return "\n\n".join(shown + [_output(output, warned) for output in cell.outputs])


def _output(output: Any, warned: list[str]) -> str:
    if output.output_type == "stream":
        return _said(output.text)
    if output.output_type == "error":
        return _said("\n".join(output.traceback) or f"{output.ename}: {output.evalue}")
    for kind, show in _SHOWN.items():
        if kind in output.data and (markdown := show(output, kind)):
            return markdown
    kinds = ", ".join(sorted(output.data)) or "nothing"
    warned.append(f"an output holds {kinds} only, which no page can show")
    return f"*An output that needs Jupyter: {kinds}.*"


def _said(text: str) -> str:
    """Printed text, as a terminal would leave it: no colours, no overwritten lines."""
    lines = _ESCAPES.sub("", text).replace("\r\n", "\n").split("\n")
    lines = [line.rstrip("\r").rpartition("\r")[2] for line in lines]
    if len(lines) > _LINES:
        lines = [*lines[:_LINES], f"({len(lines) - _LINES} more lines)"]
    return _fence(without_controls("\n".join(lines)), "text")


def _text(output: Any, kind: str) -> str:
    return _said(output.data[kind])


def _html(output: Any, kind: str) -> str:
    """Cleaned HTML in one block without blank lines, so that Markdown leaves it alone."""
    html = clean(without_controls(output.data[kind]), lambda tag, address: None).strip()
    html = re.sub(r"\n\s*\n+", "\n", html)
    return f'<div class="gw-output">{html}</div>' if html else ""


def _picture(output: Any, kind: str) -> str:
    name = output.metadata.get("filenames", {}).get(kind)
    return f"![Output]({name})" if name else ""


def _markdown(output: Any, kind: str) -> str:
    return without_controls(output.data[kind])


_SHOWN: dict[str, Callable[[Any, str], str]] = {
    "text/html": _html,
    "text/markdown": _markdown,
    "image/svg+xml": _picture,
    "image/png": _picture,
    "image/jpeg": _picture,
    "text/latex": _markdown,
    "text/plain": _text,
}
"""How each kind of output is shown; the first that an output has and that shows something."""


def _fence(code: str, language: str) -> str:
    longest = max((len(run) for run in re.findall(r"`{3,}", code)), default=2)
    ticks = "`" * (longest + 1)
    return f"{ticks}{language}\n{code.rstrip()}\n{ticks}"


def _keep(path: Path, pages: Pages) -> None:
    data = {
        "parts": pages.parts,
        "files": {name: base64.b64encode(file).decode() for name, file in pages.files.items()},
        "warnings": pages.warnings,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}.new")
    fresh.write_bytes(orjson.dumps(data))
    fresh.replace(path)


def _loads(data: bytes) -> Pages:
    stored = orjson.loads(data)
    files = {name: base64.b64decode(file) for name, file in stored["files"].items()}
    return Pages(tuple(stored["parts"]), files, tuple(stored["warnings"]))
