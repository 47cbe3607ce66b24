"""What every room may use: paths, errors, the clock, locks, files, caches, safe text."""
