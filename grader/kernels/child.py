"""The process that runs one notebook: ``python -m grader.kernels.child COPY FOLDER WORD``.

It writes the number of the cell at work into WORD, and the outputs into COPY.
"""

from __future__ import annotations

import contextlib
import os
import sys
import warnings
from pathlib import Path
from typing import Any

from grader.engine.process import adopt_orphans, children, die_with_parent, end_tree

NO_KERNEL, DIED, UNFIT = 70, 71, 72
"""Exit codes: no such kernel, the kernel died, the file cannot be run."""


def main(copy: Path, folder: Path, word: Path) -> int:
    """Run all cells; one that raises ends up as an error output, and the next one runs."""
    import nbformat
    from jupyter_client.kernelspec import NoSuchKernel
    from nbclient import NotebookClient
    from nbclient.exceptions import DeadKernelError

    adopt_orphans()
    die_with_parent()
    try:
        notebook: Any = nbformat.read(copy, as_version=4)  # type: ignore[no-untyped-call]
        client = NotebookClient(
            notebook,
            timeout=None,
            allow_errors=True,
            resources={"metadata": {"path": str(folder)}},
            on_cell_start=lambda cell, cell_index: _say(word, cell_index + 1),
        )
        client.execute()
    except NoSuchKernel as error:
        word.write_text(str(error.name), "utf-8")
        return NO_KERNEL
    except DeadKernelError:
        return DIED
    except Exception as error:  # whatever a damaged file brings about
        word.write_text(" ".join(f"{type(error).__name__}: {error}".split())[:300], "utf-8")
        return UNFIT
    finally:
        for left in children(os.getpid()):
            end_tree(left)
    nbformat.write(notebook, copy)  # type: ignore[no-untyped-call]
    return 0


def _say(word: Path, number: int) -> None:
    with contextlib.suppress(OSError):
        word.write_text(str(number), "utf-8")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    os._exit(main(*map(Path, sys.argv[1:])))
