"""The learner's notes: Markdown files and notebooks, read without running anything.

- A broken note or notebook is still a note, which says what is wrong with it.
- Cells and outputs are shown as they were saved, without escape sequences and scripts.
- Every text of the learner's passes through ``clean`` as a whole before it reaches the site.
"""

from grader.learner.notes.folder import Notes
from grader.learner.notes.new_note import CreatedNote, create_note
from grader.learner.notes.note import Note, NoteKind

__all__ = ["CreatedNote", "Note", "NoteKind", "Notes", "create_note"]
