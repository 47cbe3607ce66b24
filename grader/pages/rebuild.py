"""Which pages MkDocs builds again while it serves: those whose text changed, or all of them.

MkDocs' own ``--dirty`` goes by the files' times, leaves gone pages, and lets navigation and search
grow stale. Here a page is left as it was built only if its text is the text that was built, and
if all that stands around every page is the same: navigation, settings, which pages there are.
"""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any


@dataclass(slots=True)
class Built:
    """What this process has built so far, for as long as it serves."""

    serving: bool = False
    """Whether MkDocs keeps what it built, and asks."""
    frame: str = ""
    """What stands around every page, as last built to the end."""
    made: dict[str, str] = field(default_factory=dict)
    """What each file of the site was made from, by its source."""
    _next: tuple[str, dict[str, str]] = ("", {})
    _files: dict[str, str] = field(default_factory=dict)
    """Where each page went."""

    def choose(self, files: Iterable[Any], config: Any) -> None:
        """Tell each file whether it is due; take away the pages that are gone."""
        every = list(files)
        frame = _frame(every, config)
        whole, self.frame = frame != self.frame, ""  # a build that breaks off makes all due
        now: dict[str, str] = {}
        for file in every:
            now[file.src_uri] = _content(file)
            due = whole or now[file.src_uri] != self.made.get(file.src_uri)
            file.is_modified = lambda due=due: due
        self._next = frame, now
        self._clear({file.src_uri: file.abs_dest_path for file in every})
        _search_only(config, {file.url for file in every if not file.is_modified()})

    def read(self, page: Any) -> str:
        """The page's text, and note what it is made from."""
        raw = Path(page.file.abs_src_path).read_bytes()
        self._next[1][page.file.src_uri] = _hash(raw)
        return io.StringIO(raw.decode("utf-8-sig"), newline=None).read()

    def done(self) -> None:
        """The site is built to its end."""
        self.frame, self.made = self._next

    def _clear(self, there: dict[str, str]) -> None:
        for source, path in self._files.items():
            if source not in there:
                Path(path).unlink(missing_ok=True)
        self._files = there


BUILT = Built()


def _frame(files: list[Any], config: Any) -> str:
    sources = sorted(file.src_uri for file in files)
    settings = Path(config.config_file_path).read_text("utf-8")
    return json.dumps([config.nav, sources, settings, config.site_url], default=str)


def _content(file: Any) -> str:
    """What the file holds: for a page its bytes, for others size and time."""
    path = Path(file.abs_src_path)
    with contextlib.suppress(OSError):
        if file.is_documentation_page():
            return _hash(path.read_bytes())
        found = path.stat()
        return f"{found.st_ino} {found.st_size} {found.st_mtime_ns}"
    return ""


def _hash(raw: bytes) -> str:
    return sha256(raw).hexdigest()


def _search_only(config: Any, kept: set[str]) -> None:
    """Leave only pages that stay as they are in the search index that is built on."""
    for plugin in config.plugins.values():
        before = getattr(plugin, "search_index_prev", None)
        if before is not None:
            before.entries = [entry for entry in before.entries if _page(entry) in kept]


def _page(entry: dict[str, Any]) -> str:
    return str(entry["location"]).partition("#")[0]
