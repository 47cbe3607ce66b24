"""Two versions of one text: recognised as such, and what is left when an import is taken back."""
