"""The course: its data (``model``), its YAML (``loader``) and its Python sources (``source``)."""
