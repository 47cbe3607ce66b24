"""Hours and weeks of study, phase by phase, and when the course may be finished: pure rules."""

from grader.learner.forecast.finish import (
    SETTLED,
    Forecast,
    NoForecast,
    Start,
    Week,
    compute_target_finish,
    forecast_finish,
    list_weeks,
)
from grader.learner.forecast.hours import count_minutes_between, count_study_minutes
from grader.learner.forecast.phases import PhaseTime, measure_phases

__all__ = [
    "SETTLED",
    "Forecast",
    "NoForecast",
    "PhaseTime",
    "Start",
    "Week",
    "compute_target_finish",
    "count_minutes_between",
    "count_study_minutes",
    "forecast_finish",
    "list_weeks",
    "measure_phases",
]
