"""The command line: ``main`` finds a command, ``commands`` run it, ``console`` prints."""
