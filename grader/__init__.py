"""Groundwork's tool: it asks a learner's code questions, judges the answers and keeps the record."""

__version__ = "0.1.0"
