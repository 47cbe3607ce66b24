"""Definition lists: a term on a line, and below it lines that begin with a colon and a space.

The plugin also takes ``~ text`` for a definition, which in a note is rather "about": such a line
goes on with its paragraph.
"""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from mdit_py_plugins.deflist import deflist_plugin


def add_definition_lists(parser: MarkdownIt) -> None:
    """Add the plugin, with its rule asked only where a definition begins with a colon."""
    parser.use(deflist_plugin)
    plugin = next(rule for rule in parser.block.ruler.__rules__ if rule.name == "deflist")

    def parse(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        first = start if silent else _find_definition(state, start, end)
        return _begins_with_colon(state, first, end) and plugin_rule(state, start, end, silent)

    plugin_rule = plugin.fn
    parser.block.ruler.at("deflist", parse, {"alt": plugin.alt})


def _find_definition(state: StateBlock, start: int, end: int) -> int:
    """Return the line where the definition of a term would begin."""
    line = start + 1
    return line + 1 if line < end and state.isEmpty(line) else line


def _begins_with_colon(state: StateBlock, line: int, end: int) -> bool:
    return line < end and state.src.startswith(":", state.bMarks[line] + state.tShift[line])
