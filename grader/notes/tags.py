"""Words in angle brackets that are no HTML: ``<pad>`` is a token, not a tag."""

from __future__ import annotations

import re

_BARE = re.compile(r"</?([A-Za-z][\w-]*)>")
_ELEMENTS = """
a abbr address applet area article aside audio b base basefont bdi bdo bgsound big blink
blockquote body br button canvas caption center cite code col colgroup command content data
datalist dd del details dfn dialog dir div dl dt element em embed fieldset figcaption figure
font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe
img input ins isindex kbd keygen label legend li link listing main map mark marquee math menu
menuitem meta meter multicol nav nobr noembed noframes noscript object ol optgroup option
output p param picture plaintext portal pre progress q rb rp rt rtc ruby s samp script search
section select shadow slot small source spacer span strike strong style sub summary sup svg
table tbody td template textarea tfoot th thead time title tr track tt u ul var video wbr xmp
"""
_HTML = frozenset(_ELEMENTS.split())


def is_word(html: str) -> bool:
    """Whether a bare tag has the name of no HTML element, and so is meant as it stands."""
    bare = _BARE.fullmatch(html)
    return bare is not None and bare[1].casefold() not in _HTML
