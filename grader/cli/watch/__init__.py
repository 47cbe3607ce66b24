"""Grading on save.

``exercise_files`` says which exercise was saved, ``change_feed`` when to look, and ``mounts``
where that has to be polled. A ``Watcher`` takes requests; ``job_runner`` gives up what a newer
one made stale, and ``grading_jobs`` grades. A ``View`` is what there is to see at one moment and
``view_text`` puts it into words; ``screen``, with ``screen_rows``, ``rows``, ``controls`` and
``key_bindings``, shows that on a terminal, and ``line_printer`` over a pipe. ``launcher`` begins
and ends it all.
"""
