"""The use cases: grade, hint, reveal, reset and skip an exercise, review cards, import a journal.

``session`` is the opened workspace; ``submission`` is the learner's file as read once;
``grading`` runs the checks and records the attempt; ``grade_all`` grades exercises in
``parallel``, by the ``durations`` of last time; ``deck`` is the cards, and ``repetition`` a
passed exercise that is solved once more; ``help`` is hints, the reference and fresh stubs;
``exercise_notebook`` and ``exercise_cell`` are an exercise in a notebook;
``importing`` reads, plans and writes an import of journals. Each is imported when it
is first needed: a command that only looks at progress needs no engine.
"""
