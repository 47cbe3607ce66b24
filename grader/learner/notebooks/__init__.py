"""Notebook execution: a copy of a notebook run with a real kernel, when the learner asks for it.

- The file and its folder are copied first, so none of the learner's files is written.
- The deadline is enforced from outside: the kernel and all processes that it started are killed.
- The copy with its outputs is stored by the hash of the source, for the site to show.
"""

from grader.learner.notebooks.execution import execute

__all__ = ["execute"]
