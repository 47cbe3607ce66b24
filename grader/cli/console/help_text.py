"""Help in the terminal's width: click's own is at least 50 columns wide, and breaks words."""

from __future__ import annotations

from collections.abc import Iterable

import click

from grader.cli.console.terminal import get_terminal_width, hang

WIDEST = 80
NARROW = 60
"""With fewer columns, what an option does is below its name."""


class CommandGroup(click.Group):
    """A group that lists what its commands do in full; click cuts it at the line's end."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write each command with the first sentence of its help."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, _get_summary(self, ctx, name)) for name in self.commands])


def _get_summary(group: click.Group, ctx: click.Context, name: str) -> str:
    command = group.get_command(ctx, name)
    return " ".join((command.help if command and command.help else "").split("\n\n")[0].split())


class HelpText(click.HelpFormatter):
    """Writes help as click does, without broken words at any width."""

    def __init__(
        self, indent_increment: int = 2, width: int | None = None, max_width: int | None = None
    ) -> None:
        columns = min(get_terminal_width(), max_width or WIDEST)
        super().__init__(indent_increment, width or max(20, columns - 2), max_width)

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the line with the command's form."""
        head = f"{prefix or 'Usage: '}{prog}"
        self.write(f"{hang(head, f' {args}', len('Usage: '), self.width)}\n")

    def write_text(self, text: str) -> None:
        """Write paragraphs."""
        indent = self.current_indent
        for number, paragraph in enumerate(text.split("\n\n")):
            words = " ".join(paragraph.split())
            self.write("\n" * bool(number))
            self.write(f"{hang(' ' * indent, words, indent, self.width)}\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Write names and what they mean; one below the other where there is little room."""
        indent, entries = self.current_indent, list(rows)
        widest = max((len(name) for name, _ in entries), default=0)
        beside = min(widest, col_max) + col_spacing
        for name, text in entries:
            head = hang(" " * indent, name, indent, self.width)
            if self.width < NARROW or len(name) > beside - col_spacing:
                column = indent + (4 if self.width < NARROW else beside)
                self.write(f"{head}\n{hang(' ' * column, text, column, self.width)}\n")
            else:
                head = f"{' ' * indent}{name:<{beside}}"
                self.write(f"{hang(head, text, indent + beside, self.width)}\n")
