"""The cards and readings in the tables and lists of a journal."""
