"""The curriculum: what a sound folder gives, and where each fault is told."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest
import yaml

from grader.base.errors import USAGE, CourseError
from grader.base.paths import Workspace
from grader.course.loader.cached import load_cached
from grader.course.loader.faults import FaultReport
from grader.course.loader.loading import load
from grader.course.loader.models import MODELS, build_schemas, write_schemas
from grader.course.loader.nodes import compose
from grader.course.model import Course, Hint, Milestone, Objective, Resource

ROOT = Path(__file__).resolve().parents[2]

COURSE = """\
title: A small course
objectives:
  - id: explain
    text: Explain it.
phases:
  - id: first
    title: First
    weeks: [1, 2]
    units: [attention, blocks]
  - id: last
    title: Last
    weeks: [3, 3]
    units: []
"""
RESOURCES = """\
resources:
  - id: book2016
    title: "2016"
    kind: book
    url: https://example.org
    authors: One and Two
    year: 2016
    objectives: [explain]
"""
ATTENTION = """\
title: Attention
summary: Tokens look at each other.
exercises:
  - id: softmax
    title: Softmax
    summary: Scores become probabilities.
    writes: [softmax]
    minutes: 20
    objectives: [explain]
    resources: [book2016]
    hints: [one, two, three]
  - id: mask
    title: Mask
    summary: No look ahead.
    writes: [causal_mask, Mask.forward]
    needs: [attention/softmax]
    minutes: 30
    call_seconds: 2.5
    seconds: 90
    memory_mb: 512
    expected_seconds: 12.5
    hints:
      - one
      - >
        two, over
        two lines
      - three
"""
BLOCKS = """\
title: Blocks
summary: The parts.
exercises:
  - id: norm
    title: Norm
    summary: Centred and scaled.
    writes: [norm]
    needs: [attention/mask]
    minutes: 20
    hints: [one, two, three]
"""
FILES = {
    "course.yml": COURSE,
    "resources.yml": RESOURCES,
    "attention/unit.yml": ATTENTION,
    "blocks/unit.yml": BLOCKS,
}


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    """A sound workspace with two units and three exercises."""
    workspace = Workspace(tmp_path)
    for name, text in FILES.items():
        _write(workspace.curriculum / name, text)
    for exercise in ("attention/softmax", "attention/mask", "blocks/norm"):
        for path in _parts(workspace, exercise):
            _write(path, f"# {exercise}\n")
    return workspace


def _parts(workspace: Workspace, exercise: str) -> list[Path]:
    parts = (
        workspace.locate_lesson,
        workspace.locate_checks,
        workspace.locate_mistakes,
        workspace.locate_reference,
    )
    return [part(exercise) for part in parts]


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())


def _change(workspace: Workspace, name: str, old: str, new: str) -> None:
    path = workspace.curriculum / name
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    path.write_bytes(text.replace(old, new).encode())


def _faults(workspace: Workspace) -> list[str]:
    with pytest.raises(CourseError) as caught:
        load(workspace)
    assert caught.value.exit_code == USAGE
    return str(caught.value).splitlines()


def _one(workspace: Workspace, place: str, *words: str) -> None:
    faults = _faults(workspace)
    assert len(faults) == 1, faults
    assert faults[0].startswith(f"curriculum/{place}: "), faults
    for word in words:
        assert word in faults[0], faults


def test_a_sound_folder_is_a_course(space):
    """Every key arrives, typed, in the order written, with the defaults where it is absent."""
    course = load(space)
    assert isinstance(course, Course) and hash(course)
    assert course.title == "A small course"
    assert course.objectives == (Objective("explain", "Explain it."),)
    assert course.resources == (
        Resource(
            *("book2016", "2016", "book", "https://example.org"), "One and Two", 2016, ("explain",)
        ),
    )
    assert [(p.id, p.title, p.weeks, [u.id for u in p.units]) for p in course.phases] == [
        ("first", "First", (1, 2), ["attention", "blocks"]),
        ("last", "Last", (3, 3), []),
    ]
    softmax, mask, norm = course.iterate_exercises()
    assert (softmax.id, softmax.resources, softmax.objectives) == (
        "attention/softmax",
        ("book2016",),
        ("explain",),
    )
    assert (softmax.call_seconds, softmax.seconds, softmax.memory_mb) == (5.0, 60.0, 2048)
    assert (mask.call_seconds, mask.seconds, mask.memory_mb) == (2.5, 90.0, 512)
    assert (softmax.expected_seconds, mask.expected_seconds) == (2.0, 12.5)
    assert mask.writes == ("causal_mask", "Mask.forward") and mask.needs == ("attention/softmax",)
    assert mask.hints == (Hint(1, "one"), Hint(2, "two, over two lines"), Hint(3, "three"))
    assert norm.minutes == 20 and norm.unit == "blocks"


def test_windows_line_ends_change_nothing(space):
    """A checkout with CRLF loads as the same course."""
    before = load(space)
    for name, text in FILES.items():
        _write(space.curriculum / name, text.replace("\n", "\r\n"))
    assert load(space) == before


# One fault each: the file, what is replaced by what, where it is told, words that matter.
SINGLE = {
    "unknown key": (
        "attention/unit.yml",
        "    minutes: 20",
        "    minuts: 3\n    minutes: 20",
        "attention/unit.yml:8:5",
        ['unknown key "minuts"', 'did you mean "minutes"?'],
    ),
    "unknown key, far from all": (
        "course.yml",
        "title: A small course",
        "title: A small course\nxyzzy: 1",
        "course.yml:2:1",
        ['"xyzzy"', "use title, summary, goal, objectives, phases"],
    ),
    "missing key": (
        "attention/unit.yml",
        "    title: Softmax\n",
        "",
        "attention/unit.yml:4:5",
        ["lacks the key title", 'add "title:"'],
    ),
    "duplicate key": (
        "course.yml",
        "    title: First",
        "    title: First\n    title: Second",
        "course.yml:8:5",
        ["duplicate key title", "first in line 7", "keep one"],
    ),
    "a key that is a list": (
        "course.yml",
        "title: A small course",
        "title: A small course\n? [a]\n: 1",
        "course.yml:2:3",
        ["a key must be a word"],
    ),
    "merge key": (
        "blocks/unit.yml",
        "    title: Norm",
        "    title: Norm\n    <<: {}",
        "blocks/unit.yml:6:5",
        ['unknown key "<<"'],
    ),
    "no": (
        "attention/unit.yml",
        "title: Attention",
        "title: no",
        "attention/unit.yml:1:8",
        ["YAML reads title as a boolean: no", 'write "no"'],
    ),
    "sexagesimal": (
        "attention/unit.yml",
        "title: Attention",
        "title: 1:30",
        "attention/unit.yml:1:8",
        ["as a number: 1:30", 'write "1:30"'],
    ),
    "date": (
        "attention/unit.yml",
        "title: Attention",
        "title: 2026-11-22",
        "attention/unit.yml:1:8",
        ["as a date", 'write "2026-11-22"'],
    ),
    "null": (
        "attention/unit.yml",
        "title: Attention",
        "title: ~",
        "attention/unit.yml:1:8",
        ["as null"],
    ),
    "no text": (
        "attention/unit.yml",
        "title: Attention",
        'title: " "',
        "attention/unit.yml:1:8",
        ["title is empty"],
    ),
    "escape sequence": (
        "attention/unit.yml",
        "title: Attention",
        'title: "\\e[31mred"',
        "attention/unit.yml:1:8",
        ["control character", "\\x1b[31mred"],
    ),
    "octal": (
        "blocks/unit.yml",
        "minutes: 20",
        "minutes: 010",
        "blocks/unit.yml:9:14",
        ['minutes is "010"', "whole number from 1", "in decimal"],
    ),
    "minutes as a time": (
        "blocks/unit.yml",
        "minutes: 20",
        "minutes: 1:30",
        "blocks/unit.yml:9:14",
        ['minutes is "1:30"'],
    ),
    "number in quotes": (
        "blocks/unit.yml",
        "minutes: 20",
        'minutes: "20"',
        "blocks/unit.yml:9:14",
        ["without quotes"],
    ),
    "number out of bounds": (
        "blocks/unit.yml",
        "minutes: 20",
        "minutes: 0",
        "blocks/unit.yml:9:14",
        ["from 1 to"],
    ),
    "fraction of a whole number": (
        "blocks/unit.yml",
        "minutes: 20",
        "minutes: 2.5",
        "blocks/unit.yml:9:14",
        ["whole number"],
    ),
    "not a number": (
        "attention/unit.yml",
        "seconds: 90",
        "seconds: .nan",
        "attention/unit.yml:19:14",
        ['seconds is ".nan"', "number from 0.1"],
    ),
    "number that is a list": (
        "blocks/unit.yml",
        "minutes: 20",
        "minutes: [20]",
        "blocks/unit.yml:9:14",
        ["minutes is a list", "write a number"],
    ),
    "text that is a mapping": (
        "course.yml",
        "title: A small course",
        "title: {a: b}",
        "course.yml:1:8",
        ["title is keys with values", "write text"],
    ),
    "list that is a word": (
        "blocks/unit.yml",
        "writes: [norm]",
        "writes: norm",
        "blocks/unit.yml:7:13",
        ['writes is "norm"', "write a list"],
    ),
    "list that is empty": (
        "blocks/unit.yml",
        "writes: [norm]",
        "writes: []",
        "blocks/unit.yml:7:13",
        ["writes has 0 items", "give at least 1"],
    ),
    "two hints": (
        "blocks/unit.yml",
        "hints: [one, two, three]",
        "hints: [one, two]",
        "blocks/unit.yml:10:12",
        ["hints has 2 items", "give exactly 3"],
    ),
    "three weeks": (
        "course.yml",
        "weeks: [1, 2]",
        "weeks: [1, 2, 3]",
        "course.yml:8:12",
        ["weeks has 3 items", "give exactly 2"],
    ),
    "weeks that go down": (
        "course.yml",
        "weeks: [1, 2]",
        "weeks: [2, 1]",
        "course.yml:8:13",
        ["weeks goes from 2 down to 1", "[fastest, slowest]"],
    ),
    "unknown kind": (
        "resources.yml",
        "kind: book",
        "kind: boook",
        "resources.yml:4:11",
        ['may not be "boook"', 'did you mean "book"?'],
    ),
    "address without https": (
        "resources.yml",
        "https://example.org",
        "http://example.org",
        "resources.yml:5:10",
        ["begins with https://"],
    ),
    "id with a capital": (
        "blocks/unit.yml",
        "id: norm",
        "id: Norm",
        "blocks/unit.yml:4:9",
        ['id may not be "Norm"', "a-z, 0-9 and _"],
    ),
    "id that climbs": (
        "blocks/unit.yml",
        "id: norm",
        "id: ../../etc/passwd",
        "blocks/unit.yml:4:9",
        ["id may not be"],
    ),
    "id that is a keyword": (
        "blocks/unit.yml",
        "id: norm",
        "id: lambda",
        "blocks/unit.yml:4:9",
        ["no Python keyword"],
    ),
    "need without a unit": (
        "blocks/unit.yml",
        "attention/mask",
        "mask",
        "blocks/unit.yml:8:13",
        ["write unit/exercise"],
    ),
    "written name": (
        "blocks/unit.yml",
        "writes: [norm]",
        "writes: [a.b.c]",
        "blocks/unit.yml:7:14",
        ["Class.method"],
    ),
    "written twice": (
        "blocks/unit.yml",
        "writes: [norm]",
        "writes: [norm, norm]",
        "blocks/unit.yml:7:20",
        ["duplicate"],
    ),
    "unknown need": (
        "blocks/unit.yml",
        "attention/mask",
        "attention/maks",
        "blocks/unit.yml:8:13",
        ['there is no exercise "attention/maks"', 'did you mean "attention/mask"?'],
    ),
    "unknown need, far from all": (
        "blocks/unit.yml",
        "attention/mask",
        "zzz/qqq",
        "blocks/unit.yml:8:13",
        ["write that exercise first"],
    ),
    "unknown objective": (
        "attention/unit.yml",
        "[explain]",
        "[explian]",
        "attention/unit.yml:9:18",
        ["no objective", 'did you mean "explain"?'],
    ),
    "unknown resource": (
        "attention/unit.yml",
        "[book2016]",
        "[xyz]",
        "attention/unit.yml:10:17",
        ["no resource", "add it to curriculum/resources.yml"],
    ),
    "unknown objective of a resource": (
        "resources.yml",
        "[explain]",
        "[explain, explian]",
        "resources.yml:8:27",
        ["no objective", 'did you mean "explain"?'],
    ),
    "objective of a resource twice": (
        "resources.yml",
        "[explain]",
        "[explain, explain]",
        "resources.yml:8:27",
        ["duplicate item of objectives"],
    ),
    "need of itself": (
        "blocks/unit.yml",
        "attention/mask",
        "blocks/norm",
        "blocks/unit.yml:8:13",
        ["cycle: blocks/norm -> blocks/norm;"],
    ),
    "circle": (
        "attention/unit.yml",
        "    minutes: 20",
        "    needs: [blocks/norm]\n    minutes: 20",
        "attention/unit.yml:8:13",
        ["attention/softmax -> blocks/norm -> attention/mask -> attention/softmax;"],
    ),
    "duplicate exercise": (
        "blocks/unit.yml",
        "exercises:\n",
        "exercises:\n" + BLOCKS[BLOCKS.index("  - id") :],
        "blocks/unit.yml:11:9",
        ['duplicate exercise "norm"', "first in line 4"],
    ),
    "duplicate phase": (
        "course.yml",
        "id: last",
        "id: first",
        "course.yml:10:9",
        ['duplicate phase "first"', "line 6"],
    ),
    "alias bomb": (
        "course.yml",
        "    text: Explain it.",
        "    text: *a",
        "course.yml:4:11",
        ["an alias, *a", "write the value out"],
    ),
    "anchor": (
        "course.yml",
        "    text: Explain it.",
        "    text: &a Explain it.",
        "course.yml:4:11",
        ["an anchor, &a"],
    ),
    "tag": (
        "course.yml",
        "    text: Explain it.",
        "    text: !!python/object:os.system Explain",
        "course.yml:4:11",
        ["a tag", "python/object"],
    ),
    "colon in text": (
        "course.yml",
        "    text: Explain it.",
        "    text: Explain: it.",
        "course.yml:4:18",
        ["this is not YAML", "needs quotes"],
    ),
    "open bracket": (
        "blocks/unit.yml",
        "[norm]",
        "[norm",
        "blocks/unit.yml:8:10",
        ["not YAML"],
    ),
    "tab": (
        "blocks/unit.yml",
        "    title: Norm",
        "  \ttitle: Norm",
        "blocks/unit.yml:5:3",
        ["a tab in the indentation;", "indent with spaces"],
    ),
    "control character": (
        "blocks/unit.yml",
        "title: Norm",
        "title: No\x07rm",
        "blocks/unit.yml:5:14",
        ["U+0007"],
    ),
    "two documents": (
        "resources.yml",
        "    year: 2016\n",
        "    year: 2016\n---\nmore: 1\n",
        "resources.yml:8:1",
        ["a second document", "---"],
    ),
}


@pytest.mark.parametrize("case", SINGLE)
def test_one_fault_is_told_once_at_its_place(space, case):
    """Each fault gives one message with its line and column and what to do about it."""
    name, old, new, place, words = SINGLE[case]
    _change(space, name, old, new)
    _one(space, place, *words)


# A whole file replaced by bytes: where it is told, words that matter.
WHOLE = {
    "empty": (b"", "1:1", "the file is empty"),
    "only a comment": (b"# soon\n\n", "1:1", "the file is empty"),
    "not UTF-8": (RESOURCES.replace("One", "On\xe9").encode("latin-1"), "6:16", "byte 0xe9"),
    "UTF-16": (RESOURCES.encode("utf-16"), "1:1", "is not UTF-8"),
    "byte order mark": (b"\xef\xbb\xbf" + RESOURCES.encode(), "1:1", "byte order mark"),
    "NUL": (b"\x00" * 10, "1:1", "U+0000"),
    "ten megabytes": (b"a: b\n" * 2_000_000, "1:1", "10,000,000 bytes"),
    "deep brackets": (b"[" * 500, "1:13", "levels deep"),
    "deep indentation": (b"- " * 300_000, "1:25", "levels deep"),
    "a list": (b"- a\n", "1:1", "the reading list is a list"),
    "a word": (b"hello", "1:1", 'the reading list is "hello"'),
    "an impossible escape": (b'resources: "\\UFFFFFFFF"', "1:15", "not YAML"),
    "a closing bracket": (b"]", "1:1", "not YAML"),
}


@pytest.mark.parametrize("case", WHOLE)
def test_an_unfit_file_is_one_fault(space, case):
    """Whatever a file's bytes are, its fault is told with line and column, and quickly."""
    raw, place, words = WHOLE[case]
    space.resources_file.write_bytes(raw)
    started = time.perf_counter()
    _one(space, f"resources.yml:{place}", words)
    assert time.perf_counter() - started < 20


def test_brackets_without_end_are_one_fault(space):
    """However deep a file is nested, and wherever the YAML library gives up, one fault says so."""
    space.resources_file.write_bytes(b"[" * 100_000)
    (fault,) = _faults(space)
    assert fault.startswith("curriculum/resources.yml:1:") and "levels deep" in fault


def test_a_billion_laughs_end_at_the_first_alias(space):
    """Aliases of aliases are refused where they stand and never expanded."""
    lines = ["a: &a [x, x]"] + [
        f"{b}: &{b} [*{a}, *{a}]" for a, b in zip("abcd", "bcde", strict=True)
    ]
    space.resources_file.write_text("\n".join(lines), "utf-8")
    faults = _faults(space)
    assert sum("an alias" in fault for fault in faults) == 8
    assert sum("an anchor" in fault for fault in faults) == 5


def test_what_is_no_file_is_told(space):
    """A folder, a pipe, a circle of links and an absent file in a course file's place."""
    path = space.resources_file
    path.unlink()
    _one(space, "resources.yml:1:1", "the file is missing")
    path.mkdir()
    _one(space, "resources.yml:1:1", "this is a folder")
    path.rmdir()
    path.symlink_to(path)
    _one(space, "resources.yml:1:1", "cannot be read", "make it readable")
    path.unlink()
    if hasattr(os, "mkfifo"):
        os.mkfifo(path)
        _one(space, "resources.yml:1:1", "not a plain file")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads all")
def test_an_unreadable_file_is_told(space):
    """A file without the permission to read."""
    space.resources_file.chmod(0)
    _one(space, "resources.yml:1:1", "cannot be read")


def test_a_listed_unit_without_its_file_is_told_where_it_is_listed(space):
    """The place is the list, and a folder of a similar name is offered."""
    _change(space, "course.yml", "[attention, blocks]", "[attention, block, embeddings]")
    faults = _faults(space)
    assert faults[0].startswith("curriculum/blocks/unit.yml:1:1: no phase lists this unit")
    assert faults[1].startswith("curriculum/course.yml:9:24: unit block has no")
    assert 'did you mean "blocks"?' in faults[1]
    assert "course.yml:9:31" in faults[2] and "write curriculum/embeddings/unit.yml" in faults[2]
    assert len(faults) == 3


def test_a_unit_file_that_is_a_folder_is_told(space):
    """A folder in place of unit.yml is that file's fault, and hides no other."""
    path = space.locate_unit_file("blocks")
    path.unlink()
    path.mkdir()
    _one(space, "blocks/unit.yml:1:1", "this is a folder")


def test_a_unit_listed_twice_is_told(space):
    """A unit belongs to one phase, so that no exercise exists twice."""
    _change(space, "course.yml", "units: []", "units: [blocks]")
    _one(space, "course.yml:13:13", 'duplicate unit "blocks"', "line 9")


def test_a_need_that_comes_later_is_told(space):
    """An exercise may need only what stands before it."""
    _change(space, "blocks/unit.yml", "    needs: [attention/mask]\n", "")
    _change(space, "attention/unit.yml", "needs: [attention/softmax]", "needs: [blocks/norm]")
    _one(space, "attention/unit.yml:16:13", "needs blocks/norm, which comes later")


@pytest.mark.parametrize("index", range(4))
def test_each_missing_part_of_an_exercise_is_told(space, index):
    """Lesson, checks, mistakes and reference are all files that exist."""
    path = _parts(space, "attention/mask")[index]
    path.unlink()
    _one(space, "attention/unit.yml:12:9", space.show_path(path), "write it")
    path.mkdir()
    _one(space, "attention/unit.yml:12:9", space.show_path(path))


def test_no_fault_hides_another(space):
    """Faults of all files arrive together, sorted by place, also beside a broken file."""
    _write(space.resources_file, "resources: [\n")
    _change(space, "course.yml", "weeks: [1, 2]", "weeks: [1, x]")
    _change(space, "attention/unit.yml", "minutes: 20", "minutes: many\n    colour: red")
    _change(space, "blocks/unit.yml", "attention/mask", "attention/nothing")
    space.locate_lesson("blocks/norm").unlink()
    places = [re.match(r"curriculum/(\S+:\d+:\d+): ", fault) for fault in _faults(space)]
    assert [place and place[1] for place in places] == [
        "attention/unit.yml:8:14",
        "attention/unit.yml:9:5",
        "blocks/unit.yml:4:9",
        "blocks/unit.yml:8:13",
        "course.yml:8:16",
        "resources.yml:2:1",
    ]


def test_what_could_not_be_read_is_not_judged(space):
    """A broken course.yml accuses no unit, a broken unit no need, a broken list no reading."""
    _write(space.course_file, "title: [\n")
    assert len(_faults(space)) == 1
    _write(space.course_file, COURSE)
    _write(space.locate_unit_file("attention"), "title: [\n")
    assert len(_faults(space)) == 1


def test_a_flood_of_faults_is_cut(space):
    """A file with ten thousand faults tells a hundred and says that more follow."""
    _write(space.resources_file, "resources:\n" + "  - x\n" * 10_000)
    faults = _faults(space)
    assert len(faults) == 101
    assert "more faults follow" in faults[-1]


def test_tabs_on_many_lines_are_one_fault(space):
    """The first tab is told, with the number of further lines; tabs inside text may stay."""
    _write(space.resources_file, "resources:\n\t- id: a\n\t  title: b\n")
    _one(space, "resources.yml:2:1", "and in 1 more lines")
    _write(space.resources_file, RESOURCES.replace('"2016"', '"a\tb"'))
    assert load(space).resources[0].title == "a\tb"


def test_both_readers_of_yaml_agree(monkeypatch):
    """Without libyaml the slower reader gives the same nodes at the same places."""
    report = FaultReport(Path("x"))
    fast = compose(ATTENTION, report)
    monkeypatch.setattr("grader.course.loader.nodes._Loader", yaml.SafeLoader)
    assert compose(ATTENTION, report) == fast
    assert not report.faults


def test_the_committed_schemas_are_those_of_the_models(tmp_path):
    """The schema files beside the course are what the models give."""
    for name, text in build_schemas().items():
        assert (ROOT / "curriculum" / name).read_text("utf-8") == text
    (tmp_path / "curriculum").mkdir()
    write_schemas(Workspace(tmp_path))
    assert sorted(path.name for path in tmp_path.glob("curriculum/*")) == sorted(build_schemas())


def test_the_schemas_know_every_key():
    """Each model's keys, and no others, are admitted by its schema; the needed are required."""
    for kind, model in MODELS.items():
        schema = json.loads(build_schemas()[f"{kind}.schema.json"])
        assert schema["properties"].keys() == model.keys.keys()
        assert schema["additionalProperties"] is False
    exercise = json.loads(build_schemas()["unit.schema.json"])["properties"]["exercises"]["items"]
    assert {"id", "hints", "writes"} <= set(exercise["required"])
    assert "needs" not in exercise["required"]
    assert exercise["properties"]["hints"] | {"description": ""} == {
        "description": "",
        "type": "array",
        "items": {"type": "string", "minLength": 1},
        "minItems": 3,
        "maxItems": 3,
    }
    pattern = exercise["properties"]["id"]["pattern"]
    assert re.search(pattern, "layer_norm") and not re.search(pattern, "class")


def test_the_schemas_reject_what_the_reader_rejects():
    """A JSON Schema validator passes the sound files and refuses a wrong one."""
    sound = {"course": COURSE, "resources": RESOURCES, "unit": ATTENTION}
    for kind, text in sound.items():
        schema = json.loads(build_schemas()[f"{kind}.schema.json"])
        jsonschema.Draft202012Validator.check_schema(schema)
        jsonschema.validate(yaml.safe_load(text), schema)
        wrong = yaml.safe_load(text) | {"colour": "red"}
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, schema)


def test_the_present_course_loads():
    """The course that is committed has no fault."""
    assert [unit.id for unit in load(Workspace(ROOT)).iterate_units()]


def test_loading_needs_no_heavy_library(space):
    """Reading the course imports neither torch nor libcst nor pydantic."""
    code = (
        "import sys; from pathlib import Path; from grader.base.paths import Workspace\n"
        "from grader.course.loader import loading as curriculum\n"
        "from grader.course.source.claims import read_claims\n"
        "from grader.course.source.mistakes import read_mistakes\n"
        f"curriculum.load(Workspace(Path({str(space.root)!r})))\n"
        "read_claims('def test_a(): pass'); read_mistakes('')\n"
        "print(sorted({'torch', 'libcst', 'pydantic', 'pytest'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_a_course_of_144_exercises_loads_at_once(space):
    """Eighteen units of eight exercises load in well under half a second."""
    exercise = BLOCKS[BLOCKS.index("  - id") :].replace("    needs: [attention/mask]\n", "")
    units = [f"unit_{i}" for i in range(18)]
    shutil.rmtree(space.curriculum / "attention")
    shutil.rmtree(space.curriculum / "blocks")
    _change(space, "course.yml", "[attention, blocks]", f"[{', '.join(units)}]")
    for unit in units:
        names = [f"norm_{i}" for i in range(8)]
        listed = "".join(exercise.replace("norm", name) for name in names)
        _write(space.locate_unit_file(unit), BLOCKS[: BLOCKS.index("  - id")] + listed)
        for path in (path for name in names for path in _parts(space, f"{unit}/{name}")):
            _write(path, "")
    started = time.perf_counter()
    assert len(list(load(space).iterate_exercises())) == 144
    assert time.perf_counter() - started < 0.5


def test_the_order_of_needs_reaches_through_others() -> None:
    """What an exercise builds on includes what that builds on, and nothing that comes later."""
    course = load(Workspace(ROOT))
    reach = course.list_reach(course.find_exercise("blocks/transformer_block"))
    assert "attention/softmax" in reach and "blocks/layer_norm" in reach
    assert not {"blocks/transformer_block", "model/gpt", "embeddings/rope"} & set(reach)


# The main path

MAIN_PATH = """\
milestones:
  - id: masked
    title: It looks back
    text: Nothing looks ahead.
    needs: [attention/mask]
  - id: aside
    title: Beside the path
    text: Beside.
    needs: [blocks/norm]
spine:
  - attention/softmax
  - attention/mask
  - milestone: masked
"""
NORM_FIRST = "  - blocks/norm\n  - attention/softmax\n"


@pytest.fixture
def with_path(space: Workspace) -> Workspace:
    """The same workspace with a path through one unit, and a milestone on it and beside it."""
    _write(space.course_file, COURSE + MAIN_PATH)
    return space


def test_a_spine_is_the_main_path(with_path):
    """Its exercises and milestones stand in order; what it leaves out is optional."""
    found = load(with_path)
    assert [step.id for step in found.path] == ["attention/softmax", "attention/mask", "masked"]
    masked, aside = found.milestones
    assert masked == Milestone(
        "masked", "It looks back", "Nothing looks ahead.", ("attention/mask",)
    )
    assert found.path[-1] == masked and aside.id == "aside"
    assert [exercise.id for exercise in found.list_optional()] == ["blocks/norm"]


def test_a_milestone_names_the_models_that_it_trains(with_path):
    """Each kind has a name and its exercises; a name twice and an unknown exercise are faults."""
    models = "    models:\n" + "".join(
        f"      - {{id: {name}, exercises: [{exercise}]}}\n"
        for name, exercise in (("gpt", "attention/mask"), ("llama", "blocks/norm"))
    )
    needs = "    needs: [attention/mask]\n"
    _change(with_path, "course.yml", needs, needs + models)
    small, large = load(with_path).milestones[0].models
    assert (small.id, small.exercises) == ("gpt", ("attention/mask",)) and large.id == "llama"
    _change(
        with_path, "course.yml", "{id: llama, exercises: [blocks/norm", "{id: gpt, exercises: [x/y"
    )
    with pytest.raises(CourseError) as raised:
        load(with_path)
    assert "x/y" in str(raised.value) and 'model "gpt"' in str(raised.value)


def test_the_order_of_the_course_is_the_path_then_the_other_exercises(with_path):
    """An exercise of a later unit comes first where the path begins with it."""
    _change(with_path, "blocks/unit.yml", "    needs: [attention/mask]\n", "")
    _change(with_path, "course.yml", "  - attention/softmax\n  - attention/mask\n", NORM_FIRST)
    _change(with_path, "course.yml", "  - milestone: masked\n", "")
    order = [exercise.id for exercise in load(with_path).iterate_exercises()]
    assert order == ["blocks/norm", "attention/softmax", "attention/mask"]


def test_a_course_without_a_spine_has_no_path(space):
    """Its order is that of phases and units, and nothing is optional."""
    found = load(space)
    assert (found.path, found.milestones, found.list_optional()) == ((), (), ())
    assert [e.id for e in found.iterate_exercises()][-1] == "blocks/norm"


def test_the_order_of_milestones_is_that_of_the_path(with_path):
    """Those of the path come first, as they stand there, whatever the order of their texts."""
    both = "  - blocks/norm\n  - milestone: aside\n  - milestone: masked\n"
    _change(with_path, "course.yml", "  - milestone: masked\n", both)
    assert [milestone.id for milestone in load(with_path).milestones] == ["aside", "masked"]


def test_beside_the_path_a_need_may_point_anywhere(with_path):
    """An optional exercise may need one of a later unit, on the path or not."""
    _change(with_path, "course.yml", "  - attention/mask\n  - milestone: masked\n", "")
    _change(with_path, "blocks/unit.yml", "    needs: [attention/mask]\n", "")
    _change(with_path, "attention/unit.yml", "needs: [attention/softmax]", "needs: [blocks/norm]")
    found = load(with_path)
    assert found.list_reach(found.find_exercise("attention/mask")) == ("blocks/norm",)


# A piece of the path or of a unit replaced by another: file, old, new, where it is told, words.
ON_THE_PATH = {
    "unknown exercise": (
        "course.yml",
        "  - attention/mask\n  - mile",
        "  - attention/mask\n  - attention/sofmax\n  - mile",
        "course.yml:26:5",
        ['there is no exercise "attention/sofmax"', 'did you mean "attention/softmax"?'],
    ),
    "exercise twice": (
        "course.yml",
        "  - attention/mask\n  - mile",
        "  - attention/mask\n  - attention/softmax\n  - mile",
        "course.yml:26:5",
        ['duplicate exercise "attention/softmax" (first in line 24)', "delete one of them"],
    ),
    "need after it": (
        "course.yml",
        "  - attention/softmax\n  - attention/mask\n",
        "  - attention/mask\n  - attention/softmax\n",
        "course.yml:24:5",
        ["attention/mask needs attention/softmax, which does not stand before it"],
    ),
    "need beside the path": (
        "course.yml",
        "  - attention/softmax\n",
        "",
        "course.yml:24:5",
        ["attention/mask needs attention/softmax, which", "list attention/softmax before it"],
    ),
    "need of a milestone after it": (
        "course.yml",
        "  - attention/mask\n  - milestone: masked\n",
        "  - milestone: masked\n  - attention/mask\n",
        "course.yml:25:16",
        ["masked needs attention/mask, which does not stand before it"],
    ),
    "unknown milestone": (
        "course.yml",
        "milestone: masked",
        "milestone: maskd",
        "course.yml:26:16",
        ['there is no milestone "maskd"', 'did you mean "masked"?'],
    ),
    "milestone twice on the path": (
        "course.yml",
        "  - milestone: masked\n",
        "  - milestone: masked\n  - milestone: masked\n",
        "course.yml:27:16",
        ['duplicate milestone "masked" (first in line 26)'],
    ),
    "two milestones of one id": (
        "course.yml",
        "- id: aside",
        "- id: masked",
        "course.yml:19:9",
        ['duplicate milestone "masked"', "give it another name"],
    ),
    "unknown need of a milestone": (
        "course.yml",
        "    needs: [blocks/norm]",
        "    needs: [blocks/nrm]",
        "course.yml:22:13",
        ['there is no exercise "blocks/nrm"', 'did you mean "blocks/norm"?'],
    ),
    "milestone without needs": (
        "course.yml",
        "    needs: [blocks/norm]",
        "    needs: []",
        "course.yml:22:12",
        ["needs has 0 items"],
    ),
    "step that is no name": (
        "course.yml",
        "- attention/softmax",
        "- softmax",
        "course.yml:24:5",
        ['may not be "softmax"', "write unit/exercise, or milestone: and its id"],
    ),
    "step with another key": (
        "course.yml",
        "milestone: masked",
        "goal: masked",
        "course.yml:26:5",
        ["lacks the key milestone"],
    ),
    "circle beside the path": (
        "attention/unit.yml",
        "    minutes: 20\n",
        "    minutes: 20\n    needs: [attention/mask]\n",
        "attention/unit.yml:9:13",
        ["needs form a cycle: attention/softmax -> attention/mask -> attention/softmax"],
    ),
}


@pytest.mark.parametrize("case", ON_THE_PATH)
def test_a_fault_of_the_path_is_told_at_its_place(with_path, case):
    """Each step exists, stands there once and after what it needs; each fault has its place."""
    name, old, new, place, words = ON_THE_PATH[case]
    _change(with_path, name, old, new)
    faults = _faults(with_path)
    assert faults[0].startswith(f"curriculum/{place}: "), faults
    assert all(word in faults[0] for word in words), faults
    assert len(faults) == (2 if case == "step with another key" else 1), faults


def test_what_could_not_be_read_of_a_path_is_not_judged(with_path):
    """A broken unit accuses no step, a broken list of milestones no milestone of the path."""
    _write(with_path.locate_unit_file("attention"), "title: [\n")
    assert len(_faults(with_path)) == 1
    _write(with_path.locate_unit_file("attention"), ATTENTION)
    _change(with_path, "course.yml", "    title: It looks back\n", "    title: []\n")
    assert len(_faults(with_path)) == 1


def test_a_path_is_kept_by_the_cache(with_path):
    """The course read from its cache has the same path and milestones."""
    first = load_cached(with_path)
    assert first.path and load_cached(with_path) == first == load(with_path)
