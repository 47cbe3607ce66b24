"""A journal's Markdown: headings and blocks in order, and the pieces that they are cut into."""
