"""The judge: runs the checks under pytest. It never imports what runs learners' code."""
