"""A notebook's file before it is converted: what is wrong with it, and what is dropped."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from grader.learner import utf8

LARGEST = 50_000_000
"""The most bytes of a notebook that is converted; most of a large one are pictures."""


class BrokenNotebook(Exception):
    """The file is not a notebook; the message says why."""


def read_metadata(source: bytes) -> Any:
    """Return the notebook's own metadata; an empty dictionary if it cannot be read."""
    try:
        return _parse(source)["metadata"]
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        return {}


def read_markdown(source: bytes) -> tuple[str, ...]:
    """Return the Markdown of the notebook's text cells, read without a converter."""
    if fault := find_fault(source):
        raise BrokenNotebook(fault)
    cells = _parse(source).get("cells", ())
    found = (cell["source"] for cell in cells if cell["cell_type"] == "markdown")
    texts = tuple(t if isinstance(t, str) else "".join(map(str, t)) for t in found)
    if (size := sum(map(len, texts))) > utf8.LARGEST:
        raise BrokenNotebook(
            f"its text cells have {size / (1 << 20):.1f} MiB, too large for a page"
        )
    return texts


def find_fault(source: bytes) -> str:
    """Return what keeps the file from being a notebook; empty if its structure is right.

    nbformat would say it too, but in terms of its JSON schema and without the line or the cell.
    """
    try:
        whole = _parse(source)
    except json.JSONDecodeError as error:
        return f"line {error.lineno}: not JSON ({error.msg})"
    except UnicodeDecodeError:
        return "it is not UTF-8"
    except RecursionError:
        return "its JSON is nested too deeply"
    if not isinstance(whole, dict):
        return "it has no cells"
    if not isinstance(whole.get("nbformat"), int):
        return "it has no version under `nbformat`"
    if whole["nbformat"] >= 4 and not isinstance(whole.get("cells"), list):
        return "`cells` is not a list" if "cells" in whole else "it has no `cells`"
    wrong = (n for n, cell in enumerate(whole.get("cells", ()), 1) if not _is_cell(cell))
    return next((f"cell {n} does not have the form of a Jupyter cell" for n in wrong), "")


def _is_cell(cell: Any) -> bool:
    """Return True if it has what every cell has, in the right types."""
    if not isinstance(cell, dict) or not isinstance(cell.get("cell_type"), str):
        return False
    outputs = cell.get("outputs", [] if cell["cell_type"] != "code" else None)
    source = isinstance(cell.get("source"), str | list)
    return source and isinstance(outputs, list) and all(isinstance(o, dict) for o in outputs)


def _parse(source: bytes) -> Any:
    return json.loads(source.decode("utf-8-sig"))


def replace_surrogates(text: str) -> str:
    """Return the JSON with ``?`` for lone surrogates, which UTF-8 cannot encode."""
    if "\\ud" not in text.lower():
        return text
    unescaped = json.dumps(json.loads(text), ensure_ascii=False)
    return unescaped.encode("utf-8", "replace").decode("utf-8")


def drop_damaged(notebook: Any, warned: list[str]) -> None:
    """Drop pictures that are not base64, and the metadata of outputs, from a notebook.

    nbconvert raises on the former. The latter can choose the names of picture files, and a
    notebook from elsewhere must not choose where a file goes.
    """
    for number, cell in enumerate(notebook.cells, start=1):
        attached = cell.get("attachments", {})
        wrong = [name for name, data in attached.items() if not _is_picture(data)]
        warned += [f"cell {number}: its attachment {name} is not a picture" for name in wrong]
        _drop(attached, wrong)
        for output in cell.get("outputs", ()):
            if "data" in output:
                output.metadata = {}
                wrong = [kind for kind in output.data if not _is_sound(kind, output.data[kind])]
                warned += [f"cell {number}: an output's {kind} is damaged" for kind in wrong]
                _drop(output.data, wrong)


def _drop(held: dict[str, Any], names: list[str]) -> None:
    for name in names:
        del held[name]


def _is_picture(data: dict[str, Any]) -> bool:
    return bool(data) and all(k.startswith("image/") and _is_base64(data[k]) for k in data)


def _is_sound(kind: str, data: Any) -> bool:
    if kind == "image/svg+xml" or kind.startswith("text/"):
        return isinstance(data, str)
    return not kind.startswith(("image/", "application/pdf")) or _is_base64(data)


def _is_base64(data: Any) -> bool:
    try:
        return bool(base64.b64decode("".join(data.split()), validate=True))
    except (binascii.Error, ValueError, AttributeError):
        return False
