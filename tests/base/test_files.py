"""A file is written whole or not at all, and nothing temporary stays."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.base import files
from grader.base.files import create_file, read_file, write_file

posix = pytest.mark.skipif(os.name == "nt", reason="needs fork, signals and file modes")

WRITER = """
import os, random, signal, sys, time
from pathlib import Path
from grader.base.files import create_file, read_file, write_file
folder, seed, kills = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
rng, torn = random.Random(seed), 0
def write(kill):
    for number in range(10_000):
        text = f"{kill} {number} " * (1 + number % 2000)
        write_file(folder / "page.md", text, sync=number % 2 == 0)
        create_file(folder / f"new-{kill}-{number % 50}", text, sync=False)
for kill in range(kills):
    child = os.fork()
    if child == 0:
        try:
            write(kill)
        finally:
            os._exit(1)
    time.sleep(rng.uniform(0.001, 0.01))
    os.kill(child, signal.SIGKILL)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1]), "a writer failed before it was killed"
    hidden = [name for name in os.listdir(folder) if name.startswith(".")]
    torn += bool(hidden)
    for name in os.listdir(folder):
        if name in hidden or name.startswith("new-"):
            if name not in hidden:
                words = (folder / name).read_text().split()
                assert words and words == words[:2] * (len(words) // 2), f"{name} is torn"
            (folder / name).unlink()
    if (folder / "page.md").exists():
        words = (folder / "page.md").read_text().split()
        assert words and words == words[:2] * (len(words) // 2), "page.md is torn"
print(torn)
"""


@pytest.fixture
def memory() -> Iterator[Path]:
    """A folder in memory where there is one: there kills fall between any two steps."""
    place = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=place) as name:
        yield Path(name)


def names(folder: Path) -> list[str]:
    """The names of all that lies in a folder, hidden ones too."""
    return sorted(path.name for path in folder.iterdir())


@posix
def test_after_hundreds_of_kills_every_file_is_whole(memory: Path) -> None:
    """A writer killed at any moment leaves the file before or after, and at most a hidden one."""
    command = [sys.executable, "-c", WRITER, str(memory), "20261122", "400"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 10, "no kill came in the middle of a write"


def test_many_writers_of_one_file_do_not_meet(tmp_path: Path) -> None:
    """Eight threads that write one file leave one of their texts, whole, and nothing beside it."""
    path, texts = tmp_path / "page.md", [f"{number} " * 40_000 for number in range(8)]
    start = threading.Barrier(8)

    def write(text: str) -> None:
        start.wait()
        for _ in range(20):
            write_file(path, text, sync=False)
            assert path.read_text() in texts

    writers = [threading.Thread(target=write, args=(text,)) for text in texts]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert path.read_text() in texts
    assert names(tmp_path) == ["page.md"]


def create(path: Path, number: int, start: threading.Barrier, won: list[int]) -> None:
    """Create the file with a number at the same moment as others, and say if it was won."""
    start.wait()
    if create_file(path, str(number), sync=False):
        won.append(number)


def test_one_of_many_creators_wins(tmp_path: Path) -> None:
    """Of eight that create a file at once one does, and its bytes are those that lie there."""
    for turn in range(20):
        path, start, won = tmp_path / f"{turn}", threading.Barrier(8), list[int]()

        creators = [
            threading.Thread(target=create, args=(path, number, start, won)) for number in range(8)
        ]
        for creator in creators:
            creator.start()
        for creator in creators:
            creator.join()
        assert [path.read_text()] == [str(number) for number in won]
    assert len(names(tmp_path)) == 20


STEPS = ["write", "fsync", "chmod", "replace"]


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "full"), KeyboardInterrupt()])
@pytest.mark.parametrize("step", STEPS)
def test_a_failure_at_any_step_leaves_the_old_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, error: BaseException
) -> None:
    """The error reaches the caller, the old bytes stay, and no temporary file does."""
    path = tmp_path / "log.md"
    path.write_text("old")

    def fail(*arguments: object, **more: object) -> None:
        raise error

    where = {
        "write": (files, "_fill"),
        "fsync": (os, "fsync"),
        "chmod": (Path, "chmod"),
        "replace": (Path, "replace"),
    }
    monkeypatch.setattr(*where[step], fail)
    with pytest.raises(type(error)):
        write_file(path, "new")
    monkeypatch.undo()
    assert path.read_text() == "old"
    assert names(tmp_path) == ["log.md"]


@posix
def test_a_full_disk_leaves_nothing_temporary(tmp_path: Path) -> None:
    """Where a file can grow no further, the half that was written is removed."""
    program = (
        "import resource, sys\nfrom pathlib import Path\n"
        "from grader.base.files import create_file, write_file\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))\n"
        "for write in (write_file, create_file):\n"
        "    try: write(Path(sys.argv[1]) / 'page.md', b'x' * 5000)\n"
        "    except OSError as error: print(error.strerror)\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.stdout.splitlines() == [os.strerror(errno.EFBIG)] * 2, done.stderr
    assert names(tmp_path) == []


@posix
def test_a_replaced_file_keeps_its_mode(tmp_path: Path) -> None:
    """A file that only its owner may read is still so, and a new one is as the umask has it."""
    path = tmp_path / "secret.md"
    path.write_text("old")
    path.chmod(0o600)
    write_file(path, "new")
    assert (stat.S_IMODE(path.stat().st_mode), path.read_text()) == (0o600, "new")
    before = os.umask(0o027)
    try:
        write_file(tmp_path / "fresh.md", "new")
        create_file(tmp_path / "other.md", "new")
    finally:
        os.umask(before)
    for name in ("fresh.md", "other.md"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o640


@posix
def test_a_link_is_replaced_and_what_it_leads_to_is_left_alone(tmp_path: Path) -> None:
    """A rename takes the link's place; its target keeps bytes and mode."""
    there, link = tmp_path / "there", tmp_path / "link"
    there.write_text("theirs")
    there.chmod(0o600)
    link.symlink_to(there)
    write_file(link, "ours")
    assert (link.read_text(), link.is_symlink()) == ("ours", False)
    assert there.read_text() == "theirs"


@pytest.mark.parametrize("taken", ["file", "folder", "dangling link"])
@pytest.mark.parametrize("links", [True, False])
def test_a_created_file_replaces_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, taken: str, links: bool
) -> None:
    """What has the name stays as it is, also on a file system without links."""
    if not links:
        monkeypatch.setattr(os, "link", lambda *names: (_ for _ in ()).throw(OSError(1, "no")))
    path = tmp_path / "note.md"
    if taken == "file":
        path.write_text("mine")
    elif taken == "folder":
        path.mkdir()
    else:
        path.symlink_to(tmp_path / "nowhere")
    assert not create_file(path, "ours")
    assert names(tmp_path) == ["note.md"]
    assert taken != "file" or path.read_text() == "mine"
    assert create_file(tmp_path / "other.md", "ours")
    assert (tmp_path / "other.md").read_text() == "ours"
    assert names(tmp_path) == ["note.md", "other.md"]


@posix
def test_what_must_last_is_flushed_file_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With sync each new folder's name, the file, then its name are flushed; without, nothing."""
    flushed = list[str]()
    real = os.fsync

    def fsync(handle: int) -> None:
        name = Path(f"/proc/self/fd/{handle}").readlink().name
        flushed.append("temporary" if name.endswith(".new") else name)
        real(handle)

    if not Path("/proc/self/fd").is_dir():
        pytest.skip("needs /proc")
    monkeypatch.setattr(os, "fsync", fsync)
    write_file(tmp_path / "a" / "b" / "page.md", "text")
    assert flushed == [tmp_path.name, "a", "temporary", "b"]
    flushed.clear()
    write_file(tmp_path / "c" / "d" / "page.md", "text", sync=False)
    create_file(tmp_path / "c" / "e" / "page.md", "text", sync=False)
    assert flushed == []


def test_a_name_as_long_as_a_name_can_be_is_written(tmp_path: Path) -> None:
    """The temporary name does not contain the file's, so that it fits too."""
    path = tmp_path / ("n" * 252 + ".md")
    write_file(path, "text")
    assert path.read_text() == "text"


def test_text_is_written_as_utf_8_with_its_own_line_ends(tmp_path: Path) -> None:
    """Bytes and text give the same file, on every system."""
    for data in ("é\r\nb\n", "é\r\nb\n".encode()):
        write_file(tmp_path / "page.md", data)
        assert (tmp_path / "page.md").read_bytes() == b"\xc3\xa9\r\nb\n"


@posix
@pytest.mark.parametrize("kind", ["pipe", "folder", "device"])
def test_only_a_plain_file_is_read(tmp_path: Path, kind: str) -> None:
    """Anything else is an error at once, with its name, and leaves no descriptor open."""
    path = tmp_path / kind
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to(os.devnull)
    before = sum(1 for _ in Path("/dev/fd").iterdir())
    with pytest.raises(OSError, match="not a file") as caught:
        read_file(path)
    assert caught.value.filename == str(path)
    assert sum(1 for _ in Path("/dev/fd").iterdir()) == before
