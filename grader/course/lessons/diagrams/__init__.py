"""The diagrams of lessons: read from a few lines of YAML and laid out as shapes.

``reading`` turns a description into data (``model``) with every fault at its line; ``cells``,
``merges``, ``plots`` and ``streams`` turn the data into ``shapes``. The site writes the shapes as
SVG in its own colours. Nothing is loaded, and no picture file is kept.
"""
