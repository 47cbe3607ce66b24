"""What a note says of itself: the exercises that it is about, in front matter or metadata."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Front:
    """The names under ``about`` and the line that holds them; what is wrong, with its line."""

    about: tuple[str, ...] = ()
    line: int = 0
    problem: str = ""


def read(matter: str) -> Front:
    """What the YAML says that stands after the ``---`` on line 1."""
    try:
        root = yaml.compose(matter, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = 2 + (mark.line if mark else 0)
        return Front(line=line, problem=f"the front matter is not YAML ({error.problem})")
    except (yaml.YAMLError, ValueError, RecursionError):
        return Front(line=1, problem="the front matter is not YAML")
    if root is None:
        return Front()
    if not isinstance(root, yaml.MappingNode):
        return Front(line=2, problem="the front matter is not a list of `name: value`")
    return next((_about(k, v) for k, v in root.value if k.value == "about"), Front())


def _about(key: yaml.Node, value: yaml.Node) -> Front:
    line = 2 + key.start_mark.line
    items = value.value if isinstance(value, yaml.SequenceNode) else [value]
    if not all(isinstance(item, yaml.ScalarNode) for item in items):
        return Front(line=line, problem=f"`about` {_WANTED}")
    return Front(tuple(_names([item.value for item in items])), line)


def of_metadata(metadata: Any) -> Front:
    """What a notebook's metadata says under ``groundwork``."""
    held = metadata.get("groundwork") if isinstance(metadata, dict) else None
    about = held.get("about", []) if isinstance(held, dict) else []
    items = [about] if isinstance(about, str) else about
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        return Front(problem=f"`about` in its metadata {_WANTED}")
    return Front(tuple(_names(items)))


_WANTED = "names exercises: attention/softmax, or a list of such names"


def _names(items: list[str]) -> Iterator[str]:
    """Each name once; a comma, too, stands between two."""
    names = (re.sub(r"\s+", " ", name).strip() for item in items for name in item.split(","))
    yield from dict.fromkeys(name for name in names if name)
