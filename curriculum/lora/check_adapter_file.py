"""The checks of save_adapter, read_adapter and load_adapter."""

import contextlib
import io
import json
import math
import struct
from pathlib import Path

import numpy as np
import pytest
import torch

from grader.checks import close, equal, formed, holds, load_shared, shaped, value

shared = load_shared(__file__)
PATHS = {"blocks.0.up": (3, 5), "blocks.1.up": (3, 5), "blocks.1.down": (5, 3)}
"""The adapted layers of the model that most checks use, with their inputs and outputs."""


def test_a_file_worked_by_hand(save_adapter, beside, tmp_path):
    """A = [1 2] and B = [3; 4; 5] are 20 bytes behind the header, whose length comes first."""
    beside = shared.remember(beside)
    path = _make_place(beside, tmp_path)
    base = beside("torch.nn.Linear")(2, 3)
    A, B = torch.tensor([[1.0, 2.0]]), torch.tensor([[3.0], [4.0], [5.0]])
    save_adapter(path, shared.nest(beside, {"up": shared.adapt(beside, base, A, B, 4.0)}), 4.0)
    header, data = _split(_read(beside, path))
    names = ["__metadata__", "up.lora_A", "up.lora_B"]
    equal(sorted(header), names, say="the entries of the header")
    equal(len(data), 20, say="the number of bytes behind the header")
    for name, shape, numbers in (("up.lora_A", [1, 2], (1, 2)), ("up.lora_B", [3, 1], (3, 4, 5))):
        equal(sorted(header[name]), ["data_offsets", "dtype", "shape"], say=f"the keys of {name}")
        equal(header[name]["dtype"], "F32", say=f"the dtype of {name}")
        equal(header[name]["shape"], shape, say=f"the shape of {name}")
        begin, end = header[name]["data_offsets"]
        want = struct.pack(f"<{len(numbers)}f", *numbers)
        equal(data[begin:end], want, say=f"bytes {begin} to {end} of the numbers, those of {name}")


def test_the_adapter_is_saved_and_nothing_else(save_adapter, beside, randn, tmp_path):
    """Each A and B has its entry, the numbers row by row, and no other tensor is in the file."""
    beside = shared.remember(beside)
    path = _make_place(beside, tmp_path)
    for rank in (1, 2, 7):
        model = _make_model(beside)
        want = _adapt(beside, model, randn, rank)
        save_adapter(path, model, 4.0)
        header, data = _split(_read(beside, path))
        names = sorted(set(header) - {"__metadata__"})
        equal(names, sorted(want), say=f"the names of the tensors, for rank {rank}")
        places = sorted(header[name]["data_offsets"] for name in names)
        ends = [0, *(end for _, end in places)]
        begins = [*(begin for begin, _ in places), len(data)]
        say = "each tensor begins where the one before it ends, and the last ends with the file"
        equal(begins, ends, say=say)
        for name in names:
            _same_bits(_take(header, data, name), want[name], f"{name} in the file, rank {rank}")


def test_rank_and_alpha_are_texts_in_the_metadata(save_adapter, beside, randn, tmp_path):
    """Under __metadata__ stand the rank and alpha, as strings that are read back exactly."""
    beside = shared.remember(beside)
    path = _make_place(beside, tmp_path)
    for rank, alpha in ((1, 16.0), (3, 1 / 3), (2, -1e-30), (8, 5)):
        model = _make_model(beside)
        _adapt(beside, model, randn, rank, alpha)
        save_adapter(path, model, alpha)
        header, _ = _split(_read(beside, path))
        got = header["__metadata__"]
        equal(sorted(got), ["alpha", "rank"], say="the entries of __metadata__")
        holds(type(got["alpha"]) is type(got["rank"]) is str, "both are strings", got=got)
        equal(got["rank"], str(rank), say="the rank in the metadata")
        equal(_read_float(got["alpha"]), float(alpha), say="float of the alpha in the metadata")


def test_names_may_have_any_letters(
    save_adapter, read_adapter, load_adapter, beside, randn, tmp_path
):
    """Letters beyond ASCII, quotes and spaces in names are saved and loaded; N counts bytes."""
    beside = shared.remember(beside)
    path = _make_place(beside, tmp_path)
    for name in ("größe", '"x"', "a b", "层", "__metadata__", "lora_A"):
        A, B = randn(2, 3), randn(5, 2)
        base = beside("torch.nn.Linear")(3, 5)
        model = shared.nest(beside, {name: shared.adapt(beside, base, A, B, 4.0)})
        save_adapter(path, model, 4.0)
        header, data = _split(_read(beside, path))
        wanted = ["__metadata__", f"{name}.lora_A", f"{name}.lora_B"]
        say = f"the entries of the header for the layer {name}"
        equal(sorted(header), sorted(wanted), say=say)
        _same_bits(_take(header, data, f"{name}.lora_A"), A, f"{name}.lora_A in the file")
        for ascii_only in (True, False):
            _write(beside, path, _pack({f"{name}.lora_B": B}, ascii_only=ascii_only))
            got = read_adapter(path)
            equal(list(got[0]), [f"{name}.lora_B"], say="the names that read_adapter returns")
            _same_bits(got[0][f"{name}.lora_B"], B, f"{name}.lora_B, from a file of another writer")
        fresh = shared.nest(beside, {name: beside("torch.nn.Linear")(3, 5)})
        save_adapter(path, model, 4.0)
        load_adapter(path, fresh)
        equal(shared.find(beside, fresh, shared.LORA), [name], say="the paths of the LoRA layers")
        _same_bits(value(fresh.get_submodule(name).lora_B), B, f"{name}.lora_B, loaded")


def test_saving_changes_nothing(save_adapter, beside, randn, tmp_path):
    """The model stays as it is; without a LoRALinear ValueError is raised, and no file written."""
    beside = shared.remember(beside)
    path = _make_place(beside, tmp_path)
    plain = _make_model(beside)
    with pytest.raises(ValueError):
        save_adapter(path, plain, 4.0)
    files = beside("os.listdir")(_get_folder(path))
    equal(files, [], say="the files in the folder after a model without LoRA was refused")
    for training in (True, False):
        model = _make_model(beside).train(training)
        _adapt(beside, model, randn, 2)
        layer = model.get_submodule("blocks.0.up")
        layer.lora_B.requires_grad_(training)
        before = shared.describe(beside, model)
        save_adapter(path, model, 4.0)
        shared.claim_unchanged(beside, model, before, "after saving")
        equal(model.training, training, say="model.training after saving")


def test_a_new_file_takes_the_place_of_the_old_one(
    save_adapter, read_adapter, prop, beside, monkeypatch, randn, tmp_path
):
    """At every moment a whole file has the name, and no other file is left beside it."""
    beside = shared.remember(beside)
    for name in ("adapter.safetensors", "adapter", "adapter.tmp", "a" * 200):
        path = _make_place(beside, tmp_path, name)
        model = _make_model(beside)
        _adapt(beside, model, randn, 2)
        save_adapter(path, model, 4.0)
        disk = prop("Disk", _get_folder(path))
        save_adapter(path, model, 5.0)
        say = "how often the file at path was removed or renamed: at every moment there is one"
        equal(disk.count_lost(path), 0, say=say)
        say = "how often another file was renamed to path"
        equal(disk.count_replaced(path), 1, say=say)
        say = "files that were moved from another folder, which can be on another disk"
        equal(disk.moved_in, 0, say=say)
        equal(read_adapter(path)[2], 5.0, say=f"the alpha in {name} after the second save")
        equal(disk.count_files(), 1, say="the number of files in the folder after two saves")
    monkeypatch.chdir(_get_folder(path))  # undone at the end, if the code runs in this process
    beside("os.chdir")(_get_folder(path))
    save_adapter(name, model, 6.0)
    equal(read_adapter(name)[2], 6.0, say=f"the alpha in {name}, a path without a folder")


def test_files_of_other_writers_are_read(read_adapter, beside, randn, rng, tmp_path):
    """Any order, any spaces, further metadata: the tensors, the rank and alpha come back."""
    beside = shared.remember(beside)
    path = _make_place(beside, tmp_path)
    odd = torch.tensor([[0.0, -0.0, math.inf], [-math.inf, 1e-45, 3.4e38], [math.nan] * 3])
    odd.view(torch.int32)[2, 1:] = torch.tensor([0x7F800001, -3])  # NaN in other bits
    tensors = {"b.lora_B": randn(5, 2), "odd": odd, "a.x.lora_A": randn(2, 3), "one": randn(1, 1)}
    for layout in (
        {},
        {"indent": 3},
        {"padding": 5},
        {"metadata_last": True},
        {"shuffle": rng},
        {"shuffle": rng, "metadata_last": True, "padding": 64},
        {"more": {"format": "pt", "base": "a model"}},
    ):
        rank, alpha = rng.randrange(1, 99), rng.random()
        _write(beside, path, _pack(tensors, rank, alpha, **layout))
        got = read_adapter(path)
        formed(got, "tuple of 3", "what read_adapter() returned")
        formed(got[1], "int", "the rank")
        formed(got[2], "float", "alpha")
        equal(got[1:], (rank, alpha), say="the rank and alpha")
        holds(isinstance(got[0], dict), "the tensors are in a dict", got=got[0])
        equal(sorted(got[0]), sorted(tensors), say="the names of the tensors")
        for name, want in tensors.items():
            _same_bits(got[0][name], want, f"{name}, from a file of another writer")


def test_the_tensors_are_in_memory_of_their_own(read_adapter, beside, randn, tmp_path):
    """What was read stays as it was read when the file is overwritten later."""
    beside = shared.remember(beside)
    path = _make_place(beside, tmp_path)
    first, later = ({"up.lora_A": randn(2, 3), "up.lora_B": randn(5, 2)} for _ in range(2))
    _write(beside, path, _pack(first))
    # The result stays in the learner's process while the file changes.
    kept = beside("collections.deque")(beside("builtins.map")(read_adapter, [path]))
    _write(beside, path, _pack(later))
    for name, number in kept[0][0].items():
        _same_bits(number, first[name], f"{name}, after the file was overwritten")


def test_a_broken_file_is_refused(read_adapter, load_adapter, beside, randn, rng, tmp_path):
    """A file that is cut off, too long, or does not follow the format raises ValueError."""
    beside = shared.remember(beside)
    path = _make_place(beside, tmp_path)
    with pytest.raises(FileNotFoundError):
        read_adapter(path)
    tensors = {"up.lora_A": randn(2, 3), "up.lora_B": randn(5, 2)}
    whole = _pack(tensors, 2, 4.0)
    cuts = [0, 1, 7, 8, 9, len(whole) - 64, len(whole) - 4, len(whole) - 1]
    broken = {f"the first {n} bytes of a file": whole[:n] for n in cuts}
    broken["a file with a byte too many"] = whole + b"\0"
    broken["a file with a number too many"] = whole + bytes(4)
    broken["a text"] = b"This is not an adapter, but a text.\n"
    broken["a header that is a list"] = _join("[]", b"")
    broken["a header that is no JSON"] = _join("{'rank': 2}", b"")
    empty = {"dtype": "F32", "shape": [0]}
    changes = {
        "dtype F16": lambda head: head["up.lora_A"].update(dtype="F16"),
        "dtype I32": lambda head: head["up.lora_B"].update(dtype="I32"),
        "a row too many": lambda head: head["up.lora_A"].update(shape=[3, 3]),
        "a row too few": lambda head: head["up.lora_B"].update(shape=[4, 2]),
        "an end beyond the file": lambda head: head["up.lora_B"].update(data_offsets=[28, 68]),
        "a negative beginning": lambda head: head["up.lora_A"].update(data_offsets=[-24, 0]),
        "places from the end": lambda head: head["up.lora_A"].update(data_offsets=[-64, -40]),
        "an end before the beginning": lambda head: head["up.lora_A"].update(data_offsets=[24, 0]),
        "no numbers, 4 to 0": lambda head: head.update(none={**empty, "data_offsets": [4, 0]}),
        "no numbers, -1 to -1": lambda head: head.update(none={**empty, "data_offsets": [-1, -1]}),
        "no metadata": lambda head: head.pop("__metadata__"),
        "no rank": lambda head: head["__metadata__"].pop("rank"),
        "no alpha": lambda head: head["__metadata__"].pop("alpha"),
        "the rank eight": lambda head: head["__metadata__"].update(rank="eight"),
        "the rank 2.5": lambda head: head["__metadata__"].update(rank="2.5"),
        "the rank 0": lambda head: head["__metadata__"].update(rank="0"),
        "the alpha x": lambda head: head["__metadata__"].update(alpha="x"),
    }
    for name, change in changes.items():
        header, data = _split(whole)
        change(header)
        broken[f"a file with {name}"] = _join(json.dumps(header), data)
    model = shared.nest(beside, {"up": beside("torch.nn.Linear")(3, 5)})
    before = shared.outline(beside, model)
    for name, content in broken.items():
        _write(beside, path, content)
        with pytest.raises(ValueError):
            read_adapter(path)
        with pytest.raises(ValueError):
            load_adapter(path, model)
        shared.claim_unchanged(beside, model, before, f"after {name} was refused")


def test_a_fresh_base_becomes_the_tuned_model(save_adapter, load_adapter, beside, randn, tmp_path):
    """Saved and loaded into a copy of the base, the adapter gives the same matrices and outputs."""
    beside = shared.remember(beside)
    path = _make_place(beside, tmp_path)
    for rank, alpha in ((1, 2.0), (3, 0.7), (9, -4.0)):
        model = _make_model(beside)
        fresh = beside("copy.deepcopy")(model)
        bases = {name: fresh.get_submodule(name) for name in PATHS}
        names = shared.list_names(beside, fresh)
        want = _adapt(beside, model, randn, rank, alpha)
        save_adapter(path, model, alpha)
        got = load_adapter(path, fresh)
        formed(got, "float", "what load_adapter() returned")
        equal(got, alpha, say="alpha")
        paths = shared.find(beside, fresh, shared.LORA)
        equal(paths, list(PATHS), say="the paths of the LoRA layers")
        now = [name for name in shared.list_names(beside, fresh) if not name.endswith(".base")]
        equal(now, names, say="the paths of the modules, in order, without the bases")
        for name, base in bases.items():
            layer = fresh.get_submodule(name)
            # Without a reference to what is there, whose number would depend on the answer.
            there = beside("builtins.map")(beside("operator.attrgetter")("base"), [layer])
            same = beside("builtins.map")(beside("operator.is_"), there, [base])
            say = f"whether {name}.base is the layer that was there"
            equal(beside("builtins.list")(same), [True], say=say)
            for part in ("lora_A", "lora_B"):
                number = value(getattr(layer, part))
                _same_bits(number, want[f"{name}.{part}"], f"{name}.{part} after loading")
        x = randn(7, 3)
        # Another layout of A and B in memory can round in another way.
        close(value(fresh(x)), value(model(x)), say="the output after loading")


def test_names_decide_and_not_the_order(load_adapter, beside, randn, rng, tmp_path):
    """Matrices of equal shapes find their layers by name, in any order, among other layers."""
    beside = shared.remember(beside)
    path = _make_place(beside, tmp_path)
    for _ in range(3):
        names = ["last.up", "up", "b.10", "b.2", "x.lora_up"]
        linear = beside("torch.nn.Linear")
        more = {"0": linear(3, 3), "1": linear(3, 3), "2": linear(3, 3), "10": linear(3, 3)}
        other = {"up": linear(3, 3), "lora_up": linear(3, 3)}
        last = {"up": linear(3, 3), "down": linear(3, 3)}
        parts = {"x": other, "b": more, "up": linear(3, 3), "last": last}
        model = shared.nest(beside, parts)
        tensors = {f"{n}.{key}": randn(*shape) for n in names for key, shape in _list_shapes()}
        _write(beside, path, _pack(tensors, 2, 4.0, shuffle=rng))
        load_adapter(path, model)
        wanted = ["x.lora_up", "b.2", "b.10", "up", "last.up"]
        equal(shared.find(beside, model, shared.LORA), wanted, say="the paths of the LoRA layers")
        for name in names:
            layer = model.get_submodule(name)
            for key, _ in _list_shapes():
                got = value(getattr(layer, key))
                _same_bits(got, tensors[f"{name}.{key}"], f"{name}.{key} after loading")


def test_only_the_matrices_are_trained_after_loading(load_adapter, beside, randn, tmp_path):
    """lora_A and lora_B require a gradient, and nothing else; no number of the base changes."""
    beside = shared.remember(beside)
    path = _make_place(beside, tmp_path)
    _write(beside, path, _pack({"head.lora_A": randn(2, 3), "head.lora_B": randn(7, 2)}, 2, 3.0))
    model = _make_model(beside)
    model.get_submodule("head").requires_grad_(False)
    before = value(model.state_dict())
    load_adapter(path, model)
    wanted = ["head.lora_A", "head.lora_B"]
    equal(
        sorted(shared.list_trained(beside, model)),
        wanted,
        say="the parameters that require a gradient",
    )
    numbers = {n.replace(".base.", "."): t for n, t in value(model.state_dict()).items()}
    for name, number in before.items():
        equal(numbers.get(name), number, say=f"{name} after loading")
    x = randn(5, 3)
    layer = model.get_submodule("head")
    A, B = randn(2, 3), randn(7, 2)
    shared.fill(layer, A, B)
    want = value(layer.base(x)) + 1.5 * x @ A.T @ B.T
    close(layer(x), want, say="the output of head, after A and B were changed", atol=1e-4)


def test_a_file_that_does_not_fit_is_refused(load_adapter, beside, randn, tmp_path):
    """Foreign names, half a layer, other shapes or ranks raise ValueError; nothing changes."""
    beside = shared.remember(beside)
    path = _make_place(beside, tmp_path)
    good = {"blocks.0.up.lora_A": randn(2, 3), "blocks.0.up.lora_B": randn(5, 2)}
    pair = {"lora_A": randn(2, 3), "lora_B": randn(5, 2)}

    def own(path):
        return good | {f"{path}.{key}": number for key, number in pair.items()}

    cases = {
        "a layer that the model has not": (own("blocks.7.up"), 2),
        "a layer under the end of its path": (own("0.up"), 2),
        "a layer with a name before its path": (own("model.blocks.1.up"), 2),
        "a norm": (own("blocks.0.norm"), 2),
        "a block": (own("blocks.0"), 2),
        "a layer without a name": (own(""), 2),
        "names without a path": (good | pair, 2),
        "a weight": (good | {"blocks.1.up.weight": randn(5, 3)}, 2),
        "a name with more behind it": (
            own("blocks.1.up") | {"head.lora_A.weight": pair["lora_A"]},
            2,
        ),
        "an A without its B": (good | {"blocks.1.up.lora_A": pair["lora_A"]}, 2),
        "a B without its A": (good | {"blocks.1.up.lora_B": pair["lora_B"]}, 2),
        "A and B exchanged": (
            good | {"blocks.1.up.lora_A": pair["lora_B"], "blocks.1.up.lora_B": pair["lora_A"]},
            2,
        ),
        "an A with other inputs": (own("blocks.1.up") | {"blocks.1.up.lora_A": randn(2, 5)}, 2),
        "a B with other outputs": (own("blocks.1.up") | {"blocks.1.up.lora_B": randn(7, 2)}, 2),
        "a B with one output": (own("blocks.1.up") | {"blocks.1.up.lora_B": randn(1, 2)}, 2),
        "matrices of rank 2 and the rank 3": (good, 3),
        "matrices of rank 2 and the rank 1": (good, 1),
        "ranks that differ": (good | {"head.lora_A": randn(3, 3), "head.lora_B": randn(7, 3)}, 2),
        "a B of another rank": (own("blocks.1.up") | {"blocks.1.up.lora_B": randn(5, 3)}, 2),
        "an A of one dimension": (own("blocks.1.up") | {"blocks.1.up.lora_A": randn(3)}, 2),
    }
    model = _make_model(beside)
    model.get_submodule("blocks.1").requires_grad_(False)
    before, numbers = shared.outline(beside, model), value(model.state_dict())
    for name, (tensors, rank) in cases.items():
        _write(beside, path, _pack(tensors, rank, 4.0))
        with pytest.raises(ValueError):
            load_adapter(path, model)
        shared.claim_unchanged(beside, model, before, f"after a file with {name} was refused")
    equal(value(model.state_dict()), numbers, say="the numbers, after all these were refused")


def test_a_second_adapter_is_refused(load_adapter, beside, randn, tmp_path):
    """A model with a LoRALinear raises ValueError, and nothing has changed."""
    beside = shared.remember(beside)
    path = _make_place(beside, tmp_path)
    for name in ("head", "blocks.0.up"):
        model = _make_model(beside)
        columns, rows = {"head": (3, 7)}.get(name, (3, 5))
        _adapt(beside, model, randn, 2, paths=["blocks.0.up"])
        for target in (name, f"{name}.base"):
            tensors = {f"{target}.lora_A": randn(2, columns), f"{target}.lora_B": randn(rows, 2)}
            _write(beside, path, _pack(tensors, 2, 4.0))
            before = shared.describe(beside, model)
            with pytest.raises(ValueError):
                load_adapter(path, model)
            shared.claim_unchanged(beside, model, before, "after a second adapter was refused")


def test_a_full_disk_is_an_error(save_adapter, read_adapter, prop, beside, randn, tmp_path):
    """If there is no room for the new file, an error is raised, and the old file is still there."""
    beside = shared.remember(beside)
    path = _make_place(beside, tmp_path)
    model = _adapted(beside, randn)
    save_adapter(path, model, 3.0)
    for room in (0, 100, 0.9):
        disk = prop("Disk", _get_folder(path), room)
        if disk.limited:
            failed = _fails(save_adapter, path, model)
            disk.release()
            say = "the error is raised if there is no room for the new file"
            holds(failed, say, got="no error")
        equal(read_adapter(path)[2], 3.0, say="alpha in the file after a full disk")


def test_a_kill_leaves_a_whole_file(
    save_adapter, read_adapter, prop, beside, killed, randn, tmp_path
):
    """Whenever a save is killed, a whole file has the name afterwards, and saving works again."""
    for old in (3.0, None):
        path = _make_place(beside, tmp_path)
        model = _adapted(beside, randn)
        if old:
            save_adapter(path, model, old)
        disk = prop("Disk", _get_folder(path))
        save_adapter(path, model, 4.0)
        # So often does a save open, rename or remove a file; then once in the middle of writing.
        moments = [(number, None) for number in range(1, min(disk.calls, 9) + 1)]
        for number, room in [*moments, (1, 100)]:
            model = _adapted(beside, randn)
            if old:
                save_adapter(path, model, old)
            else:
                beside("pathlib.Path")(path).unlink(missing_ok=True)
            disk = prop("Disk", _get_folder(path), room)
            if disk.limited:
                killed(save_adapter, path, model, 4.0, at=(disk, number))
            if old or beside("os.path.exists")(path):
                got = read_adapter(path)[2]
                say = "after a kill the alpha of the old file, 3.0, or of the new one, 4.0, is read"
                holds(got in (old, 4.0), say, got=got)
        save_adapter(path, _adapted(beside, randn), 5.0)
        equal(
            read_adapter(path)[2], 5.0, say="alpha in a file that was saved after all these kills"
        )


def _make_model(beside):
    """Return a plain model of two blocks and a head."""
    linear = beside("torch.nn.Linear")
    block = {
        str(n): {
            "norm": beside("torch.nn.LayerNorm")(3),
            "up": linear(3, 5),
            "act": beside("torch.nn.Tanh")(),
            "down": linear(5, 3, bias=False),
        }
        for n in range(2)
    }
    return shared.nest(beside, {"blocks": block, "head": linear(3, 7)})


def _adapt(beside, model, randn, rank, alpha=4.0, paths=PATHS):
    """Adapt layers of the model; return A and B by the names that they have in a file."""
    tensors = {}
    for number, path in enumerate(paths):
        columns, rows = PATHS[path]
        A, B = randn(rank, columns), randn(rows, rank)
        tensors |= {f"{path}.lora_A": A, f"{path}.lora_B": B}
        parent, _, name = path.rpartition(".")
        layer = shared.adapt(beside, model.get_submodule(path), A, B, alpha)
        if number == 1:  # with another layout in memory
            layer.lora_A.data, layer.lora_B.data = (
                part.T.contiguous().T if rank > 1 else part for part in (A, B)
            )
        model.get_submodule(parent).add_module(name, layer)
    return tensors


def _fails(save_adapter, path, model):
    """Return True if saving raises an error."""
    # Under plain pytest what the code prints goes to a file too: on a full disk a print that only
    # reports the error would raise one.
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        try:
            save_adapter(path, model, 4.0)
        except Exception:
            return True
    return False


def _adapted(beside, randn):
    """Return a small model with an adapter."""
    base = beside("torch.nn.Linear")(3, 5)
    return shared.nest(beside, {"up": shared.adapt(beside, base, randn(2, 3), randn(5, 2), 4.0)})


def _list_shapes():
    return ("lora_A", (2, 3)), ("lora_B", (3, 2))


def _make_place(beside, tmp_path, name="adapter.safetensors"):
    """Return the path of a file that is not there, in an empty folder."""
    folder = str(tmp_path / "adapters")
    beside("shutil.rmtree")(folder, ignore_errors=True)
    beside("os.mkdir")(folder)
    return str(Path(folder, name))


def _get_folder(path):
    return str(Path(path).parent)


def _write(beside, path, content):
    beside("pathlib.Path")(path).write_bytes(content)


def _read(beside, path):
    return beside("pathlib.Path")(path).read_bytes()


def _join(text, data):
    """Return a file of this header and these numbers."""
    return struct.pack("<Q", len(text.encode())) + text.encode() + data


def _pack(
    tensors,
    rank=2,
    alpha=4.0,
    *,
    indent=None,
    padding=0,
    metadata_last=False,
    shuffle=None,
    more=None,
    ascii_only=False,
):
    """Return a file of these tensors, as some writer could lay it out."""
    names = list(tensors)
    if shuffle:
        shuffle.shuffle(names)
    data, entries = b"", []
    for name in names:
        numbers = tensors[name].contiguous().numpy().astype("<f4").tobytes()
        place = [len(data), len(data) + len(numbers)]
        entry = {"dtype": "F32", "shape": list(tensors[name].shape), "data_offsets": place}
        entries.append((name, entry))
        data += numbers
    if shuffle:
        shuffle.shuffle(entries)
    metadata = ("__metadata__", {"rank": str(rank), "alpha": repr(float(alpha)), **(more or {})})
    entries = [*entries, metadata] if metadata_last else [metadata, *entries]
    text = json.dumps(dict(entries), indent=indent, ensure_ascii=ascii_only)
    return _join(text + " " * padding, data)


def _split(content):
    """Claim that a file has the three parts; return its header and its numbers."""
    say = "a file begins with N, the length of the header, in 8 bytes"
    holds(len(content) >= 8, say, got=f"{len(content)} bytes")
    (length,) = struct.unpack_from("<Q", content)
    say = "N is the number of bytes of the header, unsigned and little-endian"
    holds(length <= len(content) - 8, say, got=f"N = {length} in a file of {len(content)} bytes")
    try:
        header = json.loads(content[8 : 8 + length].decode())
    except ValueError:
        header = None
    say = "bytes 8 to N + 7 are a JSON object in UTF-8"
    holds(isinstance(header, dict), say, got=content[8 : min(8 + length, 60)])
    for name, entry in header.items():
        holds(isinstance(entry, dict), "each entry of the header is a JSON object", got=name)
        if name != "__metadata__":
            _claim_entry(name, entry)
    say = "the header has an entry __metadata__"
    holds("__metadata__" in header, say, got=list(header))
    return header, content[8 + length :]


def _claim_entry(name, entry):
    """Claim the form of what the header says of one tensor."""
    keys = ["data_offsets", "dtype", "shape"]
    equal(sorted(entry), keys, say=f"the keys of {name}")
    for key, least in (("shape", 0), ("data_offsets", 2)):
        part = entry[key]
        say = f"the {key} of {name} are a list of whole numbers"
        numbers = isinstance(part, list) and all(type(one) is int and one >= 0 for one in part)
        holds(numbers and len(part) >= least, say, got=part)
    equal(len(entry["data_offsets"]), 2, say=f"{name} has a beginning and an end")


def _take(header, data, name):
    """Return a tensor of a file."""
    begin, end = header[name]["data_offsets"]
    shape = tuple(header[name]["shape"])
    equal(header[name]["dtype"], "F32", say=f"the dtype of {name}")
    say = f"the end of {name} minus its beginning: 4 bytes for each number of shape {shape}"
    equal(end - begin, 4 * math.prod(shape), say=say)
    say = f"the bytes of {name} are in the file"
    holds(end <= len(data), say, got=f"the end {end} of {len(data)} bytes")
    return torch.from_numpy(np.frombuffer(data[begin:end], "<f4").astype(np.float32)).view(shape)


def _read_float(text):
    try:
        return float(text)
    except ValueError:
        return None


def _same_bits(got, want, say):
    """Claim that a tensor is float32 and has the same bits, also of -0.0 and NaN."""
    shaped(got, tuple(want.shape), torch.float32, say=say)
    if not torch.equal(*(part.contiguous().view(torch.int32) for part in (got, want))):
        close(got, want, say=say, atol=0, rtol=0)
        equal(got.contiguous().view(torch.int32), want.contiguous().view(torch.int32), say=say)
