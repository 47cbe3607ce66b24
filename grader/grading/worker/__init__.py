"""The worker: loads the learner's module and answers questions about it with data."""
