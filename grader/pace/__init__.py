"""Hours and weeks of study, phase by phase, and when the course may be finished: pure rules."""

from grader.pace.hours import between, studied
from grader.pace.outlook import Forecast, Silence, Week, forecast, plan, weeks
from grader.pace.stretch import Went, phases

__all__ = [
    "Forecast",
    "Silence",
    "Week",
    "Went",
    "between",
    "forecast",
    "phases",
    "plan",
    "studied",
    "weeks",
]
