"""Groundwork's tool: it asks code questions, judges the answers and keeps the record."""

__version__ = "0.1.0"
