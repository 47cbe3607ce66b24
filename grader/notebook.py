"""``%load_ext grader.notebook``: ``%%grade`` and ``%grade`` for the kernel of a Jupyter notebook.

What they do is in ``grader.cli.notebook``. Neither torch nor the learner's code is imported here.
"""

from __future__ import annotations

from typing import Any


def load_ipython_extension(shell: Any) -> None:
    """Add the magics to a kernel; IPython calls this."""
    from grader.cli.notebook.magics import register

    register(shell)
