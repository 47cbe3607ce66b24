"""The learner's editor: which one it is, and how it is told the line to open a file at."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from grader.base.errors import UsageError


class EditorStyle(NamedTuple):
    """How a family of editors takes a file and a line."""

    at_line: tuple[str, ...]
    wait: tuple[str, ...] = ()
    """What lets a program with windows return only when the file is closed."""


PLUS = EditorStyle(("+{line}", "{file}"))
GOTO = EditorStyle(("--goto", "{file}:{line}"), ("--wait",))
JETBRAINS = EditorStyle(("--line", "{line}", "{file}"), ("--wait",))
STYLES = {
    **dict.fromkeys(("vi", "vim", "nvim", "view", "nano", "pico", "emacs", "emacsclient"), PLUS),
    **dict.fromkeys(("micro", "kak", "joe", "jed", "mg", "ne", "mcedit", "xed", "pluma"), PLUS),
    **dict.fromkeys(("gvim", "mvim"), EditorStyle(PLUS.at_line, ("-f",))),
    **dict.fromkeys(("gedit", "bbedit"), EditorStyle(PLUS.at_line, ("--wait",))),
    **dict.fromkeys(("code", "code-insiders", "codium", "vscodium", "cursor", "windsurf"), GOTO),
    **dict.fromkeys(("pycharm", "charm", "idea", "clion", "dataspell", "webstorm"), JETBRAINS),
    **dict.fromkeys(
        ("subl", "sublime_text", "zed", "zeditor"), EditorStyle(("{file}:{line}",), ("--wait",))
    ),
    **dict.fromkeys(("hx", "helix"), EditorStyle(("{file}:{line}",))),
    "mate": EditorStyle(("--line", "{line}", "{file}"), ("--wait",)),
    "kate": EditorStyle(("-l", "{line}", "{file}"), ("-b",)),
    "geany": EditorStyle(("--line", "{line}", "{file}")),
    "notepad++": EditorStyle(("-n{line}", "{file}")),
}
"""By the name of the program, without its folder, version and ending."""
WINDOWS = ("code", "codium", "cursor", "zed", "subl", "pycharm", "charm", "idea", "kate", "gedit")
"""Editors with windows of their own, in the order in which they are looked for."""
TERMINALS = ("nvim", "vim", "nano", "micro", "hx", "emacs", "vi", "notepad")


def open_in_editor(path: Path, line: int | None = None, *, wait: bool = False) -> str:
    """Open a file in the learner's editor, at a line; return the editor's name.

    ``wait`` returns only when the file has been closed. ``UsageError`` where there is no editor.
    """
    words = find_editor(os.environ)
    if words is None:
        raise UsageError(
            f"no editor was found. Set VISUAL, as in: export VISUAL=nano. The file: {path}"
        )
    try:
        code = subprocess.run(make_command(words, path, line, wait=wait)).returncode
    except OSError as error:
        raise UsageError(
            f"the editor {words[0]} cannot be started ({error.strerror or error}). VISUAL and then "
            f"EDITOR name it. The file: {path}"
        ) from error
    if code:
        raise UsageError(f"the editor {words[0]} ended with code {code}. The file: {path}")
    return name_program(words[0])


def find_editor(environment: Mapping[str, str]) -> list[str] | None:
    """Return the editor's command: as VISUAL or EDITOR says, else the first that is installed.

    In the terminal of an editor that editor comes first.
    """
    for name in ("VISUAL", "EDITOR"):
        if words := _split(environment.get(name, "")):
            return words
    path = environment.get("PATH")
    for program in _list_candidates(environment):
        if found := shutil.which(program, path=path):
            return [found]
    return None


def make_command(words: list[str], path: Path, line: int | None, *, wait: bool) -> list[str]:
    """Return the command that opens a file at a line; an unknown editor gets the file alone."""
    style = STYLES.get(name_program(words[0]))
    if style is None:
        return [*words, str(path)]
    flags = [flag for flag in style.wait if wait and flag not in words]
    if line is None:
        return [*words, *flags, str(path)]
    return [*words, *flags, *(part.format(file=path, line=line) for part in style.at_line)]


def name_program(program: str) -> str:
    """Return a program's name without folder, version and ending: ``pycharm64.exe`` is pycharm."""
    name = re.split(r"[\\/]", program)[-1].casefold()
    return re.split(r"(?:64|-?\d[\d.]*|\.\w+)+$", name)[0] or name


def _split(command: str) -> list[str]:
    """Return the words of a command; a path with blanks that exists is one word."""
    if command and Path(command).is_file():
        return [command]
    try:
        return shlex.split(command, posix=sys.platform != "win32")
    except ValueError:  # a quote without its pair
        return command.split()


def find_editor_around(environment: Mapping[str, str]) -> str | None:
    """Return the program of the editor in whose terminal this is, if it shows notebooks."""
    path = environment.get("PATH")
    names = (name for name in _list_around(environment) if not name.startswith("zed"))
    return next((found for name in names if (found := shutil.which(name, path=path))), None)


def _list_around(environment: Mapping[str, str]) -> list[str]:
    """Return the programs that open a file in the editor whose terminal this is."""
    if environment.get("TERM_PROGRAM") == "vscode":
        return ["cursor", "code"] if "CURSOR_TRACE_ID" in environment else ["code", "codium"]
    if "JetBrains" in environment.get("TERMINAL_EMULATOR", ""):
        return ["pycharm", "charm", "idea"]
    return ["zed", "zeditor"] if environment.get("ZED_TERM") else []


def _list_candidates(environment: Mapping[str, str]) -> list[str]:
    around = _list_around(environment)
    shows = sys.platform in ("win32", "darwin")
    shows = shows or bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))
    return [*around, *(WINDOWS if shows else ()), *TERMINALS]
