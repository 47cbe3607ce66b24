"""Which key does what."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from prompt_toolkit.filters import Condition
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

if TYPE_CHECKING:
    from grader.watching.screen import Screen

KEYS = {
    "": (
        *("n next", "h hint", "l list", "a all", "r reset"),
        *("s solution", "g log", "Enter again", "q quit"),
    ),
    "panel": ("Esc back", "h hint", "n next", "up/down scroll", "q quit"),
    "list": ("type to search", "up/down choose", "Enter takes it", "Esc back"),
    "log": ("Enter adds it to today's log", "Esc back"),
}


def shown(opened: str, width: int) -> list[str]:
    """What each key does, in lines of that width that break between keys only."""
    lines = [""]
    for key in KEYS[opened]:
        longer = f"{lines[-1]}  {key}".lstrip()
        if len(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(key)
    return lines


def bindings(screen: Screen) -> KeyBindings:
    """The keys of a screen, by what is open."""
    keys = KeyBindings()
    _letters(keys, screen)
    _answers(keys, screen)
    _movements(keys, screen)
    keys.add("enter")(_does(screen, screen.controls.enter))
    keys.add("escape")(_does(screen, screen.controls.home))
    for name in ("c-c", "c-d", "<sigint>"):
        keys.add(name)(_does(screen, screen.quit))

    @keys.add("c-z")
    def _(event: KeyPressEvent) -> None:
        event.app.suspend_to_background()

    return keys


def _letters(keys: KeyBindings, screen: Screen) -> None:
    free = Condition(lambda: screen.controls.mode == "")
    session, controls = screen.session, screen.controls
    for letter, action in {
        "n": session.take_next,
        "h": controls.hint,
        "l": controls.browse,
        "/": controls.browse,
        "a": session.everything,
        "r": controls.reset,
        "s": controls.solution,
        "g": controls.log,
        "q": screen.quit,
    }.items():
        keys.add(letter, filter=free)(_does(screen, action))


def _answers(keys: KeyBindings, screen: Screen) -> None:
    """While something is asked, y is yes and every other key is no."""
    asked = Condition(lambda: screen.controls.mode == "ask")
    keys.add("<any>", filter=asked)(_does(screen, lambda: screen.controls.answer(False)))
    for letter in ("y", "Y"):
        keys.add(letter, filter=asked)(_does(screen, lambda: screen.controls.answer(True)))


def _movements(keys: KeyBindings, screen: Screen) -> None:
    free = Condition(lambda: screen.controls.mode == "")
    keys.add("up")(_does(screen, lambda: screen.controls.scroll(-1)))
    keys.add("down")(_does(screen, lambda: screen.controls.scroll(1)))
    keys.add("k", filter=free)(_does(screen, lambda: screen.controls.scroll(-1)))
    keys.add("j", filter=free)(_does(screen, lambda: screen.controls.scroll(1)))
    keys.add("pageup")(_does(screen, lambda: screen.controls.scroll(-screen.page())))
    for name in ("pagedown", "space"):
        condition = free if name == "space" else Condition(lambda: True)
        keys.add(name, filter=condition)(
            _does(screen, lambda: screen.controls.scroll(screen.page()))
        )


def _does(screen: Screen, action: Callable[[], None]) -> Callable[[KeyPressEvent], None]:
    return lambda event: screen.controls.attempt(action)
