"""Surgery: stubs and variants made from source, checks and mistakes read from it."""

from __future__ import annotations

import ast
import types
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.base.errors import CourseError
from grader.course.model import Mistake
from grader.course.source.claims import Claim, read_claims
from grader.course.source.leftovers import find_leftovers
from grader.course.source.mistakes import read_mistakes
from grader.course.source.stub import make_stub
from grader.course.source.variants import build_variants, group_by_mistake

ROOT = Path(__file__).resolve().parents[2]
REFERENCES = sorted(ROOT.glob("solutions/*/*.py"))

REFERENCE = '''\
"""A module.  Its odd   spacing stays."""

import math   # used by the solution alone
from dataclasses import dataclass

LIMIT = 3  # kept


# A comment above.
@dataclass
class Box:
    """A box."""

    size: int = 1  # a field

    # above a method
    @property
    def area(self) -> float:   # beside the signature
        """The area.

        >>> Box(2).area
        4.0
        """
        # why

        side = (
            self.size
        )
        return math.pow(side, 2)
        # the end

    def double(self): return Box(self.size * 2)

    def label(self) -> str:
        return f"box {self.size}"


async def wait(a, /, b: int = 1, *rest: int, c, **more) -> None:
    """Wait."""; await thing(a)


def half(x):
    return x / 2  # no docstring


# the last words
'''

STUB = '''\
"""A module.  Its odd   spacing stays."""

import math   # used by the solution alone
from dataclasses import dataclass

LIMIT = 3  # kept


# A comment above.
@dataclass
class Box:
    """A box."""

    size: int = 1  # a field

    # above a method
    @property
    def area(self) -> float:   # beside the signature
        """The area.

        >>> Box(2).area
        4.0
        """
        raise NotImplementedError("write Box.area (about 4 lines)")

    def double(self):
        raise NotImplementedError("write Box.double (about 1 line)")

    def label(self) -> str:
        return f"box {self.size}"


async def wait(a, /, b: int = 1, *rest: int, c, **more) -> None:
    """Wait."""
    raise NotImplementedError("write wait (about 1 line)")


def half(x):
    raise NotImplementedError("write half (about 1 line)")


# the last words
'''


def _run(source: str) -> types.ModuleType:
    module = types.ModuleType("sample")
    exec(compile(source, "sample", "exec", dont_inherit=True), module.__dict__)
    return module


def _told(error: pytest.ExceptionInfo[CourseError]) -> list[str]:
    return str(error.value).splitlines()


def test_a_stub_is_the_reference_without_the_bodies():
    """Decorators, signatures, docstrings, comments outside and layout stay to the letter."""
    stub = make_stub(REFERENCE, ["Box.area", "Box.double", "wait", "half"])
    assert stub == STUB
    ast.parse(stub)


def test_a_class_name_means_all_of_its_methods():
    """Fields and the class's docstring stay; every method is blanked."""
    stub = make_stub(REFERENCE, ["Box"])
    for name in ("area", "double", "label"):
        assert f"write Box.{name} (about" in stub
    assert "size: int = 1  # a field" in stub
    assert "return x / 2  # no docstring" in stub


def test_a_stub_blanked_again_differs_only_in_its_count():
    """A stub is a fixed point but for the line count, which is then that of the raise."""
    stub = make_stub("def f():\n    a = 1\n    return a\n", ["f"])
    assert make_stub(stub, ["f"]) == stub.replace("about 2 lines", "about 1 line")


def test_a_stub_raises_not_implemented():
    """Calling what is to be written raises; what was not named works."""
    module = _run(make_stub(REFERENCE, ["Box.area", "half"]))
    with pytest.raises(NotImplementedError, match=r"write half \(about 1 line\)"):
        module.half(1)
    with pytest.raises(NotImplementedError, match=r"Box\.area"):
        _ = module.Box(2).area
    assert module.Box(2).label() == "box 2"


COUNTED = {
    "def f(): pass\n": "about 1 line",
    "def f():\n    '''doc'''\n": "about 0 lines",
    "def f():\n    '''doc'''\n    # only a comment\n\n    x = 1\n": "about 1 line",
    "def f():\n    x = '''a\n\n    # b\n    '''\n": "about 3 lines",
    "def f():\n    def g():\n        # why\n        return 1\n\n    return g\n": "about 3 lines",
    "def f(): 'doc'; x = 1; return x\n": "about 1 line",
    "def f():\n    b'bytes are no docstring'\n    return 1\n": "about 2 lines",
    "def f():\n    'one' 'two'\n    return 1\n": "about 1 line",
    "def f():\n    if x:\n        return 1  # c\n\n    return [\n        1,\n    ]\n": "5 lines",
}


@pytest.mark.parametrize("source", COUNTED)
def test_the_count_is_of_code_lines(source):
    """Blank lines, comments and the docstring are not lines to write."""
    stub = make_stub(source, ["f"])
    assert COUNTED[source] in stub
    assert ast.get_docstring(ast.parse(stub).body[0]) == ast.get_docstring(
        ast.parse(source).body[0]
    )


def test_windows_line_ends_and_tabs_survive():
    """New lines end and are indented as the others in the file."""
    source = 'def f():\r\n\t"""Doc."""\r\n\treturn 1\r\n\r\n\r\nx = 1\r\n'
    assert make_stub(source, ["f"]) == (
        'def f():\r\n\t"""Doc."""\r\n'
        '\traise NotImplementedError("write f (about 1 line)")\r\n\r\n\r\nx = 1\r\n'
    )


def test_a_file_without_a_last_line_end_stays_so():
    """Neither a line end nor anything else is added at the end."""
    assert make_stub("def f(): return 1\nx = 1", ["f"]).endswith("\nx = 1")


@pytest.mark.parametrize("path", REFERENCES, ids=lambda path: path.stem)
def test_real_references_become_stubs_that_keep_their_contract(path):
    """Every function blanked, each docstring is unchanged and no other line is new."""
    source = path.read_text("utf-8")
    functions = [n for n in ast.parse(source).body if isinstance(n, ast.FunctionDef)]
    classes = [n for n in ast.parse(source).body if isinstance(n, ast.ClassDef)]
    whole = [c.name for c in classes if any(isinstance(n, ast.FunctionDef) for n in c.body)]
    stub = make_stub(source, [*(n.name for n in functions), *whole])
    assert {n.name: ast.get_docstring(n) for n in functions} == {
        n.name: ast.get_docstring(n) for n in ast.parse(stub).body if isinstance(n, ast.FunctionDef)
    }
    new = [line for line in stub.splitlines() if line not in source.splitlines()]
    assert new and all("raise NotImplementedError" in line for line in new)


def test_a_name_that_the_reference_lacks_is_told():
    """Every missing name is one fault of the reference's file; a class needs a method."""
    with pytest.raises(CourseError) as error:
        make_stub("class A:\n    x = 1\n", ["A", "A.f", "g"], path=Path("solutions/a.py"))
    assert [line.split(";")[0] for line in _told(error)] == [
        "solutions/a.py:1:1: the reference has no A with a body to blank",
        "solutions/a.py:1:1: the reference has no A.f with a body to blank",
        "solutions/a.py:1:1: the reference has no g with a body to blank",
    ]


BROKEN = {
    "def f(:\n": "1:7",
    "x = 1\nx = '\n": "2:5",
    "def f():\n\tx = 1\n        y = 2\n": "3:",
    "\ufeffx = 1\n": "1:1",
    "x = 1\x00\n": "1:",
    "(" * 5000: "1:",
    "-" * 100_000 + "1\n": "1:1",
}


@pytest.mark.parametrize("text", BROKEN, ids=range(len(BROKEN)))
def test_what_is_not_python_is_told_with_its_place(text):
    """Each function names the file at fault with line and column."""
    calls: dict[str, list[Callable[[], object]]] = {
        "r.py": [
            lambda: make_stub(text, ["f"], path=Path("r.py")),
            lambda: find_leftovers(text, ["f"], path=Path("r.py")),
            lambda: build_variants(text, MISTAKES, reference_path=Path("r.py")),
        ],
        "c.py": [lambda: read_claims(text, path=Path("c.py"))],
        "m.py": [
            lambda: read_mistakes(text, path=Path("m.py")),
            lambda: build_variants(REFERENCE, text, mistakes_path=Path("m.py")),
        ],
    }
    for name, tries in calls.items():
        for attempt in tries:
            with pytest.raises(CourseError) as error:
                attempt()
            (told,) = _told(error)
            assert told.startswith(f"{name}:{BROKEN[text]}") and "not Python" in told


HELPERS = '''\
LIMIT = 3


def _shift(x):
    return _twice(x)


def _twice(x):
    return 2 * x


def _default():
    return 1


class Config:
    pass


def _shown(x):
    return x


def unused():
    return _twice


def f(x, c: Config, y=_default()):
    """F.

    >>> f(_shown(1))
    _twice is only a word here
    """
    return _shift(x) + _default() + _shown(x)


class Layer:
    def _inner(self):
        return 1

    def _outer(self):
        return 2

    def public(self):
        return 3

    def forward(self):
        return self._inner() + self._outer() + self.public() + f(1)

    def other(self):
        return self._outer()
'''


def test_helpers_that_only_the_solution_uses_are_told():
    """Directly or through one another; not what signatures, examples or kept code use."""
    told = [(left.name, left.line) for left in find_leftovers(HELPERS, ["f", "Layer.forward"])]
    assert told == [("_shift", 4), ("_twice", 8), ("Layer._inner", 38)]
    assert find_leftovers(HELPERS, ["f", "_shift", "_twice"]) == []
    assert [left.name for left in find_leftovers(HELPERS, ["f", "Layer"])] == ["_shift", "_twice"]


MISTAKES = '''\
"""What goes wrong."""

import os
import math
from pathlib import Path as P, PurePath

from grader.checks import caught_by


@caught_by("test_area")
def cubed():
    """the third power
    in place of the second"""

    class Box:
        @property
        def area(self):
            # wrong
            return math.pow(self.size, 3)

        def extra(self):
            return "extra"


@caught_by("test_half")
def third():
    """a third"""

    def _part(x):
        return x / 3

    def half(x):
        return _part(x)
'''


def test_mistakes_are_read_without_running_the_file():
    """Name, sentence, check and line of each, in order."""
    assert read_mistakes(MISTAKES, REFERENCE) == (
        Mistake("cubed", "the third power in place of the second", "test_area", 11),
        Mistake("third", "a third", "test_half", 26),
    )
    assert read_mistakes("") == ()


def _variants(reference, text):
    """The variant of each mistake, none of which has more than one spelling."""
    return {variant.label: variant.text for variant in build_variants(reference, text)}


def _variant(reference, text, mistake):
    return _variants(reference, text)[mistake]


def test_a_variant_replaces_only_what_the_mistake_gives():
    """The given methods and functions are new, and every other line is the reference's."""
    spliced = _variants(REFERENCE, MISTAKES)
    assert list(spliced) == ["cubed", "third"]
    cubed = _run(spliced["cubed"].replace("await thing(a)", "pass"))
    assert cubed.Box(2).area == 8.0
    assert cubed.Box(2).label() == "box 2" and cubed.Box(2).extra() == "extra"
    assert cubed.half(3) == 1.5
    third = _run(spliced["third"])
    assert third.half(3) == 1.0 and third.Box(3).area == 9.0
    for text in ("# A comment above.\n@dataclass\n", "# above a method\n", "# the last words\n"):
        assert text in spliced["cubed"]
    assert "# no docstring" in spliced["cubed"] and "# no docstring" not in spliced["third"]
    assert _variant(REFERENCE, MISTAKES, "third") == spliced["third"]


def test_a_variant_is_the_reference_to_the_letter_elsewhere():
    """One function replaced by itself gives the same text back."""
    reference = "import os\n\n\n# c\ndef f(x):  # d\n    return   x\n\n\ny = f( 1 )\n"
    wrong = (
        "from grader.checks import caught_by\n\n\n@caught_by('t')\ndef m():\n    'says'\n\n"
        "    def f(x):  # d\n        return   x\n"
    )
    assert _variant(reference, wrong, "m") == reference


def test_imports_of_the_mistakes_are_added_once():
    """After the reference's own, one name each; those it has and the grader's stay out."""
    third = _variant(REFERENCE, MISTAKES, "third")
    added = [line for line in third.splitlines() if line.startswith(("import", "from"))]
    assert added == [
        "import math   # used by the solution alone",
        "from dataclasses import dataclass",
        "import os",
        "from pathlib import Path as P",
        "from pathlib import PurePath",
    ]
    only_third = MISTAKES.replace("class Box", "def half(x): pass\n\n    class _Box")
    bare = _variant('"""Doc."""\n\n\ndef half(x):\n    return x\n', only_third, "third")
    assert bare.startswith('"""Doc."""\nimport os\n')


def test_a_variant_keeps_line_ends_and_tabs():
    """Functions of a mistake take the reference's line ends and indentation."""
    reference = "class A:\r\n\tx = 1\r\n\r\n\tdef f(self):\r\n\t\treturn 1\r\n"
    wrong = (
        "@caught_by('t')\ndef m():\n    'says'\n\n    class A:\n"
        "        def f(self):\n            if 1:\n                return 2\n"
    )
    assert _variant(reference, wrong, "m") == (
        "class A:\r\n\tx = 1\r\n\r\n\tdef f(self):\r\n\t\tif 1:\r\n\t\t\treturn 2\r\n"
    )


def test_a_property_and_its_setter_are_replaced_together():
    """All definitions of a name give way to all that the mistake gives."""
    reference = (
        "class A:\n    @property\n    def x(self):\n        return 1\n\n"
        "    @x.setter\n    def x(self, v):\n        self.v = v\n"
    )
    wrong = (
        "@caught_by('t')\ndef m():\n    'says'\n\n    class A:\n"
        "        @property\n        def x(self):\n            return 2\n"
    )
    spliced = _variant(reference, wrong, "m")
    assert _run(spliced).A().x == 2 and "setter" not in spliced


def test_a_class_on_one_line_takes_a_method():
    """A class whose body stands on its own line gains the mistake's methods."""
    wrong = "@caught_by('t')\ndef m():\n    's'\n    class A:\n        def f(self): return 2\n"
    assert _run(_variant("class A: pass\n", wrong, "m")).A().f() == 2


EDITS = '''\
@caught_by("test_half")
def third():
    """a third"""
    edit("x / 2", "x / 3")


@caught_by("test_half")
def doubled():
    """twice the number"""
    with spelling():
        edit("x / 2", "x * 2")
    with spelling():
        edit("x / 2", "x + y")
        edit("(x):", "(x, y=1):")
    with spelling():
        edit("HALF = 2", "HALF = 0.5")

        def half(x):
            return x / HALF
'''


def test_edits_make_variants_of_the_text():
    """Each spelling is the reference with its pieces replaced, and has its label and line."""
    reference = "HALF = 2\n\n\ndef half(x):\n    return x / 2  # of x\n"
    assert [(v.mistake, v.label, v.line, v.text) for v in build_variants(reference, EDITS)] == [
        ("third", "third", 2, reference.replace("/ 2", "/ 3")),
        ("doubled", "doubled (spelling 1)", 10, reference.replace("x / 2", "x * 2")),
        (
            "doubled",
            "doubled (spelling 2)",
            12,
            reference.replace("x / 2", "x + y").replace("(x)", "(x, y=1)"),
        ),
        (
            "doubled",
            "doubled (spelling 3)",
            15,
            "HALF = 0.5\n\n\ndef half(x):\n    return x / HALF\n",
        ),
    ]


def test_spellings_share_their_mistake():
    """A mistake is read once, and its spellings are its texts in order."""
    reference = "HALF = 2\n\n\ndef half(x):\n    return x / 2\n"
    known = read_mistakes(EDITS, reference)
    assert [mistake.name for mistake in known] == ["third", "doubled"]
    texts = group_by_mistake(build_variants(reference, EDITS))
    assert {name: len(spellings) for name, spellings in texts.items()} == {"third": 1, "doubled": 3}


def test_edits_look_for_their_pieces_in_the_reference_itself():
    """What one edit puts in is not a piece for the next, and the order does not matter."""
    reference = "def f(a, b):\n    return a - b\n"
    text = "@caught_by('t')\ndef m():\n    's'\n    {}\n    {}\n"
    both = 'edit("return a", "return b")', 'edit("- b", "- a")'
    wanted = "def f(a, b):\n    return b - a\n"
    assert _variant(reference, text.format(*both), "m") == wanted
    assert _variant(reference, text.format(*reversed(both)), "m") == wanted


WRONG = {
    "no docstring": ("@caught_by('t')\ndef m():\n    def f(): 1\n", "2:1", "no docstring"),
    "no check": ("def m():\n    's'\n    def f(): 1\n", "1:1", '@caught_by("test_...")'),
    "empty mark": ("@caught_by()\ndef m():\n    's'\n    def f(): 1\n", "2:1", "one check"),
    "two checks": ("@caught_by('a', 'b')\ndef m():\n    's'\n    def f(): 1\n", "2:1", "one check"),
    "computed": ("@caught_by(NAME)\ndef m():\n    's'\n    def f(): 1\n", "2:1", "one check"),
    "nothing inside": ("@caught_by('t')\ndef m():\n    's'\n", "2:1", "replaces nothing"),
    "only a helper": (
        "@caught_by('t')\ndef m():\n    's'\n    def _h(): 1\n",
        "2:1",
        "replaces nothing of the reference",
    ),
    "unknown name": (
        "@caught_by('t')\ndef m():\n    's'\n    def g(): 1\n",
        "4:5",
        "the reference has no g; use a name of the reference (f, C)",
    ),
    "class for function": (
        "@caught_by('t')\ndef m():\n    's'\n    class f: pass\n",
        "4:5",
        "f is a function in the reference",
    ),
    "function for class": (
        "@caught_by('t')\ndef m():\n    's'\n    def C(): pass\n",
        "4:5",
        "C is a class in the reference",
    ),
    "attribute of a class": (
        "@caught_by('t')\ndef m():\n    's'\n    class C:\n        x = 1\n",
        "5:9",
        "C contains more than methods",
    ),
    "statement inside": (
        "@caught_by('t')\ndef m():\n    's'\n    x = 1\n    def f(): 1\n",
        "4:5",
        "this statement in m is neither an edit, a function nor a class",
    ),
    "text that is not there": (
        "@caught_by('t')\ndef m():\n    's'\n    edit('return', 'x')\n",
        "4:5",
        "the reference has no text 'return'; copy the piece",
    ),
    "text that is there twice": (
        "@caught_by('t')\ndef m():\n    's'\n    edit('pass', 'return')\n",
        "4:5",
        "the reference has 'pass' 2 times; include more of the text",
    ),
    "no text": (
        "@caught_by('t')\ndef m():\n    's'\n    edit('', 'x')\n",
        "4:5",
        "the edit replaces no text",
    ),
    "only layout": (
        "@caught_by('t')\ndef m():\n    's'\n    edit('f(): pass', 'f():  pass')\n",
        "4:5",
        "the edit changes nothing but comments or layout",
    ),
    "no Python": (
        "@caught_by('t')\ndef m():\n    's'\n    edit('f(): pass', 'f(: pass')\n",
        "4:5",
        "the edited reference is not Python: invalid syntax (line 1 of the edited reference)",
    ),
    "two edits of one place": (
        "@caught_by('t')\ndef m():\n    's'\n"
        "    edit('f(): pass', 'f(): 1')\n    edit('def f()', 'def f(x)')\n",
        "4:5",
        "the edit overlaps with that of line 5",
    ),
    "an edit in a function that is replaced": (
        "@caught_by('t')\ndef m():\n    's'\n    edit('f():', 'f(x):')\n    def f(): 1\n",
        "4:5",
        "the edit is in f, which this mistake replaces",
    ),
    "constant at the top": ("LIMIT = 3\n", "1:1", "neither an import nor a mistake"),
    "class at the top": ("class A: pass\n", "1:1", "neither an import nor a mistake"),
}


ALONE = {
    "the same text": ("    edit('f', 'f')\n", "4:5", "the edit changes nothing"),
    "a computed text": (
        "    edit('f', f'{x}')\n",
        "4:5",
        "the arguments of edit() are not two string literals",
    ),
    "one text": ("    edit('f')\n", "4:5", "the arguments of edit() are not two string literals"),
    "a named text": (
        "    edit('f', new='g')\n",
        "4:5",
        "the arguments of edit() are not two string literals",
    ),
    "edits beside spellings": (
        "    with spelling():\n        edit('f', 'g')\n    edit('f', 'h')\n",
        "6:5",
        "m has a statement outside its spellings; write each spelling in a block of its own",
    ),
    "another block": (
        "    edit('f', 'g')\n    with torch.no_grad():\n        pass\n",
        "5:5",
        "this statement in m is neither an edit, a function nor a class",
    ),
}


@pytest.mark.parametrize("case", ALONE)
def test_each_fault_of_an_edit_is_told_without_the_reference(case):
    """One fault, at its line and column, with what to do."""
    body, place, words = ALONE[case]
    text = f"@caught_by('t')\ndef m():\n    's'\n{body}"
    with pytest.raises(CourseError) as error:
        read_mistakes(text, path=Path("m.py"))
    (told,) = _told(error)
    assert told.startswith(f"m.py:{place}: ") and words in told


@pytest.mark.parametrize("case", WRONG)
def test_each_fault_of_a_mistakes_file_is_told(case):
    """One fault, at its line and column, with what to do; splicing tells the same."""
    text, place, words = WRONG[case]
    reference = "def f(): pass\n\nclass C:\n    def f(self): pass\n"
    for attempt in (read_mistakes, build_variants):
        with pytest.raises(CourseError) as error:
            if attempt is read_mistakes:
                read_mistakes(text, reference, path=Path("curriculum/a/mistakes_b.py"))
            else:
                build_variants(reference, text, mistakes_path=Path("curriculum/a/mistakes_b.py"))
        (told,) = _told(error)
        assert told.startswith(f"curriculum/a/mistakes_b.py:{place}: ") and words in told


def test_all_faults_of_a_mistakes_file_come_at_once():
    """Two mistakes of one name, one of which lacks everything."""
    text = "@caught_by('t')\ndef m():\n    's'\n    def f(): 1\n\n\ndef m():\n    pass\n"
    with pytest.raises(CourseError) as error:
        read_mistakes(text, path=Path("m.py"))
    assert [line.split(";")[0] for line in _told(error)] == [
        "m.py:2:1: two mistakes are named m",
        "m.py:7:1: m does not name the one check that catches it",
        "m.py:7:1: m has no docstring",
        "m.py:7:1: m replaces nothing",
        "m.py:7:1: two mistakes are named m",
        "m.py:8:5: this statement in m is neither an edit, a function nor a class",
    ]


def test_claims_are_the_docstrings_of_the_checks():
    """In order, each sentence in one line; helpers and inner functions are no checks."""
    text = (
        '"""Module."""\n\n\ndef helper():\n    """No."""\n\n\n'
        'def test_b(f):\n    """A claim over\n    two lines.\n\n    More.\n    """\n\n'
        "    def test_inner(): pass\n\n\ndef test_a(): pass\n"
    )
    assert read_claims(text) == (
        Claim("test_b", "A claim over two lines.", 8, ("f",)),
        Claim("test_a", "", 18),
    )


def test_the_real_softmax_is_read_and_spliced():
    """Each mistake names a check of the exercise, and no two variants are the same text."""
    here = ROOT / "curriculum/attention"
    reference = (ROOT / "solutions/attention/softmax.py").read_text("utf-8")
    wrong = (here / "mistakes_softmax.py").read_text("utf-8")
    checks = read_claims((here / "check_softmax.py").read_text("utf-8"))
    assert {m.caught_by for m in read_mistakes(wrong, reference)} <= {c.name for c in checks}
    assert all(check.claim.endswith(".") for check in checks)
    spliced = _variants(reference, wrong)
    assert len({reference, *spliced.values()}) == len(spliced) + 1 >= 5
    assert find_leftovers(reference, ["softmax"]) == []
