"""Mutants: every rule as a table of what becomes of a line, and what stays out of their reach."""

from __future__ import annotations

import ast
import textwrap

import pytest

from grader.authoring.mutation import generate_mutants
from grader.authoring.mutation.mutant import Mutant
from grader.base.errors import CourseError

RULES = [
    ("return a < b", {"return a <= b", "return a >= b", "return None"}),
    ("return a == b", {"return a != b", "return None"}),
    ("return a is b", {"return a is not b", "return None"}),
    ("return a in b", {"return a not in b", "return None"}),
    ("return a / b", {"return a * b", "return a // b", "return a", "return b", "return None"}),
    ("return a @ b", {"return a * b", "return a", "return b", "return None"}),
    ("return a ** b", {"return a * b", "return a", "return b", "return None"}),
    ("return a and b", {"return a or b", "return a", "return b", "return None"}),
    ("return not a", {"return a", "return None"}),
    ("return -a", {"return a", "return None"}),
    ("return ~a", {"return a", "return None"}),
    ("a += b", {"a -= b", "a = b", "pass"}),
    ("a = 3", {"a = 4", "a = 2", "pass"}),
    ("a = 0", {"a = 1", "a = -1", "pass"}),
    ("a = 0.5", {"a = 1.0", "pass"}),
    ("a = True", {"a = False", "pass"}),
    ('a = "utf-8"', {'a = ""', "pass"}),
    ('a = b""', {'a = b"x"', "pass"}),
    ("a: int = b", {"pass"}),
    ("a = b if c else d", {"a = b", "a = d", "pass"}),
    ("a = b, c", {"a = c, b", "pass"}),
    ("a = [b, c]", {"a = [c, b]", "a = [b]", "a = [c]", "pass"}),
    ("a = {b: c, d: e}", {"a = {b: c}", "a = {d: e}", "pass"}),
    ("a = [b for b in c if b]", {"a = [b for b in c]", "pass"}),
    ("a = b[c:]", {"a = b[:]", "a = b[c + 1:]", "a = b[c - 1:]", "a = b[c:-1]", "pass"}),
    ("a = b[:2]", {"a = b[1:2]", "a = b[:]", "a = b[:3]", "a = b[:1]", "pass"}),
    ("a = b.sum(dim=c)", {"a = b.mean(dim=c)", "a = b.sum()", "a = b", "pass"}),
    ("a = b.clone()", {"a = b", "pass"}),
    ("a = b.T", {"a = b", "pass"}),
    ("a = f(b, c)", {"a = f(c)", "a = f(b)", "a = f(c, b)", "a = b", "pass"}),
    ("a = f(*b, **c)", {"a = f(**c)", "a = f(*b)", "pass"}),
    ("a = math.sqrt(b)", {"a = b", "pass"}),
    ("a = max(b)", {"a = min(b)", "a = b", "pass"}),
    ("a.append(b)", {"pass"}),
    ('raise ValueError("not " + a)', {'raise TypeError("not " + a)', "pass"}),
    ("raise KeyError", {"raise ValueError", "pass"}),
    ("assert a", {"pass"}),
    ("del a", {"pass"}),
    ("pass", set()),
    ("return None", set()),
    ("'''What it does.'''", set()),
]
BLOCKS = [
    ("if a:\n    b()", {"if True:", "if False:", "pass"}),
    ("while a:\n    break", {"while False:", "continue", "pass"}),
    ("for a in b:\n    continue", {"for a in ():", "break", "pass"}),
    ("@a\ndef g(b=1):\n    pass", {"", "def g(b=2):", "def g(b=0):"}),
]


def of(body: str) -> list[Mutant]:
    """The mutants of a function with this body."""
    source = f"import math\n\n\ndef f(a, b, c, d, e):\n{textwrap.indent(body, '    ')}\n"
    return generate_mutants(source, ["f"])


def meaning(line: str) -> str:
    """The line as its syntax tree, or itself where it is part of a statement."""
    try:
        return ast.dump(ast.parse(line))
    except SyntaxError:
        return line


@pytest.mark.parametrize(("line", "expected"), RULES)
def test_a_line_has_these_mutants(line: str, expected: set[str]) -> None:
    """Each rule gives what it promises, and no rule gives anything else."""
    assert {meaning(mutant.becomes) for mutant in of(line)} == set(map(meaning, expected))


@pytest.mark.parametrize(("block", "expected"), BLOCKS)
def test_a_block_has_these_mutants(block: str, expected: set[str]) -> None:
    """Conditions are forced, loops never entered, decorators dropped, defaults changed."""
    assert {mutant.becomes for mutant in of(block)} == expected


def test_what_is_left_of_a_call_keeps_its_parentheses() -> None:
    """A sum that was in parentheses, or an argument, stays one value among others."""
    changed = {mutant.becomes for mutant in of("a = f(b + c).sqrt() * (b - c).abs()")}
    assert "a = (b + c).sqrt() * (b - c).abs()" in changed
    assert "a = f(b + c).sqrt() * (b - c)" in changed
    assert "a = f(b + c) * (b - c).abs()" in changed


def test_a_number_too_large_to_double_stays() -> None:
    """No mutant holds a number that Python cannot write."""
    assert all("inf" not in mutant.text for mutant in of("a = 1e308 * 1e308"))


SOURCE = '''\
"""Two of them."""


def one(x: int = 1) -> "int":
    """Not 1 + 1."""
    y: "list[1]" = x + 2
    return y


def two(x):
    return x + 1


class Three:
    size = 4

    def first(self):
        return 5

    def second(self):
        return 6
'''


def test_only_what_is_to_be_written_is_changed() -> None:
    """Bodies and defaults of what is written; no docstring, annotation or neighbour."""
    lines = {mutant.was for mutant in generate_mutants(SOURCE, ["one"])}
    assert lines == {'def one(x: int = 1) -> "int":', 'y: "list[1]" = x + 2', "return y"}
    changed = [mutant.becomes for mutant in generate_mutants(SOURCE, ["one"])]
    assert [line for line in changed if "list[1]" not in line and line.startswith("y")] == []
    assert {m.was for m in generate_mutants(SOURCE, ["Three.second"])} == {"return 6"}
    assert {m.was for m in generate_mutants(SOURCE, ["Three"])} == {"return 5", "return 6"}


def test_mutants_come_in_order_and_differ_in_meaning() -> None:
    """The same source gives the same mutants from top to bottom, none of them twice."""
    found = generate_mutants(SOURCE, ["one", "two"])
    assert found == generate_mutants(SOURCE, ["one", "two"])
    assert [mutant.line for mutant in found] == sorted(mutant.line for mutant in found)
    meanings = [ast.dump(ast.parse(mutant.text)) for mutant in found]
    assert len({*meanings, ast.dump(ast.parse(SOURCE))}) == len(found) + 1


def test_a_mutant_says_where_and_what() -> None:
    """Line, words, lines before and after, and a diff with one line around the change."""
    mutant = next(m for m in generate_mutants(SOURCE, ["two"]) if m.says == "+ becomes -")
    assert (mutant.line, mutant.was, mutant.becomes) == (11, "return x + 1", "return x - 1")
    assert mutant.text == SOURCE.replace("return x + 1", "return x - 1")
    assert mutant.diff.splitlines() == [
        "@@ -10,3 +10,3 @@",
        " def two(x):",
        "-    return x + 1",
        "+    return x - 1",
        " ",
    ]


def test_what_is_no_python_is_told_with_its_place() -> None:
    """A reference that cannot be read is a fault of the course."""
    with pytest.raises(CourseError, match="this is not Python"):
        generate_mutants("def f(:\n", ["f"])
