"""The checks of token files."""

from itertools import combinations

import pytest
import torch

from grader.checks import equal, formed, holds, value

HUGE = 1 << 30
"""Bytes of a file that is larger than the memory that the code may use."""


def test_a_token_takes_two_bytes_low_byte_first(write_tokens, beside, tmp_path):
    """The ids 258, 7, 65,535 and 7 are written as 02 01 07 00 ff ff 07 00, replacing any file."""
    path = str(tmp_path / "tokens.bin")
    file = beside("pathlib.Path")(path)
    file.write_bytes(b"an older and longer file")
    write_tokens([258, 7, 65_535, 7], path)
    got = file.read_bytes()
    equal(got, b"\x02\x01\x07\x00\xff\xff\x07\x00", say="the bytes of the file")


def test_ids_that_do_not_fit_are_refused(write_tokens, beside, tmp_path):
    """An id below 0 or above 65,535, or no id at all, raises ValueError and writes nothing."""
    path = str(tmp_path / "tokens.bin")
    file = beside("pathlib.Path")(path)
    for tokens in ([1, 65_536], [-1, 2], [1, 2, 70_000, 3], []):
        file.write_bytes(b"\x05\x00")
        with pytest.raises(ValueError):
            write_tokens(tokens, path)
        got = file.read_bytes()
        equal(got, b"\x05\x00", say=f"the file that was there before {tokens}")


def test_the_length_counts_tokens_not_bytes(TokenFile, beside, tmp_path):
    """A file of 2 n bytes has the length n."""
    for count in (1, 2, 7, 1000):
        file = TokenFile(_written(beside, tmp_path, range(count)))
        equal(len(file), count, say=f"{2 * count} bytes")


def test_windows_by_hand(TokenFile, beside, tmp_path):
    """In 3 1 4 1 5 9, the windows of three at 2 and 0 are 4 1 5 and 3 1 4."""
    file = TokenFile(_written(beside, tmp_path, [3, 1, 4, 1, 5, 9]))
    inputs, targets = _pair(file.windows([2, 0], 3))
    equal(inputs, torch.tensor([[4, 1, 5], [3, 1, 4]]), say="inputs")
    equal(targets, torch.tensor([[1, 5, 9], [1, 4, 1]]), say="targets")


def test_every_id_comes_back_as_it_was_written(write_tokens, TokenFile, rng, tmp_path):
    """Every id from 0 to 65,535 is read as it was written."""
    tokens = [0, 255, 256, 32_767, 32_768, 50_256, 65_535]
    tokens += [rng.randrange(65_536) for _ in range(30)]
    rng.shuffle(tokens)
    path = str(tmp_path / "tokens.bin")
    write_tokens(tokens, path)
    inputs, targets = _pair(TokenFile(path).windows([0], 36))
    equal(inputs, torch.tensor([tokens[:36]]), say="inputs")
    equal(targets, torch.tensor([tokens[1:]]), say="targets")


def test_each_start_has_its_row(TokenFile, beside, tmp_path):
    """Starts in any order, also the same start twice, give one row each, in this order."""
    file = TokenFile(_written(beside, tmp_path, range(100, 111)))
    inputs, targets = _pair(file.windows([5, 0, 5, 9, 1], 1))
    equal(inputs, torch.tensor([[105], [100], [105], [109], [101]]), say="inputs")
    equal(targets, inputs + 1, say="targets")


def test_token_files_are_read_side_by_side(TokenFile, beside, tmp_path):
    """Of two files that are open together, each gives its own tokens."""
    first = TokenFile(_written(beside, tmp_path, range(100, 111)))
    second = TokenFile(_written(beside, tmp_path, range(300, 307)))
    equal((len(first), len(second)), (11, 7), say="the lengths of both files")
    inputs, _ = _pair(first.windows([2], 3))
    equal(inputs, torch.tensor([[102, 103, 104]]), say="the first file, after the second is open")
    inputs, _ = _pair(second.windows([2], 3))
    equal(inputs, torch.tensor([[302, 303, 304]]), say="the second file")


def test_each_call_returns_tensors_of_its_own(TokenFile, beside, tmp_path):
    """A result stays as it is when other windows are read or when other results are changed."""
    file = TokenFile(_written(beside, tmp_path, range(100, 111)))
    together, first = beside("builtins.map"), beside("operator.itemgetter")(0)
    # The results stay beside the learner's code until both calls are done.
    both = beside("builtins.list")(together(file.windows, [[0, 2], [5, 1]], [3, 3]))
    inputs, targets = _pair(value(both[0]))
    want = torch.tensor([[100, 101, 102], [102, 103, 104]])
    equal(inputs, want, say="inputs of the first of two results, after both calls")
    equal(targets, want + 1, say="targets of the first of two results, after both calls")
    earlier = together(first, together(file.windows, [[0, 2]], [3]))
    beside("builtins.list")(together(beside("torch.zero_"), earlier))
    inputs, targets = _pair(file.windows([0, 2], 3))
    equal(inputs, want, say="inputs, after an earlier result was set to 0")
    equal(targets, want + 1, say="targets, after an earlier result was set to 0")


def test_a_window_must_lie_in_the_file(TokenFile, beside, tmp_path):
    """Starts are from 0 to n - T - 1; others, no starts, or a context below 1 raise ValueError."""
    file = TokenFile(_written(beside, tmp_path, range(100, 111)))
    inputs, targets = _pair(file.windows([7, 0], 3))
    equal(inputs, torch.tensor([[107, 108, 109], [100, 101, 102]]), say="the last window")
    equal(targets, torch.tensor([[108, 109, 110], [101, 102, 103]]), say="the last targets")
    for starts in ([8], [0, 8], [9, 0], [-1], [2, -3], [-5], [7, -11], []):
        with pytest.raises(ValueError):
            file.windows(starts, 3)
    for context in (0, -1):
        with pytest.raises(ValueError):
            file.windows([2], context)


def test_a_batch_holds_windows_of_the_file(TokenFile, beside, tmp_path):
    """Each row of a batch is a window of the file, and its targets are the next tokens."""
    file = TokenFile(_written(beside, tmp_path, range(1000, 2000)))
    inputs, targets = _pair(file.batch(13, 5, 3))
    formed(inputs, "int64 tensor 13x5", "inputs")
    equal(inputs, inputs[:, :1] + torch.arange(5), say="the tokens of a row are consecutive")
    equal(targets, inputs + 1, say="targets")
    within = bool((inputs >= 1000).all() and (targets < 2000).all())
    holds(within, "every token of a batch is in the file", got=inputs)


def test_the_first_and_the_last_start_are_drawn(TokenFile, beside, tmp_path):
    """Of 5 tokens, windows of three begin at 0 and at 1: a batch of 64 rows holds both."""
    file = TokenFile(_written(beside, tmp_path, range(5)))
    # All are drawn before the first is looked at, so that one start for all rows shows as such.
    for inputs, _ in [_pair(file.batch(64, 3, seed)) for seed in range(10)]:
        formed(inputs, "int64 tensor 64x3", "inputs")
        say = "the starts in a batch of 64 rows, of which only 0 and 1 are possible"
        equal(inputs[:, 0].unique().tolist(), [0, 1], say=say)


def test_every_start_is_equally_likely(TokenFile, beside, tmp_path):
    """Starts are uniform and independent: of ten tokens, windows of three begin at 0 to 6."""
    file = TokenFile(_written(beside, tmp_path, range(10)))
    inputs, _ = _pair(file.batch(7000, 3, 11))
    formed(inputs, "int64 tensor 7000x3", "inputs")
    starts = inputs[:, 0]
    holds(bool((starts < 7).all()), "the last start of a window of three is 6", got=starts)
    # Each start is expected 1000 ± 29 times; 200 is seven standard deviations.
    counts = torch.bincount(starts, minlength=7)
    holds(
        bool(((counts - 1000).abs() < 200).all()),
        "each of the 7 starts is drawn equally often",
        want="about 1,000 each",
        got=counts,
    )
    # Each pair of neighbouring rows is expected 143 ± 12 times.
    pairs = torch.bincount(7 * starts[:-1] + starts[1:], minlength=49).reshape(7, 7)
    say = "each start (row) is followed equally often by each start (column)"
    holds(bool(((pairs - 143).abs() < 90).all()), say, want="about 143 each", got=pairs)


def test_the_seed_decides_the_batch(TokenFile, beside, tmp_path):
    """The same seed gives the same batch, and different seeds give different batches."""
    file = TokenFile(_written(beside, tmp_path, range(30_000)))
    seeds = (0, 1, 2, 2**31 + 1, 2**32 - 1)
    batches = {seed: _pair(file.batch(11, 3, seed))[0].clone() for seed in seeds}
    for seed, before in batches.items():
        equal(_pair(file.batch(11, 3, seed))[0], before, say=f"seed {seed} again")
    for one, other in combinations(seeds, 2):
        apart = not torch.equal(batches[one], batches[other])
        holds(apart, f"the seeds {one} and {other} give different batches", got=batches[one])


def test_the_global_generators_are_left_alone(TokenFile, beside, tmp_path):
    """A batch neither uses nor seeds the global random generators."""
    file = TokenFile(_written(beside, tmp_path, range(100)))
    states = [beside(name) for name in ("torch.get_rng_state", "random.getstate")]
    states.append(beside("numpy.random.get_state"))
    before = [state() for state in states]
    _pair(file.batch(5, 3, 7))
    for name, state, was in zip(["PyTorch", "random", "NumPy"], states, before, strict=True):
        equal(state(), was, say=f"the state of the global generator of {name} has changed")


def test_reading_leaves_the_file_as_it_was(TokenFile, beside, tmp_path):
    """Reading windows and batches does not change the file."""
    path = _written(beside, tmp_path, range(7, 18))
    file = TokenFile(path)
    file.windows([0, 5], 3)
    file.batch(5, 2, 0)
    want = b"".join(token.to_bytes(2, "little") for token in range(7, 18))
    equal(beside("pathlib.Path")(path).read_bytes(), want, say="the bytes of the file")


def test_bad_files_and_contexts_are_refused(TokenFile, beside, tmp_path):
    """An empty file, an odd number of bytes, or a context not from 1 to n - 1 raises ValueError."""
    for content in (b"", b"\x01", b"\x01\x00\x02"):
        path = _holding(beside, tmp_path, content)
        with pytest.raises(ValueError):
            TokenFile(path)
    file = TokenFile(_written(beside, tmp_path, range(5)))
    equal(
        _pair(file.batch(2, 4, 0))[0],
        torch.tensor([[0, 1, 2, 3]] * 2),
        say="there is a single possible start",
    )
    for context in (5, 6, 11, 0, -1):
        with pytest.raises(ValueError):
            file.batch(2, context, 0)


def test_a_file_larger_than_memory_is_read(TokenFile, beside, tmp_path, room):
    """With 256 MiB of additional memory, a file of 1 GiB is opened and read at both ends."""
    path = str(tmp_path / "huge.bin")
    opened = beside("builtins.open")(path, "wb")
    opened.write(b"\x01\x00\x02\x00\x03\x00")
    opened.seek(HUGE - 6)  # the gap takes no space on the disk
    opened.write(b"\x04\x00\x05\x00\x06\x00")
    opened.close()
    count = HUGE // 2
    # A mapped file has an address for each of its bytes, and uses no private memory.
    room(256, private=True)
    file = TokenFile(path)
    equal(len(file), count, say="the tokens in 1 GiB")
    inputs, targets = _pair(file.windows([count - 3, 0], 2))
    drawn = _pair(file.batch(3, 5, 0))
    equal(inputs, torch.tensor([[4, 5], [1, 2]]), say="inputs")
    equal(targets, torch.tensor([[5, 6], [2, 3]]), say="targets")
    formed(drawn[0], "int64 tensor 3x5", "inputs of a batch")


def _written(beside, folder, tokens):
    """Return the path of a new file of these tokens."""
    content = b"".join(token.to_bytes(2, "little") for token in tokens)
    return _holding(beside, folder, content)


def _holding(beside, folder, content):
    """Return the path of a new file of these bytes, written in the worker."""
    path = str(folder / f"{sum(1 for _ in folder.iterdir())}.bin")
    beside("pathlib.Path")(path).write_bytes(content)
    return path


def _pair(got):
    """Return inputs and targets, after checking that they are two int64 tensors."""
    formed(got, "tuple of 2", "the result")
    for name, part in zip(["inputs", "targets"], got, strict=True):
        holds(isinstance(part, torch.Tensor), f"{name} is a tensor", got=part)
        formed(part, f"int64 tensor {len(part)}x{part.shape[-1]}", name)
    return got
