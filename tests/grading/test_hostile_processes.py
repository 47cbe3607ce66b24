"""A learner's code that turns on the engine's processes: none is looked into, none is replaced."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from small_course import REFERENCE, Bench, statuses

from grader.base.errors import GraderFault
from grader.grading.client import Engine
from grader.grading.host import discovery
from grader.grading.system.usage import measure_footprint

SETPRIV = shutil.which("setpriv")
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who listens")

FIND_FAMILY = """
import os
def parent(pid):
    return int(open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[1])
def children(pid):
    return [int(n) for n in open(f"/proc/{pid}/task/{pid}/children").read().split()]
supervisor = os.getppid()
others = [pid for pid in children(supervisor) if pid != os.getpid()]
host = parent(supervisor)
"""
LOOK = (
    FIND_FAMILY
    + """
import ctypes
library = ctypes.CDLL(None, use_errno=True)
def memory(pid): open(f"/proc/{pid}/mem", "rb").close()
def descriptors(pid): os.readlink(f"/proc/{pid}/fd/0")
def attached(pid):
    if library.ptrace(16, pid, 0, 0) != 0: raise PermissionError
def taken(pid):
    descriptor = os.pidfd_open(pid)
    if library.syscall(438, descriptor, 3, 0) < 0: raise PermissionError
def writable(pid): open(f"/proc/{pid}/mem", "r+b").close()
seen = []
for pid in (supervisor, host, *others):
    for look in (memory, descriptors, taken, writable, attached):
        try:
            look(pid)
            seen.append((pid, look.__name__))
        except PermissionError:
            pass
open("/proc/self/mem", "rb").close(), os.readlink("/proc/self/fd/0")
raise RuntimeError(f"of {len(others)} seen: {seen}")
"""
)
PROGRAM = """
import json, sys
from pathlib import Path
from grader.grading.client import Engine
from grader.grading.host import discovery
from grader.grading.protocol.plan import Plan, Source
root, text = Path(sys.argv[1]), sys.argv[2]
source = Source("demo/twice", text, "exercises/demo/twice.py", str(root / "solutions"))
checks = str(root / "curriculum" / "demo" / "check_twice.py")
with Engine() as engine, engine.run(Plan(source, checks, 1, 5.0, 30.0, 512)) as run:
    print(run.collect_report().load_error)
    assert not engine.cold
discovery.stop_hosts()
"""


def look_as(bench: Bench, *before: str) -> str:
    """What a learner's code sees of the other processes, the engine started by this command."""
    with tempfile.TemporaryDirectory(prefix="gw-", dir="/tmp") as name:
        root = Path(name)
        for folder in ("curriculum", "solutions", "exercises"):
            shutil.copytree(bench.root / folder, root / folder)
        engine = root / "e"
        engine.mkdir()
        for path in (root, *root.rglob("*")):
            path.chmod(0o755)
        if before:
            os.chown(engine, 65534, 65534)
        environment = {**os.environ, "GROUNDWORK_ENGINE": str(engine), "HOME": name}
        done = subprocess.run(
            [*before, sys.executable, "-c", PROGRAM, name, LOOK + REFERENCE],
            capture_output=True,
            text=True,
            env=environment,
            cwd="/",
        )
        return done.stdout + done.stderr


@LINUX
@pytest.mark.slow
def test_supervisor_judge_and_host_cannot_be_looked_into(bench: Bench) -> None:
    """Neither memory nor descriptors, nor by a debugger's call, whoever runs the tests."""
    assert "of 1 seen: []" in look_as(bench)


@LINUX
@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0 or not SETPRIV, reason="only root can become another user")
def test_an_ordinary_user_cannot_look_into_them_either(bench: Bench) -> None:
    """The same as a user without rights; reading is allowed, since Python may be root's alone."""
    user = ("--reuid", "65534", "--regid", "65534", "--clear-groups")
    rights = ("--inh-caps", "+dac_read_search", "--ambient-caps", "+dac_read_search")
    assert SETPRIV is not None
    assert "of 1 seen: []" in look_as(bench, SETPRIV, *user, *rights)


TAKE_OVER = (
    FIND_FAMILY.replace("{", "{{").replace("}", "}}")
    + """
import glob, signal, socket, struct, sys, time
import msgpack
def send(channel, data):
    raw = msgpack.packb(data)
    channel.sendall(struct.pack(">I", len(raw)) + raw)
def stand_in():
    (path,) = glob.glob(os.environ["GROUNDWORK_ENGINE"] + "/*.sock")
    for pid in (host, supervisor):
        os.kill(pid, signal.SIGKILL)
    os.unlink(path)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen()
    {record}
    open({flag!r}, "w").write(str(os.getpid()))
    while True:
        channel, _ = listener.accept()
        channel.recv(1 << 20)
        for name in {names!r}:
            send(channel, {{"finding": {{"name": name, "status": "passed"}}}})
        send(channel, {{"report": {{}}}})
if "worker" not in sys.orig_argv and os.fork() == 0:
    os.setsid()
    stand_in()
time.sleep(2)
os.kill(supervisor, signal.SIGKILL)
"""
)
RECORD = """
    start = open("/proc/self/stat").read().rpartition(")")[2].split()[19]
    open(path[:-5] + ".pid", "w").write(f"{os.getpid()} {start}")
"""


@pytest.fixture
def home(socket_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder in which no warm grader listens yet."""
    monkeypatch.setenv("GROUNDWORK_ENGINE", str(socket_folder))
    yield socket_folder
    for path in tmp_path.glob("flag"):
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(path.read_text()), signal.SIGKILL)
    discovery.stop_hosts()


@LINUX
@pytest.mark.slow
@pytest.mark.parametrize("record", ["", RECORD.strip()], ids=["", "recorded"])
def test_a_process_that_takes_the_sockets_name_is_not_believed(
    home: Path, bench: Bench, tmp_path: Path, record: str
) -> None:
    """It answers "passed" to all; the run goes on without it, and so do later ones."""
    names = ["test_a_number_is_doubled", "test_a_tensor_is_doubled", "test_a_word_is_refused"]
    taking = TAKE_OVER.format(flag=str(tmp_path / "flag"), names=names, record=record)
    wrong = REFERENCE.replace("x * 2", "x * 3")
    said: list[str] = []
    with Engine(notice=said.append) as engine:
        with pytest.raises(GraderFault, match="ended unexpectedly"):
            Bench(engine, bench.root).grade(taking + wrong)
        assert (tmp_path / "flag").exists()
        assert any("in the warm grader's place" in line for line in said)
        if not record:
            assert statuses(Bench(engine, bench.root).grade(wrong))[0] == "failed"


@LINUX
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can look into hidden processes")
def test_the_footprint_counts_shared_pages_once(bench: Bench) -> None:
    """Without a look into a process it says at least what the system counts, and no page twice."""
    bench.grade(REFERENCE)
    (host,) = discovery.list_hosts()
    first = psutil.Process(host["pid"])
    end = time.monotonic() + 20
    while True:
        # Preforks come and go: only what the same processes say before and after can be compared.
        family = [first, *first.children(recursive=True)]
        size, processes, since = measure_footprint(first.pid)
        found = []
        with contextlib.suppress(psutil.NoSuchProcess):
            found = [one.memory_full_info() for one in family]
        if len(found) == processes >= 4 and [first, *first.children(recursive=True)] == family:
            break
        assert time.monotonic() < end, f"{len(family)} processes, of which {len(found)} stayed"
        time.sleep(0.02)
    assert sum(one.pss for one in found) * 0.9 < size < sum(one.rss for one in found) / 2
    assert since == first.create_time()


@LINUX
@pytest.mark.slow
def test_a_supervisor_that_is_stopped_does_not_stay(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run whose deadlines nobody keeps any more is ended by the host, with all its processes."""
    with tempfile.TemporaryDirectory(prefix="gw-", dir="/tmp") as name:
        monkeypatch.setenv("GROUNDWORK_ENGINE", name)
        told = Path(name) / "told"
        stop = (
            f"{FIND_FAMILY}\nimport signal, time\nopen({str(told)!r}, 'w').write(str(supervisor))\n"
            "os.kill(supervisor, signal.SIGSTOP)\ntime.sleep(60)\n"
        )
        began = time.monotonic()
        plan = bench.plan(stop + REFERENCE)
        with Engine() as engine, engine.run(plan) as run, contextlib.suppress(GraderFault):
            run.collect_report()
        assert time.monotonic() - began < 60
        (supervisor,) = {int(told.read_text())}
        end = time.monotonic() + 20
        while psutil.pid_exists(supervisor) and time.monotonic() < end:
            time.sleep(0.1)
        assert not psutil.pid_exists(supervisor)
        discovery.stop_hosts()
