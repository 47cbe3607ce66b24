"""Where ``grade`` starts: loading makes no garbage, so nobody looks for any until it is done."""

import gc
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120
UPDATE = os.path.join(ROOT, ".groundwork", "update", "plan.json")  # noqa: PTH118
"""The plan of an update that was cut off, as ``grader.base.staged_files`` has it."""


def main() -> None:
    """Load the command line without the collector; ``cli.main`` turns it on for a command."""
    gc.disable()
    if os.path.exists(UPDATE):  # noqa: PTH110 - pathlib would be loaded for this alone
        _complete_files()
    from grader.cli.main import main as run

    run()


def _complete_files() -> None:
    """Put the files of an update in place that was cut off; ``grade update`` does the rest.

    There may be modules of two versions now, which load only together.
    """
    from pathlib import Path

    from grader.base.staged_files import put_in_place

    try:
        put_in_place(Path(ROOT))
    except OSError as error:
        sys.exit(
            f"An update of the course was interrupted, and its files cannot be put in place: "
            f"{error}. Make the file writable, or close what has it open, then try again."
        )
    if sys.argv[1:2] != ["update"]:
        print("An update of the course was interrupted. Run: grade update", file=sys.stderr)


if __name__ == "__main__":
    main()
