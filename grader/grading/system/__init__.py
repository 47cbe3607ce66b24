"""The operating system: memory limits, processes, their output, fresh interpreters."""
