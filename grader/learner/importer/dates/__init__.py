"""What a date is written like: its forms, names, order and year, alone or in the name of a file."""
