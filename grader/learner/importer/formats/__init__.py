"""Files in other formats, converted to Markdown."""
