"""Which key does what."""

from __future__ import annotations

from collections.abc import Callable

from prompt_toolkit.filters import Condition
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

from grader.cli.watch.controls import Controls

KEYS = {
    "": (
        *("n next", "h hint", "l list", "a all", "r reset"),
        *("s solution", "g log", "Enter again", "q quit"),
    ),
    "panel": ("Esc back", "h hint", "n next", "up/down scroll", "q quit"),
    "list": ("type to search", "up/down choose", "Enter takes it", "Esc back"),
    "log": ("Enter adds it to today's log", "Esc back"),
}


def format_keys(opened: str, width: int) -> list[str]:
    """Return what each key does, in lines of that width that break between keys only."""
    lines = [""]
    for key in KEYS[opened]:
        longer = f"{lines[-1]}  {key}".lstrip()
        if len(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(key)
    return lines


def bind_keys(
    controls: Controls, leave: Callable[[], None], get_page: Callable[[], int]
) -> KeyBindings:
    """Return the keys of a screen, by what is open; ``get_page`` gives the rows of a page."""
    keys = KeyBindings()
    _bind_letters(keys, controls, leave)
    _bind_answers(keys, controls)
    _bind_scrolling(keys, controls, get_page)
    keys.add("enter")(_make_handler(controls, controls.confirm))
    keys.add("escape")(_make_handler(controls, controls.close))
    # In raw mode Ctrl-C is a key; ``<sigint>`` is the signal, when somebody else sends it.
    for name in ("c-c", "c-d", "<sigint>"):
        keys.add(name)(_make_handler(controls, leave))

    @keys.add("c-z")
    def _(event: KeyPressEvent) -> None:
        # Raw mode keeps Ctrl-Z from the terminal: the application restores it and then stops.
        event.app.suspend_to_background()

    return keys


def _bind_letters(keys: KeyBindings, controls: Controls, leave: Callable[[], None]) -> None:
    free = Condition(lambda: controls.mode == "")
    watcher = controls.watcher
    for letter, action in {
        "n": watcher.take_next,
        "h": controls.show_hint,
        "l": controls.browse,
        "/": controls.browse,
        "a": watcher.grade_everything,
        "r": controls.reset,
        "s": controls.show_solution,
        "g": controls.open_log,
        "q": leave,
    }.items():
        keys.add(letter, filter=free)(_make_handler(controls, action))


def _bind_answers(keys: KeyBindings, controls: Controls) -> None:
    """Bind y to yes and every other key to no, while something is asked."""
    asked = Condition(lambda: controls.mode == "ask")
    keys.add("<any>", filter=asked)(_make_handler(controls, lambda: controls.answer(False)))
    for letter in ("y", "Y"):
        keys.add(letter, filter=asked)(_make_handler(controls, lambda: controls.answer(True)))


def _bind_scrolling(keys: KeyBindings, controls: Controls, get_page: Callable[[], int]) -> None:
    free = Condition(lambda: controls.mode == "")  # in the list and the log, letters are text
    keys.add("up")(_make_handler(controls, lambda: controls.scroll(-1)))
    keys.add("down")(_make_handler(controls, lambda: controls.scroll(1)))
    keys.add("k", filter=free)(_make_handler(controls, lambda: controls.scroll(-1)))
    keys.add("j", filter=free)(_make_handler(controls, lambda: controls.scroll(1)))
    keys.add("pageup")(_make_handler(controls, lambda: controls.scroll(-get_page())))
    for name in ("pagedown", "space"):
        condition = free if name == "space" else Condition(lambda: True)
        keys.add(name, filter=condition)(
            _make_handler(controls, lambda: controls.scroll(get_page()))
        )


def _make_handler(
    controls: Controls, action: Callable[[], None]
) -> Callable[[KeyPressEvent], None]:
    return lambda event: controls.attempt(action)
