"""The command line as a learner types it: a real process in a real copy of the workspace."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from grade_command import lay_clone

ROOT = Path(__file__).resolve().parents[2]
SOFTMAX = "attention/softmax"
CLAIMS = 15

Grade = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone as a learner has it: the course, untouched stubs, no records."""
    return lay_clone(tmp_path_factory.mktemp("clone") / "groundwork")


@pytest.fixture
def clone(fresh: Path, tmp_path: Path) -> Path:
    """A fresh clone for one test."""
    return Path(shutil.copytree(fresh, tmp_path / "clone"))


@pytest.fixture
def grade(clone: Path) -> Grade:
    """``grade`` in the clone."""

    def grade(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")}
        return subprocess.run(
            [sys.executable, "-m", "grader.cli.main", *words],
            cwd=clone,
            capture_output=True,
            text=True,
            input=more.pop("said", ""),
            env={**environment, "COLUMNS": "100", **more},
            timeout=120,
        )

    return grade


def until(true: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait for something to become true, and fail when it does not."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def write(clone: Path, text: str, exercise: str = SOFTMAX) -> Path:
    """Put a solution in place."""
    path = clone / "exercises" / f"{exercise}.py"
    path.write_text(text, "utf-8")
    return path


def reference(clone: Path) -> str:
    """The right softmax."""
    return (clone / "solutions" / f"{SOFTMAX}.py").read_text("utf-8")


def unshifted(clone: Path) -> str:
    """A softmax that overflows."""
    return re.sub(r"shifted = .*", "shifted = scores", reference(clone))


@pytest.mark.slow
def test_on_a_fresh_clone_grade_says_in_five_lines_what_to_do(grade: Grade) -> None:
    """What to open, what it asks for and what to type; exit code 0, and nothing recorded."""
    done = grade()
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert len(lines) == 5
    assert re.search(r"Open    exercises/\w+/\w+\.py:\d+ ", done.stdout)
    assert "grade hint" in lines[-1]
    assert json.loads(grade("status", "--json").stdout)["exercises"][SOFTMAX]["attempts"] == 0


@pytest.mark.slow
def test_a_wrong_answer_is_told_with_its_mistake_and_recorded(grade: Grade, clone: Path) -> None:
    """The broken claim, what was asked, want, got, where, and what it looks like."""
    write(clone, unshifted(clone))
    done = grade(SOFTMAX, "--seed", "20")
    assert done.returncode == 1
    for words in (
        "FAIL  Logits of 10,000 and -10,000, or as large",
        "asked  softmax(float32 tensor 3 [10000. 10000. -10000.])",
        "want   only finite numbers",
        "*nan*",
        f"where  exercises/{SOFTMAX}.py:6",
        "Looks like  softmax without the shift",
        f"grade {SOFTMAX} --seed 20",
    ):
        assert words in done.stdout
    state = json.loads(grade("status", "--json").stdout)["exercises"][SOFTMAX]
    assert state == {"state": "started", "attempts": 1, "passed_at": None}


def test_a_right_answer_is_recorded_and_the_next_is_named(grade: Grade, clone: Path) -> None:
    """A pass exits 0, counts, and says what comes next."""
    write(clone, reference(clone))
    done = grade(SOFTMAX)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"passed, {CLAIMS} of {CLAIMS} checks" in done.stdout
    assert "1 of " in done.stdout and "Next" in done.stdout
    status = json.loads(grade("status", "--json").stdout)
    assert status["exercises"][SOFTMAX]["state"] == "passed"
    assert status["totals"]["passed"] == 1
    assert status["next"] != SOFTMAX


def test_what_is_wrong_comes_before_what_is_not_written_yet(grade: Grade, clone: Path) -> None:
    """With one of two functions written, the failure that is shown is the one to mend."""
    exercise = "quantization/absmax_int8"
    path = clone / "exercises" / f"{exercise}.py"
    wrong = "return x.to(torch.int8), x.abs().max()"
    path.write_text(re.sub(r"raise .*write quantize .*", wrong, path.read_text("utf-8")), "utf-8")
    done = grade(exercise)
    assert done.returncode == 1
    assert "--    With a scale of 3" in done.stdout
    assert "asked  quantize(" in done.stdout and "asked  dequantize(" not in done.stdout


def test_a_changed_check_makes_a_pass_stale_until_it_is_graded_again(
    grade: Grade, clone: Path
) -> None:
    """A pass is never lost: it is stale, and settled by a grade; what checks share counts too."""
    write(clone, reference(clone))
    grade(SOFTMAX)
    checks = clone / "curriculum" / "attention" / "check_softmax.py"
    checks.write_text(checks.read_text("utf-8") + "\n# Asked anew.\n", "utf-8")
    state = json.loads(grade("status", "--json").stdout)["exercises"][SOFTMAX]
    assert state["state"] == "stale" and state["passed_at"]
    assert grade(SOFTMAX).returncode == 0
    after = json.loads(grade("status", "--json").stdout)["exercises"][SOFTMAX]
    assert after["state"] == "passed" and after["passed_at"] == state["passed_at"]
    beside = "from grader.checks import load_shared\n\nshared = load_shared(__file__)\n"
    checks.write_text(f"{checks.read_text('utf-8')}\n{beside}", "utf-8")
    checks.with_name("shared.py").write_text("SIZE = 3\n", "utf-8")
    assert grade(SOFTMAX).returncode == 0
    checks.with_name("shared.py").write_text("SIZE = 5\n", "utf-8")
    state = json.loads(grade("status", "--json").stdout)["exercises"][SOFTMAX]
    assert state["state"] == "stale"
    checks.with_name("shared.py").unlink()
    lacking = grade("status")
    assert lacking.returncode == 2
    assert "curriculum/attention/shared.py cannot be read: No such file" in lacking.stderr


def test_stale_passes_are_graded_in_one_go_with_what_is_new(grade: Grade, clone: Path) -> None:
    """``--stale`` takes the stale passes alone, and names the sentences that a contract gained."""
    assert "No pass is stale" in grade("--stale").stdout
    for exercise in (SOFTMAX, "attention/causal_mask"):
        write(clone, (clone / "solutions" / f"{exercise}.py").read_text("utf-8"), exercise)
        assert grade(exercise).returncode == 0
    file = clone / "solutions" / f"{SOFTMAX}.py"
    text = file.read_text("utf-8")
    file.write_text(text.replace("    Args:", "    Rows may be long.\n\n    Args:", 1), "utf-8")
    done = grade("--stale")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "+ Rows may be long." in done.stdout and "causal_mask" not in done.stdout
    assert "No pass is stale" in grade("--stale").stdout
    assert grade("--stale", SOFTMAX).returncode == 2


def test_a_comment_in_a_reference_leaves_a_pass_as_it_is(grade: Grade, clone: Path) -> None:
    """Only the contract and the checks are what was asked; the reference's body is not."""
    write(clone, reference(clone))
    grade(SOFTMAX)
    file = clone / "solutions" / f"{SOFTMAX}.py"
    file.write_text(file.read_text("utf-8").replace("    # exp", "    # Note: exp"), "utf-8")
    assert json.loads(grade("status", "--json").stdout)["exercises"][SOFTMAX]["state"] == "passed"


@pytest.mark.slow
def test_json_is_one_object_of_the_documented_form(grade: Grade, clone: Path) -> None:
    """Keys and values of ``--json`` are those that docs/json.md names, and nothing else is out."""
    write(clone, unshifted(clone))
    done = grade(SOFTMAX, "--json", "--seed", "7")
    result = json.loads(done.stdout)["results"][0]
    assert done.returncode == 1 and done.stderr == ""
    documented = (ROOT / "docs" / "json.md").read_text("utf-8")
    for key in [*result, *result["checks"][0], *result["looks_like"]]:
        assert f"`{key}`" in documented
    assert list(result) == [
        *("exercise", "target", "verdict", "checks", "looks_like", "relations", "seed", "seconds"),
        "unrecorded",
    ]
    assert list(result["checks"][0]) == [
        *("name", "claim", "status", "message", "asked", "want", "got", "where"),
    ]
    assert result["unrecorded"] is None
    assert result["seed"] == 7 and result["looks_like"]["mistake"] == "no_shift"
    assert list(json.loads(grade("status", "--json").stdout)) == [
        *("schema", "next", "totals", "main_path", "milestones", "days", "week"),
        "exercises",
    ]
    first = json.loads(grade("list", "--json").stdout)[0]
    assert list(first) == [
        *("id", "title", "unit", "phase", "needs", "state", "optional", "milestone"),
    ]


@pytest.mark.slow
def test_a_seed_replays_and_the_references_pass(grade: Grade) -> None:
    """``--target solutions`` grades a unit's references and records nothing."""
    done = grade("attention", "--target", "solutions", "--json", "--seed", "5")
    results = json.loads(done.stdout)["results"]
    assert done.returncode == 0 and {r["verdict"] for r in results} == {"passed"}
    assert {r["seed"] for r in results} == {5}
    assert json.loads(grade("status", "--json").stdout)["totals"]["passed"] == 0


@pytest.mark.slow
def test_mine_uses_the_learners_own_earlier_parts(grade: Grade, clone: Path) -> None:
    """A broken softmax breaks the attention that imports it with ``--mine``, and only then."""
    later = "attention/scaled_dot_product"
    write(clone, "def softmax(scores, dim=-1):\n    return scores\n")
    write(clone, (clone / "solutions" / f"{later}.py").read_text("utf-8"), later)
    assert grade(later).returncode == 0
    assert grade(later, "--mine").returncode == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["attention/sofmax"], 2, "did you mean attention/softmax"),
        (["lst"], 2, "did you mean: grade list?"),
        (["nothing_like_it"], 2, "grade list shows all of them"),
        (["--seed", "minus"], 2, "Invalid value"),
        (["--mine", "--target", "solutions", SOFTMAX], 2, "exclude each other"),
        (["log", "--date", "22.11.2026", "x"], 2, "is not a date"),
        (["hint", "attention"], 2, "matches 8 exercises; name one"),
    ],
)
def test_a_usage_error_says_what_was_meant(
    grade: Grade, words: list[str], code: int, said: str
) -> None:
    """Usage errors exit 2 with one sentence on standard error and no traceback."""
    done = grade(*words)
    assert done.returncode == code
    assert said in done.stderr and "Traceback" not in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        ("folder", "is a folder, not a file"),
        ("link", "is a symbolic link"),
        ("gone", "does not exist"),
        ("pipe", "is not a regular file"),
        ("latin", "softmax.py:2: byte 0xe9 is not UTF-8"),
        ("huge", "is larger than 1 MiB"),
        ("syntax", "SyntaxError"),
    ],
)
def test_a_file_that_cannot_be_graded_says_why(
    grade: Grade, clone: Path, trouble: str, said: str
) -> None:
    """Whatever stands in the file's place gets a verdict of its own, and the run ends."""
    path = clone / "exercises" / f"{SOFTMAX}.py"
    path.unlink()
    if trouble == "folder":
        path.mkdir()
    elif trouble == "link":
        path.symlink_to(clone / "solutions" / f"{SOFTMAX}.py")
    elif trouble == "pipe":
        os.mkfifo(path)
    elif trouble == "latin":
        path.write_bytes(b"x = 1\ny = '\xe9'\n")
    elif trouble == "huge":
        path.write_text("#" * (2 << 20))
    elif trouble == "syntax":
        path.write_text("def softmax(:\n")
    done = grade(SOFTMAX)
    assert done.returncode == 1
    assert "cannot be graded" in done.stdout and said in done.stdout


def test_a_file_with_a_byte_order_mark_is_graded(grade: Grade, clone: Path) -> None:
    """An editor's BOM and Windows' line ends are no mistake."""
    path = clone / "exercises" / f"{SOFTMAX}.py"
    path.write_bytes(b"\xef\xbb\xbf" + reference(clone).replace("\n", "\r\n").encode())
    assert grade(SOFTMAX).returncode == 0


@pytest.mark.slow
def test_what_is_graded_is_the_file_as_it_was_read(grade: Grade, clone: Path) -> None:
    """A file that is replaced during its own grading is judged, and recorded, as it was."""
    path = clone / "exercises" / f"{SOFTMAX}.py"
    text = reference(clone) + f"\n\nopen({str(path)!r}, 'w').write('def softmax(: broken')\n"
    write(clone, text)
    assert grade(SOFTMAX).returncode == 0
    assert path.read_text("utf-8") == "def softmax(: broken"
    records = "".join(f.read_text() for f in (clone / "progress" / "attempts").glob("*.json"))
    assert hashlib.sha256(text.encode()).hexdigest() in records
    assert grade(SOFTMAX).returncode == 1


def test_a_killed_command_leaves_no_process_behind(clone: Path) -> None:
    """After kill -9 of ``grade`` in the middle of an endless loop, what ran for it ends."""
    flag = clone / "looping"
    loop = f"print(os.getpid(), os.getppid(), file=open({str(flag)!r}, 'w', 1))\n"
    write(clone, f"import os\ndef softmax(scores, dim=-1):\n    {loop}    while True: pass\n")
    running = subprocess.Popen(
        [sys.executable, "-m", "grader.cli.main", SOFTMAX], cwd=clone, stdout=subprocess.DEVNULL
    )
    until(lambda: flag.exists() and flag.read_text("utf-8").endswith("\n"))
    below = [psutil.Process(int(number)) for number in flag.read_text("utf-8").split()]
    assert all(process.is_running() for process in below)
    running.kill()
    running.wait()
    until(lambda: not any(p.is_running() and p.status() != "zombie" for p in below))


def test_an_interrupted_command_stops_at_once_and_records_nothing(
    grade: Grade, clone: Path
) -> None:
    """Ctrl-C ends the run in a moment, with a word and no traceback."""
    flag = clone / "looping"
    loop = f"open({str(flag)!r}, 'w').close()\n    while True: pass\n"
    write(clone, f"def softmax(scores, dim=-1):\n    {loop}")
    running = subprocess.Popen(
        [sys.executable, "-m", "grader.cli.main", SOFTMAX],
        cwd=clone,
        stderr=subprocess.PIPE,
        text=True,
    )
    until(flag.exists)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=10)
    assert running.returncode == 130 and "Stopped" in said and "Traceback" not in said
    assert json.loads(grade("status", "--json").stdout)["exercises"][SOFTMAX]["attempts"] == 0


def test_a_reader_that_goes_away_is_no_error(clone: Path) -> None:
    """``grade list | head -1`` ends quietly."""
    done = subprocess.run(
        f"{sys.executable} -m grader.cli.main list | head -1",
        shell=True,
        cwd=clone,
        capture_output=True,
        text=True,
    )
    assert done.stdout and done.stderr == ""


@pytest.mark.slow
def test_hints_go_one_step_further_each_time(grade: Grade) -> None:
    """The first call shows one, the third all three, a fourth repeats them."""
    counts = [len(re.findall(r"(?m)^\d  ", grade("hint", SOFTMAX).stdout)) for _ in range(4)]
    assert counts == [1, 2, 3, 3]


def test_a_hint_for_the_failed_check_comes_first(grade: Grade, clone: Path) -> None:
    """Who fails a check that has a hint of its own sees that one, and then the ladder."""
    exercise = "attention/causal_mask"
    general = grade("hint", exercise).stdout
    wrong = (clone / "solutions" / f"{exercise}.py").read_text("utf-8")
    write(clone, wrong.replace("query + past", "query"), exercise)
    assert grade(exercise).returncode == 1
    fitting = grade("hint", exercise).stdout
    assert "row 0 is not token 0" in fitting and "row 0 is not token 0" not in general
    assert len(re.findall(r"(?m)^\d  ", fitting)) == 2


def test_the_solution_is_asked_for_before_a_pass_and_recorded(grade: Grade, clone: Path) -> None:
    """Without a yes nothing is shown; with one the reference stands beside the file."""
    refused = grade("solution", SOFTMAX, said="n\n")
    assert refused.returncode == 0 and "amax" not in refused.stdout
    shown = grade("solution", SOFTMAX, said="y\n", COLUMNS="60")
    assert "scores.amax" in shown.stdout and "NotImplementedError" in shown.stdout
    rows = json.loads((clone / "progress" / "standing.json").read_text("utf-8"))
    assert '"revealed": true' in json.dumps(rows)


def test_a_reset_saves_the_old_file_and_says_where(grade: Grade, clone: Path) -> None:
    """The learner's text is kept byte for byte, and the stub is fresh."""
    stub = (clone / "exercises" / f"{SOFTMAX}.py").read_text("utf-8")
    mine = "# an hour's work\n"
    write(clone, mine)
    done = grade("reset", SOFTMAX)
    saved = re.search(r"kept as (progress/aside/\S+)", done.stdout)
    assert saved is not None
    assert (clone / saved[1]).read_text("utf-8") == mine
    assert (clone / "exercises" / f"{SOFTMAX}.py").read_text("utf-8") == stub
    assert "kept as" not in grade("reset", SOFTMAX).stdout


@pytest.mark.slow
def test_a_skipped_exercise_is_not_next(grade: Grade) -> None:
    """``skip`` moves on, ``skip --undo`` comes back."""
    before = json.loads(grade("next", "--json").stdout)["next"]
    grade("skip", before)
    assert json.loads(grade("next", "--json").stdout)["next"] != before
    grade("skip", before, "--undo")
    assert json.loads(grade("next", "--json").stdout)["next"] == before


def test_a_log_line_lands_in_the_days_file(grade: Grade, clone: Path) -> None:
    """``log`` adds, takes a date, and alone shows the last days."""
    assert grade("log", "read about", "softmax").returncode == 0
    assert grade("log", "an older line", "--date", "2026-01-02").returncode == 0
    old = (clone / "docs" / "log" / "2026-01-02.md").read_text("utf-8")
    assert old.startswith("# Friday, 2 January 2026") and "- an older line" in old
    shown = grade("log").stdout
    assert "read about softmax" in shown and "an older line" in shown


def test_a_talk_and_its_minutes_are_one_line(grade: Grade, clone: Path) -> None:
    """The title becomes the link's words, the minutes stand at the end, with or without words."""
    day = ("--date", "2026-01-04")
    assert grade("log", "--watched", "https://a.example/v?x=1&y=(2)", *day).returncode == 0
    watched = ("--watched", "https://a.example/2", "CS336", "lecture [2]", "--minutes", "80")
    assert grade("log", *watched, *day).returncode == 0
    assert grade("log", "--minutes", "25", *day).returncode == 0
    assert (clone / "docs" / "log" / "2026-01-04.md").read_text("utf-8").splitlines()[2:] == [
        "- Watched <https://a.example/v?x=1&y=%282%29>",
        "- Watched [CS336 lecture \\[2\\]](https://a.example/2) (80 min)",
        "- Studied (25 min)",
    ]


@pytest.mark.parametrize(
    "words",
    [
        ("--watched", "javascript:alert(1)", "x"),
        ("--watched", "", "x"),
        ("--watched", "lecture two"),
        ("--minutes", "0", "x"),
        ("--minutes", "1441", "x"),
        ("--minutes", "soon", "x"),
    ],
)
def test_what_cannot_be_logged_is_a_usage_error(
    grade: Grade, clone: Path, words: tuple[str, ...]
) -> None:
    """Another kind of address or no number of minutes: exit code 2 and no file."""
    done = grade("log", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    assert list((clone / "docs" / "log").iterdir()) == []


def test_an_entry_makes_a_day_of_study(grade: Grade) -> None:
    """A line in the log counts, without an attempt, and ``status`` says it beside the row."""
    before = grade("status").stdout
    assert "This week 0.0 of 5 hours." in before
    assert "Studied on 0 of the last 30 days; 0 days in a row; nothing yet today." in before
    grade("log", "read about softmax")
    assert "Studied on 1 of the last 30 days; 1 day in a row." in grade("status").stdout
    days = json.loads(grade("status", "--json").stdout)["days"]
    assert days == {"streak": 1, "longest": 1, "recent": 1, "today": True}


def test_the_weeks_hours_stand_beside_the_goal(grade: Grade, clone: Path) -> None:
    """What a log line of today says counts, and the goal is that of the settings."""
    (clone / "progress").mkdir()
    (clone / "progress" / "settings.toml").write_text("hours_a_week = 7.5\n")
    grade("log", "read about softmax", "--minutes", "90")
    assert "This week 1.5 of 7.5 hours." in grade("status").stdout
    week = json.loads(grade("status", "--json").stdout)["week"]
    assert week == {"hours": 1.5, "target": 7.5}


@pytest.mark.slow
def test_broken_settings_cost_no_attempt_and_no_line(grade: Grade, clone: Path) -> None:
    """The verdict stands and is recorded, the line is kept; each says which line to mend."""
    (clone / "progress").mkdir()
    (clone / "progress" / "settings.toml").write_text('show_code = true\ntime_zone = "Mars"\n')
    write(clone, reference(clone))
    done = grade(SOFTMAX)
    assert done.returncode == 0 and "passed, 15 of 15" in done.stdout
    fault = "progress/settings.toml:2: time_zone is 'Mars'; expected a time zone such as"
    assert fault in done.stderr and "Until it is fixed" in done.stderr
    assert json.loads(grade("status", "--json").stdout)["exercises"][SOFTMAX]["attempts"] == 1
    logged = grade("log", "kept all the same")
    assert logged.returncode == 0 and fault in logged.stderr
    assert "kept all the same" in grade("log").stdout
    seen = grade("doctor")
    assert seen.returncode == 3
    assert "settings.toml:2:time_zone" in "".join(seen.stdout.split())  # it may be wrapped


def test_log_edit_opens_the_days_file_in_the_editor(grade: Grade, clone: Path) -> None:
    """The editor gets a file that has the day's heading; a day left empty is no day."""
    path = clone / "docs" / "log" / "2026-01-03.md"
    editor = clone / "editor"
    editor.write_text('#!/bin/sh\necho "- by hand" >> "$1"\n')
    editor.chmod(0o755)
    words = ("log", "--edit", "--date", "2026-01-03")
    assert "Nothing was written" in grade(*words, EDITOR="true", VISUAL="true").stdout
    assert not path.exists()
    assert grade(*words, EDITOR=str(editor), VISUAL=str(editor)).returncode == 0
    assert re.fullmatch(r"# Saturday, 3 January 2026\n+- by hand\n", path.read_text("utf-8"))


def test_a_course_with_faults_exits_2_and_names_them_all(grade: Grade, clone: Path) -> None:
    """Each fault has its path, line and column."""
    file = clone / "curriculum" / "attention" / "unit.yml"
    text = file.read_text("utf-8").replace("minutes: 20", "minutes: soon", 1)
    file.write_text(text.replace("title: Attention", "titel: Attention"), "utf-8")
    done = grade("list")
    assert done.returncode == 2
    assert len(re.findall(r"curriculum/attention/unit\.yml:\d+:\d+: ", done.stderr)) >= 2


def test_outside_a_workspace_it_says_so(grade: Grade, tmp_path: Path) -> None:
    """Anywhere else the command names what it looked for."""
    done = subprocess.run(
        [sys.executable, "-m", "grader.cli.main", "status"], cwd="/", capture_output=True, text=True
    )
    assert done.returncode == 2 and "curriculum/course.yml" in done.stderr


def test_a_fault_of_ours_exits_3_and_records_nothing(grade: Grade, clone: Path) -> None:
    """A broken check is told as ours."""
    file = clone / "curriculum" / "attention" / "check_softmax.py"
    text = file.read_text("utf-8").replace(
        'dtype of the logits."""\n', 'dtype of the logits."""\n    1 / 0\n'
    )
    file.write_text(text, "utf-8")
    write(clone, reference(clone))
    done = grade(SOFTMAX)
    assert done.returncode == 3
    assert "not in your code" in done.stdout.replace("\n", " ")
    assert json.loads(grade("status", "--json").stdout)["exercises"][SOFTMAX]["attempts"] == 0


def test_a_verdict_stands_when_it_cannot_be_recorded(grade: Grade, clone: Path) -> None:
    """A file where the records' folder should be: the verdict is shown, and exit code 3."""
    (clone / "progress").write_text("in the way")
    write(clone, reference(clone))
    done = grade(SOFTMAX)
    assert done.returncode == 3
    assert "passed, 15 of 15" in done.stdout
    assert "not recorded" in done.stderr and "Traceback" not in done.stderr
    assert (clone / "progress").read_text() == "in the way"


@pytest.mark.slow
def test_an_engine_that_cannot_start_is_done_without(clone: Path) -> None:
    """Without a part of it a line says that it is slower, and the verdict comes all the same."""
    write(clone, unshifted(clone))
    program = (
        "from grader.grading.host import discovery as door\nfrom grader.cli.main import main\n"
        "door.HOST = 'no_such_engine'\n"
        f"main([{SOFTMAX!r}])"
    )
    own = f"{os.environ['GROUNDWORK_ENGINE']}/own"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=clone,
        env={**os.environ, "GROUNDWORK_ENGINE": own},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1 and "10 of 15 checks pass" in done.stdout
    assert len(done.stderr.splitlines()) == 1 and "starts new processes" in done.stderr


@pytest.mark.slow
def test_the_doctor_finds_nothing_on_a_sound_clone_and_something_on_another(
    grade: Grade, clone: Path
) -> None:
    """A missing exercise file is named with its remedy."""
    assert grade("doctor").returncode == 0
    (clone / "exercises" / f"{SOFTMAX}.py").unlink()
    done = grade("doctor")
    assert done.returncode == 3 and f"grade reset {SOFTMAX}" in done.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_are_printed(grade: Grade, shell: str) -> None:
    """Each shell gets its script."""
    assert "_GRADE_COMPLETE" in grade("completion", shell).stdout


def test_exercises_complete(grade: Grade) -> None:
    """A shell that asks for the words after ``grade att`` gets exercises."""
    done = grade(_GRADE_COMPLETE="bash_complete", COMP_WORDS="grade attention/so", COMP_CWORD="1")
    assert SOFTMAX in done.stdout


LIGHT = {"click"}
READING = LIGHT | {"orjson", "tinydb"}
PARTS = {
    "log": LIGHT,
    "log a line": LIGHT,
    "status": READING,
    "next": READING,
    "list": READING,
    f"hint {SOFTMAX}": READING,
    SOFTMAX: READING | {"msgpack"},
}
"""What others made and a command may load."""
SLOW = {"asyncio", "logging", "subprocess", "tempfile", "secrets", "difflib", "traceback"}
"""What Python brings and no quick command needs."""


@pytest.mark.slow
@pytest.mark.parametrize("words", PARTS)
def test_quick_commands_load_as_little_as_they_can(grade: Grade, clone: Path, words: str) -> None:
    """No engine, no YAML, nothing slow: what is loaded is listed here."""
    write(clone, reference(clone))
    assert grade(SOFTMAX).returncode == 0
    program = (
        "import sys\nfrom grader.__main__ import main\n"
        "before = set(sys.modules)\n"
        f"sys.argv[1:] = {words.split()!r}\n"
        "try: main()\nexcept SystemExit: pass\n"
        "new = {name: sys.modules[name] for name in sys.modules.keys() - before}\n"
        "home = {n: getattr(m, '__file__', None) or '' for n, m in new.items()}\n"
        "made = {n for n, file in home.items() if 'site-packages' in file}\n"
        f"print(*{{n.split('.')[0] for n in made}}, *new.keys() & {SLOW!r}, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=clone, capture_output=True, text=True
    )
    assert set(done.stderr.split()) == PARTS[words]


def test_a_course_that_changed_is_read_anew(grade: Grade, clone: Path) -> None:
    """What is kept of the course never hides an edit, a fault or a file that is gone."""
    unit = clone / "curriculum" / "attention" / "unit.yml"
    before, status = unit.read_text("utf-8"), unit.stat()
    assert "Attention" in grade("list").stdout
    unit.write_text(before.replace("title: Attention", "title: Retention"), "utf-8")
    os.utime(unit, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert "Retention" in grade("list").stdout
    (clone / "curriculum" / "attention" / "softmax.md").unlink()
    assert "lesson of attention/softmax does not exist" in grade("list").stderr
    unit.write_text("titel: none", "utf-8")
    assert "unit.yml:1:1" in grade("list").stderr


@pytest.mark.slow
@pytest.mark.parametrize("damage", [b"", b"\0" * 400, b"00000000\n{}", b"Softmin"])
def test_a_damaged_copy_of_the_course_counts_as_none(
    grade: Grade, clone: Path, damage: bytes
) -> None:
    """The course is read from its files, and the copy is made again."""
    right = grade("list").stdout
    copy = clone / ".groundwork" / "cache" / "course.json"
    whole = copy.read_bytes()
    copy.write_bytes(whole.replace(b"Softmax", damage) if damage == b"Softmin" else damage)
    done = grade("list")
    assert (done.returncode, done.stdout, done.stderr) == (0, right, "")
    assert copy.read_bytes() == whole


def test_every_command_is_in_the_readme_or_the_reference() -> None:
    """A command that no page names does not exist for a learner."""
    from grader.cli.commands.table import COMMANDS

    pages = (ROOT / "README.md").read_text("utf-8") + (ROOT / "docs" / "commands.md").read_text(
        "utf-8"
    )
    assert [name for name in COMMANDS if name != "run" and f"grade {name}" not in pages] == []
