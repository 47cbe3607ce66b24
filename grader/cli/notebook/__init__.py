"""Exercises in a Jupyter notebook: the magics, what they show, and the kernel that they run in.

``magics`` writes a cell into the exercise's file and grades that; ``kernel`` is what is known of
the notebook around it; ``views`` are verdicts and differences as HTML and as plain text. Nothing of
this is imported by ``grade`` in a terminal.
"""
