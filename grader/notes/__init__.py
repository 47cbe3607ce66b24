"""The learner's notes: Markdown files and notebooks, read without running anything.

- A note or notebook that is broken is still a note; it says what is wrong with it.
- Cells and outputs are shown as they were saved, escape sequences and scripts left out.
- What reaches the site of a learner's text has been cleaned by ``clean``, whole.
"""

from grader.notes.note import Kind, Note, Notes
from grader.notes.start import Started, start

__all__ = ["Kind", "Note", "Notes", "Started", "start"]
