"""A real open model: fetched once, and spoken by the learner's own code in a process apart."""

from grader.openmodel.fetching import Progress, fetch, found
from grader.openmodel.parcel import PARCELS, SMOLLM2, Parcel
from grader.openmodel.talking import Talk

__all__ = ["PARCELS", "SMOLLM2", "Parcel", "Progress", "Talk", "fetch", "found"]
