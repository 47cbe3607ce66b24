"""What goes wrong when a spam classifier is trained."""

from grader.checks import caught_by, edit, spelling
