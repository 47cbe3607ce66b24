"""Loads the course's YAML files as a ``Course``; a fault is named by file, line and column.

A chain of small steps, each of which reports what it finds and lets the next go on:
``text`` (bytes to text), ``nodes`` (text to a tree with places), ``scalars``, ``schema`` and
``models`` (nodes to checked values, and the JSON Schemas for editors), ``links`` and ``needs``
(checks between files), ``loading`` and ``build``. A value's type is read from the node's own text,
so YAML never turns ``no``, ``1:30``, ``010`` or a date into something else. ``cached`` spares quick
commands the whole chain, and its import, while no file has changed.
"""
