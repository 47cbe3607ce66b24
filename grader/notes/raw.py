"""A notebook's file before it is converted: what it must be, and what in it is left out."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any


class BrokenNotebook(Exception):
    """The file is no notebook; the message says why."""


def metadata(source: bytes) -> Any:
    """The notebook's own metadata; nothing of a file that is no notebook."""
    try:
        return _json(source)["metadata"]
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        return {}


def spoken(source: bytes) -> tuple[str, ...]:
    """The Markdown of the notebook's text cells, read without a converter."""
    if wrong := shape(source):
        raise BrokenNotebook(wrong)
    cells = _json(source).get("cells", ())
    texts = (cell["source"] for cell in cells if cell["cell_type"] == "markdown")
    return tuple(t if isinstance(t, str) else "".join(map(str, t)) for t in texts)


def shape(source: bytes) -> str:
    """What about the form of the file keeps it from being a notebook, where that is plain."""
    try:
        whole = _json(source)
    except json.JSONDecodeError as error:
        return f"line {error.lineno}: not JSON ({error.msg})"
    except UnicodeDecodeError:
        return "it is not UTF-8"
    except RecursionError:
        return "its JSON is nested too deeply"
    if not isinstance(whole, dict):
        return "it holds no cells"
    if not isinstance(whole.get("nbformat"), int):
        return "it does not say its version under `nbformat`"
    if whole["nbformat"] >= 4 and not isinstance(whole.get("cells"), list):
        return "`cells` is not a list" if "cells" in whole else "it has no `cells`"
    wrong = (n for n, cell in enumerate(whole.get("cells", ()), 1) if not _is_cell(cell))
    return next((f"cell {n} is not a cell as Jupyter writes it" for n in wrong), "")


def _is_cell(cell: Any) -> bool:
    """Whether it has what every cell has, in the right types."""
    if not isinstance(cell, dict) or not isinstance(cell.get("cell_type"), str):
        return False
    outputs = cell.get("outputs", [] if cell["cell_type"] != "code" else None)
    source = isinstance(cell.get("source"), str | list)
    return source and isinstance(outputs, list) and all(isinstance(o, dict) for o in outputs)


def _json(source: bytes) -> Any:
    return json.loads(source.decode("utf-8-sig"))


def whole_text(text: str) -> str:
    """The JSON without halves of characters, which JSON can name and no file can hold."""
    if "\\ud" not in text.lower():
        return text
    mended = json.dumps(json.loads(text), ensure_ascii=False)
    return mended.encode("utf-8", "replace").decode("utf-8")


def mend(notebook: Any, warned: list[str]) -> None:
    """Leave out pictures that are not base64, and what names the files of pictures."""
    for number, cell in enumerate(notebook.cells, start=1):
        attached = cell.get("attachments", {})
        wrong = [name for name, data in attached.items() if not _is_picture(data)]
        warned += [f"cell {number}: its attachment {name} is no picture" for name in wrong]
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
