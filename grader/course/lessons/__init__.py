"""Lessons: Markdown with diagrams, snippets that run, and the glossary's terms.

``lesson`` takes a lesson apart, ``diagrams`` reads and lays out its pictures, ``terms`` finds
where a term of the glossary is used.
"""
