"""The warm grader: one for all, never stale, replaced when killed, and closed to others."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from small_course import CHECKS, REFERENCE, Bench, body, statuses

from grader.base.errors import GraderFault
from grader.grading.client import Engine
from grader.grading.host import discovery, folders
from grader.grading.host.server import PREFORKS
from grader.grading.system.interpreter import make_environment

PASS = ["passed"] * 3
STEADY = 1 + 3 * PREFORKS
"""Processes of a host that nobody asks for anything."""


@pytest.fixture
def home(socket_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder in which no warm grader listens yet; what listens there later is ended."""
    monkeypatch.setenv("GROUNDWORK_ENGINE", str(socket_folder))
    yield socket_folder
    discovery.stop_hosts()
    until(lambda: not discovery.list_hosts())


def until(true: Callable[[], object], seconds: float = 20.0) -> None:
    """Wait until it holds; fail when it does not."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)


def only_host() -> psutil.Process:
    """The one warm grader that listens."""
    (found,) = discovery.list_hosts()
    return psutil.Process(found["pid"])


def family(host: psutil.Process) -> list[psutil.Process]:
    """A host and all below it."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return [host, *host.children(recursive=True)]
    return []


def count_descriptors(host: psutil.Process) -> int | None:
    """The descriptors of a host; None for a user from whom they are hidden."""
    with contextlib.suppress(psutil.AccessDenied):
        return int(host.num_fds())
    return None


def settle(host: psutil.Process) -> None:
    """Wait until the host has nothing but its preforks, the last of which comes a moment late."""
    seen: list[frozenset[psutil.Process]] = []

    def same() -> bool:
        seen.append(frozenset(family(host)))
        return len(seen[-1]) == STEADY and len(set(seen[-25:])) == 1 and len(seen) >= 25

    until(same)


@pytest.mark.slow
def test_many_first_commands_at_once_start_one_host(home: Path, bench: Bench) -> None:
    """Eight clients that find nobody start one process, and all are served by it."""
    with ThreadPoolExecutor(8) as pool:
        reports = list(pool.map(lambda _: bench.grade(REFERENCE), range(8)))
    assert [statuses(report) for report in reports] == [PASS] * 8
    assert len(discovery.list_hosts()) == 1 and len(list(home.glob("*.sock"))) == 1


def test_a_run_leaves_nothing_for_the_next(bench: Bench) -> None:
    """Patched libraries, modules and settings of one run are not there in the next."""
    spoiled = (
        "import builtins, os, sys, torch\n"
        "if hasattr(builtins, 'left') or 'LEFT' in os.environ or 'left' in sys.modules:\n"
        "    raise RuntimeError('something was left')\n"
        "builtins.left = torch.left = True\nos.environ['LEFT'] = '1'\n"
        "sys.modules['left'] = sys\ntorch.set_default_dtype(torch.float64)\n" + REFERENCE
    )
    for _ in range(2 * PREFORKS + 1):
        assert statuses(bench.grade(spoiled)) == PASS


def test_the_first_optimizer_of_a_run_imports_nothing(bench: Bench) -> None:
    """What torch imports for its first optimizer, in about a second, was loaded before the fork."""
    uses = (
        "import sys, torch\nknown = set(sys.modules)\n"
        "w = torch.nn.Parameter(torch.ones(2))\nw.grad = torch.ones(2)\n"
        "for kind in (torch.optim.AdamW, torch.optim.SGD):\n    kind([w], lr=0.1).step()\n"
        "if new := set(sys.modules) - known:\n"
        "    raise RuntimeError(f'{len(new)} modules were imported')\n" + REFERENCE
    )
    assert statuses(bench.grade(uses)) == PASS


def test_changed_checks_and_references_are_seen_at_once(bench: Bench) -> None:
    """Preforks that were ready before a file changed read it as it is now."""
    other = bench.root / "solutions" / "demo" / "other.py"
    uses = "from exercises.demo.other import other\n" + REFERENCE.replace("x * 2", "other(x)")
    other.write_text("def other(x):\n    return x * 2\n")
    assert statuses(bench.grade(uses)) == PASS
    other.write_text("def other(x):\n    return x * 3\n")
    assert statuses(bench.grade(uses))[0] == "failed"
    bench.checks(CHECKS.replace("equal(twice(3), 6)", "equal(twice(3), 9)"))
    assert statuses(bench.grade(uses))[0] == "passed"


@pytest.mark.slow
def test_a_killed_host_is_replaced_and_no_run_is_lost(home: Path, bench: Bench) -> None:
    """Killed at random moments before and during runs, every run still ends in its report."""
    moments = random.Random(3)
    bench.grade(REFERENCE)
    for _ in range(4):
        doomed = only_host()
        killer = threading.Timer(moments.uniform(0, 0.12), doomed.kill)
        killer.start()
        assert statuses(bench.grade(REFERENCE)) == PASS
        killer.join()
        until(lambda doomed=doomed: not doomed.is_running())
        assert statuses(bench.grade(REFERENCE)) == PASS
    assert [folder.name for folder in (home / "scratch").iterdir()] == [str(only_host().pid)]


@pytest.mark.slow
def test_killed_with_all_its_processes_it_is_replaced_too(home: Path, bench: Bench) -> None:
    """When supervisor, judge and workers die at once, the run is begun again elsewhere."""
    slow = REFERENCE.replace("return x * 2", "import time; time.sleep(0.1); return x * 2")
    bench.grade(REFERENCE)
    for _ in range(2):
        settle(host := only_host())
        doomed = family(host)
        killer = threading.Timer(0.15, lambda d=doomed: [p.kill() for p in d if p.is_running()])
        killer.start()
        assert statuses(bench.grade(slow)) == PASS
        killer.join()


@pytest.mark.slow
def test_a_run_that_kills_its_own_grader_ends_in_a_fault_and_leaves_nothing(bench: Bench) -> None:
    """Code that kills its supervisor each time is given up after a few tries."""
    killing = (
        "import os, signal, subprocess\n"
        "subprocess.Popen(['sleep', '61'], start_new_session=True)\n"
        "os.kill(os.getppid(), signal.SIGKILL)\n" + REFERENCE
    )
    with pytest.raises(GraderFault, match="ended unexpectedly"):
        bench.grade(killing)
    host, sleeper = only_host(), ["sleep", "61"]
    until(lambda: all(p.info["cmdline"] != sleeper for p in psutil.process_iter(["cmdline"])))
    until(lambda: len(family(host)) <= STEADY)
    assert statuses(bench.grade(REFERENCE)) == PASS


@pytest.mark.slow
def test_stop_lets_the_run_under_way_end(home: Path, bench: Bench) -> None:
    """A run that began before the stop has its report; then the process is gone."""
    bench.grade(REFERENCE)
    host = only_host()
    begun = bench.root / "begun"
    doing = f"import time; open({str(begun)!r}, 'w'); time.sleep(0.3); return x * 2"
    with ThreadPoolExecutor(1) as pool:
        report = pool.submit(bench.grade, REFERENCE.replace("return x * 2", doing))
        until(begun.exists)
        assert discovery.stop_hosts() == 1
        assert statuses(report.result()) == PASS
    until(lambda: not host.is_running())
    assert not list(home.glob("*.sock")) and not any((home / "scratch").iterdir())


@pytest.mark.slow
def test_many_runs_leave_the_host_as_it_was(home: Path, bench: Bench) -> None:
    """After fifty runs there are as many processes, descriptors and folders as before."""
    for _ in range(3):
        bench.grade(REFERENCE)
    host = only_host()
    settle(host)
    before, threads = count_descriptors(host), host.num_threads()
    for _ in range(50):
        assert statuses(bench.grade(REFERENCE)) == PASS
    settle(host)
    assert (count_descriptors(host), host.num_threads()) == (before, threads)
    until(lambda: len(list((home / "scratch").glob("*/*"))) == PREFORKS)


def test_an_abandoned_run_ends_at_once_with_its_processes(bench: Bench) -> None:
    """Giving up a run that never ends frees whoever waits, and nothing of it lives on."""
    from grader.grading.client import RunAbandoned

    bench.grade(REFERENCE)
    host = only_host()
    threading.Timer(0.5, bench.engine.abandon).start()
    began = time.monotonic()
    with pytest.raises(RunAbandoned):
        bench.grade("while True: pass\n")
    assert time.monotonic() - began < 3
    until(lambda: len(family(host)) <= STEADY, 5)


@pytest.mark.slow
def test_an_idle_host_ends_and_leaves_nothing(home: Path) -> None:
    """When nobody asks for its idle time the process goes, and so does its socket."""
    home.mkdir(mode=0o700)
    path = home / f"{discovery.get_identity()}.sock"
    program = (
        "import sys\nfrom grader.grading.host import server as host\nhost.IDLE_SECONDS = 0.5\n"
        "host.ROUND = 0.1\nhost.main()"
    )
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        words = [sys.executable, "-P", "-c", program, str(listener.fileno()), str(path)]
        subprocess.run(words, pass_fds=[listener.fileno()], env=make_environment(), check=True)
    host = only_host()
    until(lambda: not host.is_running())
    assert not path.exists() and not any((home / "scratch").iterdir())


@pytest.mark.slow
def test_a_host_whose_socket_is_gone_ends(home: Path, bench: Bench) -> None:
    """Nobody can reach it any more, so it does not stay for half an hour."""
    bench.grade(REFERENCE)
    host = only_host()
    settle(host)
    shutil.rmtree(home)
    until(lambda: not host.is_running())


@pytest.mark.slow
def test_a_host_of_another_version_is_not_asked(home: Path, bench: Bench) -> None:
    """A socket's name says what its host has loaded; one with an older name is told to stop."""
    bench.grade(REFERENCE)
    older = only_host()
    mine = discovery.get_identity()
    (home / f"{mine}.sock").rename(home / f"{mine[:-1]}_.sock")
    assert statuses(bench.grade(REFERENCE)) == PASS
    until(lambda: not older.is_running())


def test_the_name_changes_with_the_grader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A changed module of the engine gives another name, and only that one a process of it."""
    copy = Path(shutil.copytree(discovery.GRADER, tmp_path / "grader"))
    monkeypatch.setattr(discovery, "GRADER", copy)
    before = discovery.get_identity.__wrapped__()
    assert discovery.get_identity.__wrapped__() == before
    (copy / "grading" / "judge" / "judge.py").write_text("# another\n")
    assert discovery.get_identity.__wrapped__() != before


def test_the_name_covers_all_that_a_host_loads() -> None:
    """No module of the grader is loaded before a fork that another name would not come of."""
    program = (
        "import sys\nfrom grader.grading.host.server import preload\npreload()\n"
        "print(*(m.__file__ for n, m in sys.modules.items() if n.split('.')[0] == 'grader'))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    loaded = set(done.stdout.split())
    assert str(discovery.GRADER / "checks.py") in loaded, done.stderr
    assert loaded <= set(discovery.list_loaded_files())


@pytest.mark.slow
def test_a_grader_that_is_updated_while_it_starts_says_so(
    home: Path, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command that began before an update is not served by what came after it."""
    monkeypatch.setattr(discovery, "get_identity", lambda: "00000000-old")
    with pytest.raises(GraderFault, match="updated meanwhile; run the command again"):
        bench.grade(REFERENCE)


@pytest.mark.slow
def test_socket_and_folder_are_the_owners_alone(home: Path, bench: Bench) -> None:
    """Nobody else may enter the folder or write to the socket, also one that was there before."""
    home.mkdir(mode=0o777)
    home.chmod(0o777)
    bench.grade(REFERENCE)
    (path,) = home.glob("*.sock")
    assert home.stat().st_mode & 0o777 == 0o700
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can try")
def test_another_user_is_refused_even_through_an_open_door(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Should the modes be opened, the other user's connection is closed unheard."""
    program = (
        "import os, socket, sys\nos.setuid(65534)\ns = socket.socket(socket.AF_UNIX)\n"
        "s.settimeout(10)\ns.connect(sys.argv[1])\nprint(s.recv(1))\n"
    )
    with tempfile.TemporaryDirectory(prefix="gw-", dir="/tmp") as name:
        monkeypatch.setenv("GROUNDWORK_ENGINE", name)
        bench.grade(REFERENCE)
        host = only_host()
        (path,) = Path(name).glob("*.sock")
        Path(name).chmod(0o777)
        path.chmod(0o777)
        words = [sys.executable, "-I", "-c", program, str(path)]
        done = subprocess.run(words, capture_output=True, text=True)
        assert done.stdout.strip() == "b''", done.stderr
        assert statuses(bench.grade(REFERENCE)) == PASS
        discovery.stop_hosts()
        until(lambda: not host.is_running())


@pytest.mark.slow
@pytest.mark.parametrize("place", ["a file in the way", "a path far too long" * 8])
def test_where_no_socket_can_be_made_runs_are_cold(
    tmp_path: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line says so, and the verdict is the same."""
    (tmp_path / "a file in the way").write_text("")
    monkeypatch.setenv("GROUNDWORK_ENGINE", str(tmp_path / place / "e"))
    said: list[str] = []
    with Engine(notice=said.append) as engine:
        assert statuses(Bench(engine, tmp_path).grade(REFERENCE)) == PASS
        assert engine.cold
    assert len(said) == 1 and "starts new processes" in said[0]


def test_a_client_that_says_nothing_holds_nobody_up(bench: Bench) -> None:
    """Connections that stay silent or say nonsense cost a prefork, not the next run."""
    bench.grade(REFERENCE)
    silent = [discovery.connect()[0] for _ in range(3)]
    silent[0].sendall(b"\xff\xff\xff\xff")
    silent[1].sendall(b"\0\0\0\2no")
    assert statuses(bench.grade(REFERENCE)) == PASS
    for channel in silent:
        channel.close()


def test_an_interrupt_in_the_shell_does_not_reach_the_host(bench: Bench) -> None:
    """SIGINT and SIGHUP to the warm process change nothing."""
    bench.grade(REFERENCE)
    host = only_host()
    for number in (signal.SIGINT, signal.SIGHUP):
        host.send_signal(number)
    assert statuses(bench.grade(REFERENCE)) == PASS
    assert only_host().pid == host.pid


@pytest.mark.slow
def test_a_cold_run_leaves_nothing_in_the_temporary_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the learner's code leaves files there, runs out of time or ends its process."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    monkeypatch.setattr(tempfile, "tempdir", None)
    leaves = "import tempfile\ntempfile.mkdtemp()\nopen('left', 'w').write('x')\n"
    with Engine(cold=True) as engine:
        bench = Bench(engine, tmp_path)
        assert statuses(bench.grade(leaves + REFERENCE)) == PASS
        assert list(scratch.iterdir()) == []
        bench.grade(body("import os; os._exit(3)", leaves))
        bench.grade(body("while True: pass", leaves), call_seconds=1.0)
    assert list(scratch.iterdir()) == []


def test_all_installations_of_a_user_share_one_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each has a folder in it; it counts only if both are the owner's, and both are made so."""
    monkeypatch.delenv("GROUNDWORK_ENGINE", raising=False)
    with tempfile.TemporaryDirectory(prefix="gw-", dir="/tmp") as name:
        monkeypatch.setenv("XDG_RUNTIME_DIR", name)
        folder = list(folders.list_folders())[-1]
        assert folder.parent == Path(name) / f"groundwork-{os.geteuid()}"
        assert not folders.is_private(folder)
        assert folders.make_private(folder)
        assert [stat.S_IMODE(f.stat().st_mode) for f in (folder.parent, folder)] == [0o700] * 2
        if os.geteuid() == 0:
            os.chown(folder.parent, 65534, 65534)
            assert not folders.is_private(folder) and not folders.make_private(folder)
