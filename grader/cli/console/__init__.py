"""The terminal: outcomes, overviews and help as text; the only place that knows of colour."""
