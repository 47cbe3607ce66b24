"""The course's YAML files as a ``Course``, with every fault named by file, line and column.

A chain of small steps, each of which reports what it finds and lets the next go on:
``text`` (bytes to text), ``documents`` (text to nodes with positions), ``shapes`` and
``models`` (nodes to checked values; also the JSON Schemas for editors), ``links`` (what one
file says of another), ``loading`` and ``build``. The types are read from each node's own text, so
YAML never turns ``no``, ``1:30``, ``010`` or a date into something else. ``kept`` spares quick
commands the whole chain, and so its import, while nothing has changed.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.curriculum.hashes import content_hash
    from grader.curriculum.loading import load
    from grader.curriculum.models import schemas, write_schemas

__all__ = ["content_hash", "load", "schemas", "write_schemas"]

_HOME = {
    "content_hash": "hashes",
    "load": "loading",
    "schemas": "models",
    "write_schemas": "models",
}


def __getattr__(name: str) -> Any:
    """A function of one of the modules, which is imported when first asked for."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
