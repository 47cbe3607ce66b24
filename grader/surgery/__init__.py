"""Python source read and rewritten, never run: claims, mistakes, stubs and variants.

Reading (``claims``, ``mistakes``, ``leftovers``) takes the standard library's ``ast``.
Rewriting (``blank``, ``splice``, ``variants``) takes LibCST, so that comments and layout
survive; its import takes 150 ms, so it waits for the first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader.surgery.leftover import Leftover, leftovers
from grader.surgery.reading import Claim, claims, mistakes

if TYPE_CHECKING:
    from grader.surgery.stub import blank
    from grader.surgery.variant import splice, variants

__all__ = [
    "Claim",
    "Leftover",
    "blank",
    "claims",
    "leftovers",
    "mistakes",
    "splice",
    "variants",
]


def __getattr__(name: str) -> Any:
    """The functions that need LibCST, imported when first asked for."""
    if name == "blank":
        from grader.surgery import stub

        return stub.blank
    if name in ("splice", "variants"):
        from grader.surgery import variant

        return getattr(variant, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
