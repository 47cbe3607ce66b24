"""Python source read and rewritten, never run: claims, mistakes, stubs and variants.

Reading (``claims``, ``mistakes``, ``leftovers``) takes the standard library's ``ast``.
Rewriting (``blank``, ``splice``, ``variants``, ``mutants``) takes LibCST, so that comments and
layout survive; its import takes 150 ms, so each module waits for the first use.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.surgery.leftover import Leftover, leftovers
    from grader.surgery.mutant import Mutant
    from grader.surgery.mutation import mutants
    from grader.surgery.reading import Claim, claims, mistakes
    from grader.surgery.stub import blank
    from grader.surgery.variant import splice, variants

__all__ = [
    "Claim",
    "Leftover",
    "Mutant",
    "blank",
    "claims",
    "leftovers",
    "mistakes",
    "mutants",
    "splice",
    "variants",
]

_HOME = {
    "Claim": "reading",
    "Leftover": "leftover",
    "Mutant": "mutant",
    "blank": "stub",
    "claims": "reading",
    "leftovers": "leftover",
    "mistakes": "reading",
    "mutants": "mutation",
    "splice": "variant",
    "variants": "variant",
}


def __getattr__(name: str) -> Any:
    """What one of the modules offers; the module is imported when first asked for."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
