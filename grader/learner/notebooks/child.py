"""The child process that runs one notebook.

Called as ``python -m grader.learner.notebooks.child COPY FOLDER MESSAGE``, it runs COPY in FOLDER
and writes the outputs into COPY. The file MESSAGE holds the number of the running cell or, in the
end, what went wrong.
"""

from __future__ import annotations

import contextlib
import os
import sys
import warnings
from pathlib import Path
from typing import Any

from grader.grading.system.isolation import adopt_orphans, die_with_parent
from grader.grading.system.processes import end_tree, list_children

NO_KERNEL, DIED, UNFIT = 70, 71, 72
"""Exit codes: no such kernel, the kernel died, the file cannot be run."""


def main(copy: Path, folder: Path, message: Path) -> int:
    """Run all cells and return the exit code.

    A cell that raises gets an error output, and the next one runs.
    """
    import nbformat
    from jupyter_client.kernelspec import NoSuchKernel
    from nbclient import NotebookClient
    from nbclient.exceptions import DeadKernelError

    # The kernel is a child of this process, but what cells start may detach itself from the kernel.
    # As their adoptive parent this process sees them all and can end them; and if the command is
    # killed, this process is killed too.
    adopt_orphans()
    die_with_parent()
    try:
        notebook: Any = nbformat.read(copy, as_version=4)  # type: ignore[no-untyped-call]
        client = NotebookClient(
            notebook,
            timeout=None,  # nbclient's own deadline is per cell; the parent enforces ours
            allow_errors=True,
            resources={"metadata": {"path": str(folder)}},
            on_cell_start=lambda cell, cell_index: _report_cell(message, cell_index + 1),
        )
        client.execute()
    except NoSuchKernel as error:
        message.write_text(str(error.name), "utf-8")
        return NO_KERNEL
    except DeadKernelError:
        return DIED
    except Exception as error:  # a damaged file can raise anything
        message.write_text(" ".join(f"{type(error).__name__}: {error}".split())[:300], "utf-8")
        return UNFIT
    finally:
        for left in list_children(os.getpid()):
            end_tree(left)
    nbformat.write(notebook, copy)  # type: ignore[no-untyped-call]
    return 0


def _report_cell(message: Path, number: int) -> None:
    with contextlib.suppress(OSError):
        message.write_text(str(number), "utf-8")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    # No cleanup at exit: threads of nbclient may still wait for a kernel that is gone.
    os._exit(main(*map(Path, sys.argv[1:])))
