"""Files of a journal: what each is, what it is called, and its bytes decoded as text."""
