"""An import of a journal: its files read, planned, written, and taken back."""
