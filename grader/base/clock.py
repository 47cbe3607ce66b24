"""The time, as the records and the log write it; the only module that asks for it."""

from __future__ import annotations

from datetime import UTC, datetime


def format_now() -> str:
    """Return this moment in UTC to the second: ``2026-11-22T21:04:05+00:00``."""
    return get_now().isoformat(timespec="seconds")


def get_now() -> datetime:
    """Return this moment, with its time zone."""
    return datetime.now(UTC)
