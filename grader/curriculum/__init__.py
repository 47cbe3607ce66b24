"""The course's YAML files as a ``Course``, with every fault named by file, line and column.

A chain of small steps, each of which reports what it finds and lets the next go on:
``text`` (bytes to text), ``documents`` (text to nodes with positions), ``shapes`` and
``models`` (nodes to checked values; also the JSON Schemas for editors), ``links`` (what one
file says of another) and ``load``. The types are read from each node's own text, so YAML
never turns ``no``, ``1:30``, ``010`` or a date into something else.
"""

from grader.curriculum.hashes import content_hash
from grader.curriculum.load import load
from grader.curriculum.models import schemas, write_schemas

__all__ = ["content_hash", "load", "schemas", "write_schemas"]
