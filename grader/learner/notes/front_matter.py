"""What a note says of itself: its exercises, tags and date, in front matter or metadata."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import yaml

_WANTED = "is not a name; expected attention/softmax, or a list of such names"
_ABOUT = re.compile(r"^about:[ \t]*([^\n#]*)((?:\n[ \t]*-[ \t][^\n#]*)*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The names under ``about`` with their line, and what is wrong, with its line."""

    about: tuple[str, ...] = ()
    line: int = 0
    problem: str = ""
    tags: tuple[str, ...] = ()
    date: str = ""
    """As it was written."""


def parse_front_matter(matter: str) -> FrontMatter:
    """Parse the YAML that stands after the ``---`` on line 1."""
    try:
        # Nodes instead of values: they have lines, and no tag makes an object of any kind.
        root = yaml.compose(matter, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = 2 + (mark.line if mark else 0)
        return FrontMatter(line=line, problem=f"the front matter is not YAML ({error.problem})")
    except (yaml.YAMLError, ValueError, RecursionError):
        return FrontMatter(line=1, problem="the front matter is not YAML")
    if root is None:
        return FrontMatter()
    if not isinstance(root, yaml.MappingNode):
        return FrontMatter(line=2, problem="the front matter is not a list of `name: value`")
    fields = {str(key.value): (key, value) for key, value in root.value}
    front = _read_about(*fields["about"]) if "about" in fields else FrontMatter()
    tags, dates = (_read_words(fields, name) for name in ("tags", "date"))
    return replace(front, tags=tags, date=dates[0] if dates else "")


def _read_words(fields: Mapping[str, tuple[yaml.Node, yaml.Node]], name: str) -> tuple[str, ...]:
    """Return the words under a name; none where they are no words, which is no fault."""
    if name not in fields:
        return ()
    value = fields[name][1]
    items = value.value if isinstance(value, yaml.SequenceNode) else [value]
    return _split_names(item.value for item in items if isinstance(item, yaml.ScalarNode))


def _read_about(key: yaml.Node, value: yaml.Node) -> FrontMatter:
    line = 2 + key.start_mark.line
    items = value.value if isinstance(value, yaml.SequenceNode) else [value]
    if not all(isinstance(item, yaml.ScalarNode) for item in items):
        return FrontMatter(line=line, problem=f"`about` {_WANTED}")
    return FrontMatter(_split_names([item.value for item in items]), line)


def read_metadata(metadata: Any) -> FrontMatter:
    """Read what a notebook's metadata says under ``groundwork``."""
    own = metadata.get("groundwork") if isinstance(metadata, dict) else None
    about, day = (own.get("about", []), own.get("date")) if isinstance(own, dict) else ([], None)
    items = [about] if isinstance(about, str) else about
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        return FrontMatter(problem=f"`about` in its metadata {_WANTED}")
    return FrontMatter(_split_names(items), date=day if isinstance(day, str) else "")


def scan_about(matter: str) -> tuple[str, ...]:
    """Return the names under ``about`` without parsing the YAML.

    Cards use it: they are asked about even if another line of the front matter is broken, such as
    a title with a colon. The page of the note says what is wrong.
    """
    found = _ABOUT.search(matter)
    if found is None:
        return ()
    return _split_names(re.split(r"\n[ \t]*-[ \t]", found[1].strip(" []") + found[2]))


def _split_names(items: Iterable[str]) -> tuple[str, ...]:
    """Return each name once, without quotes; an item may hold several with commas."""
    parts = (part for item in items for part in item.split(","))
    names = (re.sub(r"\s+", " ", part).strip(" \"'") for part in parts)
    return tuple(dict.fromkeys(name for name in names if name))
