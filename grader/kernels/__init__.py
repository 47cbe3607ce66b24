"""Runs a copy of a notebook with a real kernel, when the learner asks for it.

- The file and its folder are copied first, so nothing of the learner's is written.
- The deadline is kept from outside: the kernel and all that it started are killed.
- The copy with its outputs is kept by the hash of the source, for the site to show.
"""

from grader.kernels.run import execute

__all__ = ["execute"]
