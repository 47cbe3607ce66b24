"""The disk cache gives back what was put for the same sources, and nothing else."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from grader.base.cache import Cache, hash_files, hash_sources, read_entry, write_entry
from grader.base.errors import WorkspaceError


def test_a_result_is_found_by_its_sources_alone(tmp_path: Path) -> None:
    """The same kind and sources find it; another kind, another text or another split do not."""
    cache = Cache(tmp_path)
    cache.put({"answer": "42"}, "kind", "a\0b", "c")
    assert cache.get("kind", "a\0b", "c") == {"answer": "42"}
    for wrong in (("other", "a\0b", "c"), ("kind", "a", "b\0c"), ("kind", "a\0b", "d")):
        assert cache.get(*wrong) is None
    assert len({hash_sources("a", "b"), hash_sources("a\0b"), hash_sources("ab")}) == 3


@pytest.mark.parametrize("size", range(0, 40, 3))
def test_a_damaged_entry_counts_as_none(tmp_path: Path, size: int) -> None:
    """Cut anywhere, or with one letter changed, it is ignored, and it can be written anew."""
    cache = Cache(tmp_path)
    cache.put({"answer": "forty-two and more"}, "kind", "source")
    (file,) = (tmp_path / "kind").iterdir()
    whole = file.read_bytes()
    changed = whole[:size] + bytes([whole[size] ^ 1]) + whole[size + 1 :]
    for damaged in (whole[:size], changed, b"", b"\0" * len(whole), b"[]", b'"text"'):
        file.write_bytes(damaged)
        assert cache.get("kind", "source") is None
    cache.put({"answer": "43"}, "kind", "source")
    assert cache.get("kind", "source") == {"answer": "43"}


def test_an_entry_without_a_checksum_is_read(tmp_path: Path) -> None:
    """What was cached before checksums were written still counts."""
    file = tmp_path / "entry.json"
    file.write_text(json.dumps({"path": "card.png"}))
    assert read_entry(file) == {"path": "card.png"}


def test_what_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    """A file in the folder's place, or data that is no JSON, leaves things as they were."""
    (tmp_path / "kind").write_text("mine")
    Cache(tmp_path).put({"answer": "42"}, "kind", "source")
    assert Cache(tmp_path).get("kind", "source") is None
    assert not write_entry(tmp_path / "entry.json", {"answer": object()})
    assert [path.name for path in tmp_path.iterdir()] == ["kind"]


def test_one_source_keeps_the_name_that_it_had(tmp_path: Path) -> None:
    """What an export left is known by this name, so the next version still knows it."""
    Cache(tmp_path).put({}, "export", "abc")
    assert (tmp_path / "export" / "ba7816bf8f01cfea414140de5dae2223.json").is_file()


def test_the_hash_follows_the_content(tmp_path: Path) -> None:
    """It changes with any file, and not with the line ends."""
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_bytes(b"a\nb\n"), two.write_bytes(b"c\n")
    before = hash_files(one, two)
    assert re.fullmatch("[0-9a-f]{64}", before)
    one.write_bytes(b"a\r\nb\r\n")
    assert hash_files(one, two) == before
    two.write_bytes(b"d\n")
    assert hash_files(one, two) != before


def test_the_hash_keeps_files_apart(tmp_path: Path) -> None:
    """Text moved from one file to the next gives another hash; a missing file is told."""
    one, two = tmp_path / "one", tmp_path / "two"
    hashes = set()
    for first, second in [("ab", "c"), ("a", "bc"), ("", "abc")]:
        one.write_text(first)
        two.write_text(second)
        hashes.add(hash_files(one, two))
    assert len(hashes) == 3
    two.unlink()
    with pytest.raises(WorkspaceError, match="two cannot be read"):
        hash_files(one, two)
