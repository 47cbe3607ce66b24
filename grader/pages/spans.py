"""Time from one moment of the records to a later one, in honest words."""

from __future__ import annotations

from datetime import datetime


def seconds(first: str | None, last: str | None) -> int | None:
    """Seconds between two recorded moments; None where one is missing, unreadable or too early."""
    if first is None or last is None:
        return None
    try:
        passed = datetime.fromisoformat(last) - datetime.fromisoformat(first)
    except (ValueError, TypeError):  # edited by hand
        return None
    whole = int(passed.total_seconds())
    return whole if whole >= 0 else None


def span(passed: int | None) -> str:
    """``12 min``, ``2 h 10 min``, and from a day on whole days, rounded to the nearest."""
    if passed is None:
        return "–"
    minutes = passed // 60
    if minutes < 1:
        return "under 1 min"
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 24 * 60:
        hours, left = divmod(minutes, 60)
        return f"{hours} h {left} min" if left else f"{hours} h"
    days = (minutes + 12 * 60) // (24 * 60)
    return "1 day" if days == 1 else f"{days} days"
