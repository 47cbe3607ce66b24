"""The days of a journal: which lines begin one, and what belongs to it."""
