"""Incremental builds while MkDocs serves: only changed pages are built again, or all of them.

MkDocs' own ``--dirty`` compares the files' times, keeps deleted pages, and lets navigation and
search become stale. Here a page is skipped only if its text is unchanged since it was built, and
if the frame around every page is unchanged too: navigation, settings, the list of pages.
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
class IncrementalBuild:
    """What this process has built so far, for as long as it serves."""

    is_serving: bool = False
    """Whether MkDocs runs with ``--dirty``, so that it asks which files are modified."""
    is_preview: bool = False
    """Whether MkDocs serves at all, so that only the owner sees the pages."""
    frame: str = ""
    """What is around every page, as of the last complete build."""
    sources: dict[str, str] = field(default_factory=dict)
    """A fingerprint of each source file, as of the last complete build."""
    _next: tuple[str, dict[str, str]] = ("", {})
    """Frame and fingerprints of the build under way."""
    _outputs: dict[str, str] = field(default_factory=dict)
    """The built file of each source."""

    def mark_files(self, files: Iterable[Any], config: Any) -> None:
        """Mark each file as modified or not; delete the pages whose source is gone."""
        all_files = list(files)
        frame = _describe_frame(all_files, config)
        # An interrupted build leaves the frame empty, so the next one builds every page.
        build_all, self.frame = frame != self.frame, ""
        now: dict[str, str] = {}
        for file in all_files:
            now[file.src_uri] = _fingerprint(file)
            modified = build_all or now[file.src_uri] != self.sources.get(file.src_uri)
            file.is_modified = lambda modified=modified: modified
        self._next = frame, now
        self._delete_gone({file.src_uri: file.abs_dest_path for file in all_files})
        _prune_search_index(config, {file.url for file in all_files if not file.is_modified()})

    def read_page(self, page: Any) -> str:
        """Return the page's text, and record its fingerprint.

        The file may have changed since ``mark_files`` saw it; what counts is what is built.
        """
        raw = Path(page.file.abs_src_path).read_bytes()
        self._next[1][page.file.src_uri] = _hash_bytes(raw)
        return io.StringIO(raw.decode("utf-8-sig"), newline=None).read()

    def finish(self) -> None:
        """Record that the build is complete."""
        self.frame, self.sources = self._next

    def _delete_gone(self, outputs: dict[str, str]) -> None:
        for source, path in self._outputs.items():
            if source not in outputs:
                Path(path).unlink(missing_ok=True)
        self._outputs = outputs


BUILD = IncrementalBuild()


def _describe_frame(files: list[Any], config: Any) -> str:
    sources = sorted(file.src_uri for file in files)
    settings = Path(config.config_file_path).read_text("utf-8")
    return json.dumps([config.nav, sources, settings, config.site_url], default=str)


def _fingerprint(file: Any) -> str:
    """Return a hash of a page's bytes, or inode, size and time of any other file."""
    path = Path(file.abs_src_path)
    with contextlib.suppress(OSError):
        if file.is_documentation_page():
            return _hash_bytes(path.read_bytes())
        found = path.stat()
        return f"{found.st_ino} {found.st_size} {found.st_mtime_ns}"
    return ""


def _hash_bytes(raw: bytes) -> str:
    return sha256(raw).hexdigest()


def _prune_search_index(config: Any, unchanged: set[str]) -> None:
    """Keep only unchanged pages in the search index that the next one is built on."""
    for plugin in config.plugins.values():
        before = getattr(plugin, "search_index_prev", None)
        if before is not None:
            before.entries = [entry for entry in before.entries if _get_page(entry) in unchanged]


def _get_page(entry: dict[str, Any]) -> str:
    return str(entry["location"]).partition("#")[0]
