"""The checks of save_checkpoint, load_checkpoint and train_resumable."""

import io
import os
import pickle
from pathlib import Path

import pytest
import torch
from torch.nn.functional import cross_entropy

from grader.checks import close, equal, formed, holds, value

KINDS = {"AdamW": {}, "SGD": {"momentum": 0.9}}


def test_without_a_file_nothing_changes(load_checkpoint, prop, beside, randn, tmp_path):
    """Where there is no file, load_checkpoint() returns 0, and nothing changes."""
    path = _make_place(beside, tmp_path)
    run = _Run(prop, beside, randn(5, 5))
    before = run.copy()
    got = load_checkpoint(path, run.model, run.optimizer, run.generator)
    formed(got, "int", "load_checkpoint(...)")
    equal(got, 0, say="the step, where there is no file")
    _same(run.copy(), before, "after loading, where there is no file")


def test_modes_and_the_global_generator_stay(
    save_checkpoint, load_checkpoint, prop, beside, randn, tmp_path
):
    """Saving changes nothing but the file; neither call changes a mode or the global generator."""
    path = _make_place(beside, tmp_path)
    for mode in (True, False):
        run, other = (_Run(prop, beside, randn(5, 5)) for _ in range(2))
        run.work(randn)
        run.model.train(mode)
        other.model.train(not mode)
        before, drawn = run.copy(), beside("torch.get_rng_state")()
        gradient = value(run.model.table.grad)
        save_checkpoint(path, run.model, run.optimizer, 3, run.generator)
        _same(run.copy(), before, "after saving")
        equal(value(run.model.table.grad), gradient, say="the gradient after saving")
        equal(run.model.training, mode, say=f"model.training after saving; before, it was {mode}")
        now = beside("torch.get_rng_state")()
        holds(torch.equal(now, drawn), "saving does not change the state of the global generator")
        beside("torch.rand")(11)  # what has been drawn since then stays drawn
        drawn = beside("torch.get_rng_state")()
        load_checkpoint(path, other.model, other.optimizer, other.generator)
        say = f"model.training after loading; before, it was {not mode}"
        equal(other.model.training, not mode, say=say)
        now = beside("torch.get_rng_state")()
        holds(torch.equal(now, drawn), "loading does not change the state of the global generator")


def test_everything_comes_back_bit_for_bit(
    save_checkpoint, load_checkpoint, prop, beside, in_place, randn, rng, tmp_path
):
    """Weights, buffers, averages and settings, the step and the generator come back."""
    path = _make_place(beside, tmp_path)
    double, single, half = torch.float64, torch.float32, torch.bfloat16
    for kind, dtype, step in (
        *(("AdamW", dtype, rng.randrange(1, 10_000)) for dtype in (double, half)),
        *(("SGD", dtype, rng.randrange(1, 10_000)) for dtype in (single, half)),
        *((kind, single, 0) for kind in KINDS),
    ):
        run = _Run(prop, beside, randn(5, 3).to(dtype).T, kind)
        if step > 0:  # before the first step, the optimizer has no averages
            run.work(randn)
        want = run.copy()
        save_checkpoint(path, run.model, run.optimizer, step, run.generator)
        run.work(randn)  # the file is what the run was then, whatever has become of it
        other = _Run(prop, beside, randn(3, 5).to(dtype), kind, seed=9, lr=0.7)
        other.work(randn)
        got = load_checkpoint(path, other.model, other.optimizer, other.generator)
        formed(got, "int", "load_checkpoint(...)")
        equal(got, step, say="the step")
        _same(other.copy(), want, f"with {kind} and {dtype}")
    norm, other = (beside("torch.nn.BatchNorm1d")(3) for _ in range(2))
    sgd, generator = _group(beside, norm, 0.1), _generate(beside, 1)
    norm.weight.grad, norm.bias.grad = randn(3), randn(3)
    sgd.step()
    norm(randn(7, 3))  # changes the running mean and variance, which are buffers
    save_checkpoint(path, norm, sgd, 3, generator)
    twin = _group(beside, other, 0.7)
    other.weight.requires_grad_(False)
    load_checkpoint(path, other, twin, generator)
    say = "state_dict() of a model with buffers"
    equal(value(other.state_dict()), value(norm.state_dict()), say=say)
    say = "state_dict() of an optimizer with two groups of parameters"
    equal(value(twin.state_dict()), value(sgd.state_dict()), say=say)


def test_the_optimizer_goes_on_with_the_same_parameters(
    save_checkpoint, load_checkpoint, prop, beside, randn, tmp_path
):
    """After loading, the parameters are the same objects, and the next update is the same."""
    path = _make_place(beside, tmp_path)
    for kind in KINDS:
        run = _Run(prop, beside, randn(5, 5), kind)
        run.work(randn)
        save_checkpoint(path, run.model, run.optimizer, 3, run.generator)
        other = _Run(prop, beside, randn(5, 5), kind)
        table, gradient = other.model.table, randn(5, 5)
        load_checkpoint(path, other.model, other.optimizer, other.generator)
        holds(other.model.table is table, "the parameter is the same object as before loading")
        for one in (run, other):
            one.model.table.grad = gradient
            one.optimizer.step()
        say = f"the weights after one more step of {kind}"
        equal(value(other.model.table), value(run.model.table), say=say)


def test_a_new_file_takes_the_place_of_the_old_one(
    save_checkpoint, load_checkpoint, prop, beside, monkeypatch, randn, tmp_path
):
    """The file at path is replaced, not changed, and no other file is left beside it."""
    for name in ("run.pt", "run", "run.tmp"):
        path = _make_place(beside, tmp_path, name)
        run = _Run(prop, beside, randn(5, 5))
        save_checkpoint(path, run.model, run.optimizer, 3, run.generator)
        # A second name of the old file itself, and a copy of what is in it.
        kept, copy = (str(tmp_path / one) for one in ("kept", "copy"))
        for one in (kept, copy):
            beside("pathlib.Path")(one).unlink(missing_ok=True)
        beside("os.link")(path, kept)
        beside("shutil.copyfile")(path, copy)
        disk = prop("Disk", _get_folder(path))
        run.work(randn)
        save_checkpoint(path, run.model, run.optimizer, 4, run.generator)
        same = beside("filecmp.cmp")(kept, copy, shallow=False)
        holds(same, "the old file itself never changes: a program that has it open reads on")
        say = "how often the file at path was removed or renamed: at every moment there is one"
        equal(disk.count_lost(path), 0, say=say)
        say = "files that were moved from another folder, which can be on another disk"
        equal(disk.moved_in, 0, say=say)
        got = load_checkpoint(path, run.model, run.optimizer, run.generator)
        equal(got, 4, say=f"the step in {name} after the second save")
        equal(disk.count_files(), 1, say="the number of files in the folder after two saves")
    monkeypatch.chdir(_get_folder(path))  # undone at the end, if the code runs in this process
    beside("os.chdir")(_get_folder(path))
    disk = prop("Disk", _get_folder(path))
    save_checkpoint(name, run.model, run.optimizer, 5, run.generator)
    got = load_checkpoint(name, run.model, run.optimizer, run.generator)
    equal(got, 5, say=f"the step in {name}, a path without a folder")
    say = f"files that were moved from other folders than that of {name}, a path without a folder"
    equal(disk.moved_in, 0, say=say)


def test_a_file_that_is_no_whole_checkpoint_is_refused(
    save_checkpoint, load_checkpoint, prop, beside, randn, rng, tmp_path
):
    """A file that ends too early, or has something else, raises ValueError; nothing changes."""
    path = _make_place(beside, tmp_path)
    run, other = (_Run(prop, beside, randn(5, 5)) for _ in range(2))
    run.work(randn)
    save_checkpoint(path, run.model, run.optimizer, 3, run.generator)
    disk, before = prop("Disk", _get_folder(path)), other.copy()
    for more, left in ((1, 1), (1, 2), (size := rng.randrange(3, 99), 2 + size)):
        disk.cut(path, -more)
        _refuse(load_checkpoint, path, other, before, f"a checkpoint but for {left} bytes")
    # The generator's state alone takes more than 2,000 bytes.
    for size in (*sorted((rng.randrange(2, 2000) for _ in range(4)), reverse=True), 1, 0):
        disk.cut(path, size)
        _refuse(load_checkpoint, path, other, before, f"the first {size} bytes of a checkpoint")
    contents = {
        "a text": b"three steps are done\n",
        "JSON": b'{"step": 3}',
        "zeros": bytes(1000),
        "a tensor": _pack(randn(5, 5)),
        "an empty dict": _pack({}),
        "a list": _pack([1, 2, 3]),
        "a number": _pack(3),
        "the weights alone": _pack({"table": randn(5, 5)}),
    }
    for name, content in contents.items():
        _write(beside, path, content)
        _refuse(load_checkpoint, path, other, before, f"a file with {name}")


def test_a_checkpoint_of_another_model_is_refused(
    save_checkpoint, load_checkpoint, prop, beside, tmp_path
):
    """Other names or shapes raise ValueError, and nothing has changed."""
    path = _make_place(beside, tmp_path)
    linear, sgd = beside("torch.nn.Linear"), beside("torch.optim.SGD")
    sequential, norm = beside("torch.nn.Sequential"), beside("torch.nn.BatchNorm1d")
    makers = {
        "Linear(3, 5)": lambda: linear(3, 5),
        "Linear(3, 5) without a bias": lambda: linear(3, 5, bias=False),
        "Linear(3, 2)": lambda: linear(3, 2),
        "Linear(7, 5)": lambda: linear(7, 5),
        "Linear(5, 3)": lambda: linear(5, 3),
        "Linear(3, 5) under other names": lambda: sequential(linear(3, 5)),
        "two of Linear(3, 5)": lambda: sequential(linear(3, 5), linear(3, 5)),
    }
    pairs = [("Linear(3, 5)", other) for other in list(makers)[1:]]
    pairs += [(other, one) for one, other in pairs]
    # As many numbers, under the same name.
    pairs += [("a table of shape (3, 5)", "a table of shape (5, 3)")]
    makers["a table of shape (3, 5)"] = lambda: prop("TableModel", torch.ones(3, 5))
    makers["a table of shape (5, 3)"] = lambda: prop("TableModel", torch.zeros(5, 3))
    # PyTorch itself loads a tensor with one number for a number.
    pairs += [("a table of shape (1,)", "a table of shape ()")]
    makers["a table of shape (1,)"] = lambda: prop("TableModel", torch.ones(1))
    makers["a table of shape ()"] = lambda: prop("TableModel", torch.tensor(2.0))
    # Here the parameters are the same, and one has buffers.
    pairs += [("BatchNorm1d", "BatchNorm1d without buffers")]
    pairs += [("BatchNorm1d without buffers", "BatchNorm1d")]
    makers["BatchNorm1d"] = lambda: norm(3)
    makers["BatchNorm1d without buffers"] = lambda: norm(3, track_running_stats=False)
    runs = {}
    for number, (name, make) in enumerate(makers.items(), start=1):
        model = make()
        run = model, sgd(model.parameters(), lr=number), _generate(beside, number)
        runs[name] = run, _copy(*run, beside)
    for saved in dict.fromkeys(saved for saved, _ in pairs):
        (model, optimizer, generator), _ = runs[saved]
        save_checkpoint(path, model, optimizer, 3, generator)
        for loaded in [loaded for one, loaded in pairs if one == saved]:
            (model, optimizer, generator), before = runs[loaded]
            with pytest.raises(ValueError):
                load_checkpoint(path, model, optimizer, generator)
            after = _copy(model, optimizer, generator, beside)
            _same(after, before, f"of {loaded}, after a checkpoint of {saved} was refused")


def test_loading_runs_no_code_from_the_file(load_checkpoint, prop, beside, randn, tmp_path):
    """A file with a call in it, which unpickling would make, is refused, and the call not made."""
    path = _make_place(beside, tmp_path)
    trap = str(Path(path).with_name("trap"))
    run = _Run(prop, beside, randn(5, 5))
    for thing in (_Trap(trap), {"model": _Trap(trap), "step": 3}):
        for content in (_pack(thing), pickle.dumps(thing, protocol=2)):
            _write(beside, path, content)
            with pytest.raises(ValueError):
                load_checkpoint(path, run.model, run.optimizer, run.generator)
            made = beside("os.path.exists")(trap)
            holds(not made, "loading a file makes no call that the file contains")


def test_a_full_disk_leaves_the_old_checkpoint(
    save_checkpoint, load_checkpoint, prop, beside, randn, rng, tmp_path
):
    """If writing fails, the error is raised, and the old checkpoint is still there."""
    for name, rooms in (("run.pt", (0.0, 0.5 * rng.random(), 0.999)), ("run.tmp", (0.6,))):
        path = _make_place(beside, tmp_path, name)
        run = _Run(prop, beside, randn(5, 5))
        run.work(randn)
        save_checkpoint(path, run.model, run.optimizer, 3, run.generator)
        want = run.copy()
        for room in rooms:
            run.work(randn)
            disk = prop("Disk", _get_folder(path), room)
            if not disk.limited:
                return
            try:
                save_checkpoint(path, run.model, run.optimizer, 4, run.generator)
                failed = False
            except Exception:
                failed = True
            disk.release()
            # The new file may be a little smaller than the old one.
            say = "the error is raised if there is no room for the new checkpoint"
            holds(failed or room == 0.999, say, got="no error")
            other = _Run(prop, beside, randn(5, 5), seed=9)
            got = load_checkpoint(path, other.model, other.optimizer, other.generator)
            say = f"the step in {name}, after writing that of step 4 failed at {room:.1%} of it"
            equal(got, 3 if failed else 4, say=say)
            _same(other.copy(), want if failed else run.copy(), "after the next save failed")


def test_a_kill_during_saving_leaves_a_whole_checkpoint(
    save_checkpoint, load_checkpoint, prop, beside, killed, randn, tmp_path
):
    """Killed at any moment of a save, the old or the new checkpoint is whole; saving goes on."""
    for old in (3, 0):  # 0: there is no file
        path = _make_place(beside, tmp_path)
        run = _Run(prop, beside, randn(5, 5))
        if old:
            save_checkpoint(path, run.model, run.optimizer, old, run.generator)
        disk = prop("Disk", _get_folder(path))
        save_checkpoint(path, run.model, run.optimizer, 4, run.generator)
        # So often does a save open, rename or remove a file; then once in the middle of writing.
        moments = [(number, None) for number in range(1, min(disk.calls, 12) + 1)]
        for number, room in [*moments, (1, 700)]:
            table = randn(5, 5)
            run = _Run(prop, beside, table)
            if old:
                save_checkpoint(path, run.model, run.optimizer, old, run.generator)
            else:
                beside("pathlib.Path")(path).unlink(missing_ok=True)
            new = _Run(prop, beside, table + 1, seed=2)
            disk = prop("Disk", _get_folder(path), room)
            if not disk.limited:
                continue
            arguments = (path, new.model, new.optimizer, 4, new.generator)
            killed(save_checkpoint, *arguments, at=(disk, number))
            other = _Run(prop, beside, table)
            got = load_checkpoint(path, other.model, other.optimizer, other.generator)
            had = f"of the old checkpoint, {old}" if old else "0, as before the first checkpoint"
            say = f"after a kill, the step {had}, or that of the new one, 4, is loaded"
            holds(got in (old, 4), say, got=got)
            want = table + (got == 4)
            say = f"the weights after a kill, where {got} is returned as the step"
            equal(value(other.model.table), want, say=say)
        run = _Run(prop, beside, table)
        save_checkpoint(path, run.model, run.optimizer, 5, run.generator)
        got = load_checkpoint(path, run.model, run.optimizer, run.generator)
        equal(got, 5, say="the step of a checkpoint that was saved after all these kills")


def test_the_steps_are_those_of_the_rule(train_resumable, prop, beside, randn, randint, tmp_path):
    """Each step has its rate, is clipped and reported, and is taken in training mode."""
    table, train = randn(5, 5), randint(0, 5, 4)
    rates = [0.1, 0.01, 0.3, 0.2]
    losses, want = _follow(table, train, rates)
    for save_every in (1, 3, 100):
        path = _make_place(beside, tmp_path)
        run, report = _Run(prop, beside, table), prop("Recorder")
        run.model.train(save_every == 3)
        settings = {"save_every": save_every, "seed": 3, "report": report}
        _train(train_resumable, run, train, path, rates, **settings)
        say = f"the weights after four steps on the only window, save_every={save_every}"
        close(value(run.model.table), want, say=say, atol=1e-5, rtol=1e-4)
        _hear(report, range(1, 5), losses)
        equal(set(value(run.model.modes)), {(True, True)}, say="training mode, and gradients")


def test_windows_are_drawn_as_in_the_training_loop(train_resumable, prop, beside, randn, tmp_path):
    """A batch has windows of the text from all places, drawn by the seed; targets come next."""
    drawn = []
    # Seeds of this check alone, so that what a generator kept from other checks does not matter.
    for seed, stride in ((0, 1), (2, 2), (2**32 - 1, 1), (0, 2)):
        # With stride 2 the tokens are not contiguous in memory.
        train = torch.arange(9).repeat_interleave(stride)[::stride]
        table, path = randn(9, 9), _make_place(beside, tmp_path)
        run, report = _Run(prop, beside, table, "SGD"), prop("Recorder")
        before = beside("torch.get_rng_state")()
        settings = {"batch": 5, "seed": seed, "report": report}
        _train(train_resumable, run, train, path, [0.0] * 20, **settings)
        now = beside("torch.get_rng_state")()
        holds(torch.equal(now, before), "the state of the global generator does not change")
        batches = value(run.model.seen)
        for inputs in batches:
            equal(tuple(inputs.shape), (5, 3), say="the shape of a batch")
            say = "train is 0, 1, 2, ..., so a row of a batch is the first token and the next ones"
            equal(inputs, inputs[:, :1] + torch.arange(3), say=say)
        losses = [cross_entropy(table[x].flatten(0, 1), x.flatten() + 1).item() for x in batches]
        _hear(report, range(1, 21), losses)
        drawn.append(torch.stack(batches)[:, :, 0])  # (20, 5)
        say = "the starts of 100 windows of 3 tokens in a text of 9"
        equal(drawn[-1].unique().tolist(), list(range(6)), say=say)
        twice = sum(len(set(row)) < 5 for row in drawn[-1].tolist())
        say = "windows are drawn independently: in most batches of 5 one of the 6 occurs twice"
        holds(twice > 5, say, want="about 18 of 20 batches", got=f"{twice} of 20")
        distinct = len({tuple(row) for row in drawn[-1].tolist()})
        holds(distinct > 12, "each step draws a batch of its own", got=f"{distinct} of 20 differ")
    equal(drawn[3], drawn[0], say="the starts in a second run with seed 0")
    holds(not torch.equal(drawn[1], drawn[0]), "the seeds 0 and 2 draw different windows")
    holds(not torch.equal(drawn[2], drawn[0]), "the seeds 0 and 2^32 - 1 draw different windows")


def test_a_run_in_parts_equals_a_run_in_one(
    train_resumable, prop, beside, randn, randint, rng, tmp_path
):
    """A run that ends early and is called again takes the same steps as one that does not."""
    table, train = randn(7, 7), randint(0, 7, 50)
    rates = [0.02 * rng.random() for _ in range(7)]
    whole, heard = _Run(prop, beside, table), prop("Recorder")
    _train(train_resumable, whole, train, _make_place(beside, tmp_path), rates, report=heard)
    path, done = _make_place(beside, tmp_path), 0
    for end in (2, 3, 7, 7, 1):
        run, report = _Run(prop, beside, randn(7, 7) if done else table), prop("Recorder")
        _train(train_resumable, run, train, path, rates[:end], save_every=2, report=report)
        say = f"the steps and losses of a run to step {end}, from step {done}"
        equal(value(report.heard), value(heard.heard)[done:end], say=say)
        windows = value(whole.model.seen)[done:end]
        equal(value(run.model.seen), windows, say=f"the batches from step {done} to {end}")
        done = max(done, end)
    _same(run.copy(), whole.copy(), "after 7 steps, compared with a run in one")


def test_checkpoints_are_written_at_their_steps_only(
    train_resumable, load_checkpoint, prop, beside, randn, randint, tmp_path
):
    """With save_every=3, steps 3, 6, and so on are saved, and the last one; nothing else is."""
    for ends, times in (((7,), (3,)), ((8,), (3,)), ((4, 10), (2, 3))):
        path, train = _make_place(beside, tmp_path), randint(0, 5, 20)
        for end, want in zip(ends, times, strict=True):
            run, disk = _Run(prop, beside, randn(5, 5)), prop("Disk", _get_folder(path))
            _train(train_resumable, run, train, path, [0.1] * end, save_every=3)
            say = f"checkpoints written with save_every=3 in a run to step {end}"
            say += f", which has begun with {ends[0]} steps" if end != ends[0] else ""
            equal(disk.count_replaced(path), want, say=say)
            got = load_checkpoint(path, run.model, run.optimizer, run.generator)
            equal(got, end, say=f"what load_checkpoint returns after a run to step {end}")


def test_a_text_without_a_window_or_a_broken_file_is_refused(
    train_resumable, prop, beside, randn, tmp_path
):
    """A text of T tokens or fewer, or a file that is no checkpoint, raises ValueError."""
    path = _make_place(beside, tmp_path)
    run = _Run(prop, beside, randn(5, 5))
    for length in (3, 2, 0):
        with pytest.raises(ValueError):
            _train(train_resumable, run, torch.zeros(length, dtype=torch.int64), path, [0.1])
    _write(beside, path, b"PK")
    with pytest.raises(ValueError):
        _train(train_resumable, run, torch.zeros(9, dtype=torch.int64), path, [0.1])
    say = "the file that was no checkpoint, which might be somebody's work"
    equal(beside("pathlib.Path")(path).read_bytes(), b"PK", say=say)


def test_a_killed_run_goes_on_as_if_nothing_had_happened(
    train_resumable, prop, beside, killed, randn, randint, rng, tmp_path
):
    """Killed in random steps, a run takes bit for bit the same steps as one that was not."""
    for kind in KINDS:
        table, train = randn(7, 7), randint(0, 7, 50)
        rates = [0.02 * rng.random() for _ in range(20)]
        run, report = _Run(prop, beside, table, kind), prop("Recorder")
        _train(train_resumable, run, train, _make_place(beside, tmp_path), rates, report=report)
        heard, batches, want = value(report.heard), value(run.model.seen), run.copy()
        path, third = _make_place(beside, tmp_path), {"save_every": 3}
        run = _Run(prop, beside, table, kind)
        arguments, settings = _list_arguments(run, train, path, rates, **third)
        killed(train_resumable, *arguments, **settings, at=(run.model, rng.randrange(2, 4)))
        say = "whether there is a checkpoint after a kill in step 2 or 3, for save_every=3"
        equal(beside("os.path.exists")(path), False, say=say)
        run = _Run(prop, beside, table, kind)
        _train(train_resumable, run, train, path, rates[:4], **third)
        run, at = _Run(prop, beside, randn(7, 7), kind), rng.randrange(7, 20)
        arguments, settings = _list_arguments(run, train, path, rates, **third)
        # From step 4, the last of the call before.
        killed(train_resumable, *arguments, **settings, at=(run.model, at - 4))
        run, report = _Run(prop, beside, randn(7, 7), kind), prop("Recorder")
        _train(train_resumable, run, train, path, rates, report=report, **third)
        done = (at - 1) // 3 * 3
        say = (
            f"the steps and losses of a run of {kind}, saved after every third step, that was "
            f"killed in step {at} and goes on with step {done + 1}"
        )
        equal(value(report.heard), heard[done:], say=say)
        equal(value(run.model.seen), batches[done:], say=f"the batches from step {done + 1} on")
        _same(run.copy(), want, "after the last step, compared with a run that was not killed")


class _Run:
    """A model, its optimizer and a generator, beside the learner's code."""

    def __init__(self, prop, beside, table, kind="AdamW", seed=1, lr=0.1):
        self.model = prop("TableModel", table)
        make = beside(f"torch.optim.{kind}")
        self.optimizer = make(self.model.parameters(), lr=lr, **KINDS[kind])
        self.generator, self._beside = _generate(beside, seed), beside
        self._shape, self._dtype = table.shape, table.dtype

    def work(self, randn):
        """Take two steps, and draw from the generator."""
        for _ in range(2):
            self.model.table.grad = randn(*self._shape, dtype=self._dtype)
            self.optimizer.step()
        self._beside("torch.rand")(3, generator=self.generator)

    def copy(self):
        """Return all that a checkpoint has."""
        return _copy(self.model, self.optimizer, self.generator, self._beside)


class _Trap:
    """What makes a folder when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (self.path,)


def _copy(model, optimizer, generator, beside):
    """Return all that a checkpoint has; of the generator, the numbers that come next."""
    return {
        "the weights": value(model.state_dict()),
        "the optimizer's state": value(optimizer.state_dict()),
        "the generator's next numbers": beside("torch.rand")(5, generator=generator.clone_state()),
    }


def _same(got, want, say):
    for name in want:
        equal(got[name], want[name], say=f"{name} {say}")


def _generate(beside, seed):
    generator = beside("torch.Generator")()
    generator.manual_seed(seed)
    return generator


def _make_place(beside, tmp_path, name="run.pt"):
    """Return the path of a file that is not there, in an empty folder."""
    folder = str(tmp_path / "checkpoints")
    beside("shutil.rmtree")(folder, ignore_errors=True)
    beside("os.mkdir")(folder)
    return str(Path(folder, name))


def _get_folder(path):
    return str(Path(path).parent)


def _write(beside, path, content):
    beside("pathlib.Path")(path).write_bytes(content)


def _pack(thing):
    """Return what torch.save writes."""
    file = io.BytesIO()
    torch.save(thing, file)
    return file.getvalue()


def _refuse(load_checkpoint, path, run, before, say):
    """Claim that the file raises ValueError, and that the run is as it was before."""
    with pytest.raises(ValueError):
        load_checkpoint(path, run.model, run.optimizer, run.generator)
    _same(run.copy(), before, f"after {say} was refused")


def _group(beside, norm, rate):
    """Return an optimizer with two groups of parameters, which have different settings."""
    sgd = beside("torch.optim.SGD")([norm.weight], lr=rate, momentum=0.9)
    sgd.add_param_group({"params": [norm.bias], "lr": 2 * rate, "weight_decay": rate})
    return sgd


def _list_arguments(run, train, path, rates, **changes):
    settings = {"batch": 2, "context": 3, "max_norm": 0.25, "save_every": 100, "seed": 1}
    return (run.model, run.optimizer, train), {"path": path, "rates": rates, **settings, **changes}


def _train(train_resumable, run, train, path, rates, **changes):
    """Call train_resumable with the settings that most checks share."""
    arguments, settings = _list_arguments(run, train, path, rates, **changes)
    train_resumable(*arguments, **settings)


def _follow(table, train, rates):
    """Return each step's loss on the only window of a text, and the weights after all steps."""
    twin, losses = table.clone().requires_grad_(), []
    adamw = torch.optim.AdamW([twin], lr=9.0)
    for rate in rates:
        twin.grad = None
        loss = cross_entropy(twin[train[:-1]], train[1:])
        loss.backward()
        torch.nn.utils.clip_grad_norm_([twin], 0.25)
        adamw.param_groups[0]["lr"] = rate
        adamw.step()
        losses.append(loss.item())
    return losses, twin.detach()


def _hear(report, steps, losses):
    """Claim that the report was called for these steps, with these losses."""
    got = value(report.heard)
    equal(
        [len(call) for call in got], [2] * len(losses), say="the arguments of each call of report"
    )
    for (step, loss), number, want in zip(got, steps, losses, strict=True):
        equal(step, number, say="the first argument of report")
        formed(loss, "float", "the second argument of report")
        close(loss, want, say=f"report({number}, loss)", atol=1e-5, rtol=1e-4)
