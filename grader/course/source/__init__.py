"""Python source read and rewritten, never run: claims, mistakes, stubs and variants.

Reading (``syntax``, ``claims``, ``contracts``, ``mistakes``, ``leftovers``) takes the standard
library's ``ast``. Rewriting (``stub``, ``variants``) takes LibCST, so that comments and layout
survive; its import takes 150 ms, so each module is imported at its first use.
"""
