"""The commands: each parses its words, calls one use case, shows what came, sets the exit code."""
