"""Lists that ``assets/filters.js`` can filter: what their entries are chosen by.

Without the script there is no control, and the list is whole.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from grader.site.templating import fill_block


@dataclass(frozen=True, slots=True)
class Facet:
    """Something that entries are chosen by, such as the unit: its values and their words."""

    label: str
    values: Mapping[str, str]

    def mark(self, values: Iterable[str]) -> str:
        """Return the numbers of these values: what an entry of the list carries."""
        wanted = set(values)
        return " ".join(str(n) for n, value in enumerate(self.values) if value in wanted)


def render_filter(*facets: Facet) -> Markup:
    """Return the place of the controls; an entry carries what ``mark`` says of each, with ``|``."""
    described = json.dumps([[facet.label, list(facet.values.values())] for facet in facets])
    return fill_block("filter/place.html", facets=described)
