"""Links and pictures of a journal: found in its text, and led to new addresses."""
