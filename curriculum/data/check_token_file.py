"""What is asked of token files."""

import contextlib
import sys
from pathlib import Path

import pytest
import torch

from grader.engine.expect import equal, formed, holds

HUGE = 1 << 30
"""Bytes of a file that is larger than what the code may take."""
SPARE = 256 << 20


def test_a_token_takes_two_bytes_low_byte_first(write_tokens, beside, tmp_path):
    """The file of 258, 7 and 65,535 is 02 01 07 00 ff ff, in place of any file before."""
    path = str(tmp_path / "tokens.bin")
    file = beside("pathlib.Path")(path)
    file.write_bytes(b"an older and longer file")
    write_tokens([258, 7, 65_535], path)
    got = file.read_bytes()
    equal(got, b"\x02\x01\x07\x00\xff\xff", say="the bytes of the file")


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
    """In 3 1 4 1 5 9, the windows of three at 2 and at 0 are 4 1 5 and 3 1 4."""
    file = TokenFile(_written(beside, tmp_path, [3, 1, 4, 1, 5, 9]))
    inputs, targets = _pair(file.windows([2, 0], 3))
    equal(inputs, torch.tensor([[4, 1, 5], [3, 1, 4]]), say="inputs")
    equal(targets, torch.tensor([[1, 5, 9], [1, 4, 1]]), say="targets")


def test_every_id_comes_back_as_it_was_written(write_tokens, TokenFile, rng, tmp_path):
    """What was written is read again, for ids from 0 to 65,535."""
    tokens = [0, 255, 256, 32_767, 32_768, 50_256, 65_535]
    tokens += [rng.randrange(65_536) for _ in range(30)]
    rng.shuffle(tokens)
    path = str(tmp_path / "tokens.bin")
    write_tokens(tokens, path)
    inputs, targets = _pair(TokenFile(path).windows([0], 36))
    equal(inputs, torch.tensor([tokens[:36]]), say="inputs")
    equal(targets, torch.tensor([tokens[1:]]), say="targets")


def test_a_window_must_lie_in_the_file(TokenFile, beside, tmp_path):
    """The last start is n - T - 1; one further, or one below 0, raises ValueError."""
    file = TokenFile(_written(beside, tmp_path, range(100, 111)))
    inputs, targets = _pair(file.windows([7, 0], 3))
    equal(inputs, torch.tensor([[107, 108, 109], [100, 101, 102]]), say="the last window")
    equal(targets, torch.tensor([[108, 109, 110], [101, 102, 103]]), say="the last targets")
    for starts in ([8], [0, 8], [9, 0], [-1], [2, -3]):
        with pytest.raises(ValueError):
            file.windows(starts, 3)


def test_a_batch_holds_windows_of_the_file(TokenFile, beside, tmp_path):
    """Each row of a batch is a stretch of the file, and its targets are the next tokens."""
    file = TokenFile(_written(beside, tmp_path, range(1000, 2000)))
    inputs, targets = _pair(file.batch(13, 5, 3))
    formed(inputs, "int64 tensor 13x5", "inputs")
    equal(inputs, inputs[:, :1] + torch.arange(5), say="the tokens of a row follow one another")
    equal(targets, inputs + 1, say="targets")
    within = bool((inputs >= 1000).all() and (targets < 2000).all())
    holds(within, "every token of a batch is one of the file's", got=inputs)


def test_every_start_is_equally_likely(TokenFile, beside, tmp_path):
    """Of ten tokens, windows of three begin at each of 0 to 6 equally often, row by row."""
    file = TokenFile(_written(beside, tmp_path, range(10)))
    inputs, _ = _pair(file.batch(7000, 3, 11))
    formed(inputs, "int64 tensor 7000x3", "inputs")
    starts = inputs[:, 0]
    holds(bool((starts < 7).all()), "a window of three begins at 6 at the latest", got=starts)
    # Each start is expected 1000 times, give or take 29; 200 is seven times that.
    counts = torch.bincount(starts, minlength=7)
    holds(bool(((counts - 1000).abs() < 200).all()), "how often each start came", got=counts)
    # Each pair of neighbouring rows is expected 143 times, give or take 12.
    pairs = torch.bincount(7 * starts[:-1] + starts[1:], minlength=49).reshape(7, 7)
    say = "how often a start (down) was followed by a start (across)"
    holds(bool(((pairs - 143).abs() < 90).all()), say, got=pairs)


def test_the_seed_decides_the_batch(TokenFile, beside, tmp_path):
    """The same seed gives the same batch again, and other seeds give others."""
    file = TokenFile(_written(beside, tmp_path, range(30_000)))
    batches = [_pair(file.batch(11, 3, seed))[0] for seed in (0, 1, 2)]
    for seed, before in enumerate(batches):
        equal(_pair(file.batch(11, 3, seed))[0], before, say=f"seed {seed} again")
    for one, other in [(0, 1), (1, 2), (0, 2)]:
        apart = not torch.equal(batches[one], batches[other])
        holds(apart, f"the seeds {one} and {other} give different batches", got=batches[one])


def test_the_global_generators_are_left_alone(TokenFile, beside, tmp_path):
    """A batch neither seeds nor uses the generators that the rest of a program shares."""
    file = TokenFile(_written(beside, tmp_path, range(100)))
    states = [beside(name) for name in ("torch.get_rng_state", "random.getstate")]
    states.append(beside("numpy.random.get_state"))
    before = [state() for state in states]
    _pair(file.batch(5, 3, 7))
    for name, state, was in zip(["PyTorch", "random", "NumPy"], states, before, strict=True):
        equal(state(), was, say=f"the global generator of {name} has changed")


def test_reading_leaves_the_file_as_it_was(TokenFile, beside, tmp_path):
    """After windows and batches the file holds the bytes that it held before."""
    path = _written(beside, tmp_path, range(7, 18))
    file = TokenFile(path)
    file.windows([0, 5], 3)
    file.batch(5, 2, 0)
    want = b"".join(token.to_bytes(2, "little") for token in range(7, 18))
    equal(beside("pathlib.Path")(path).read_bytes(), want, say="the bytes of the file")


def test_bad_files_and_contexts_are_refused(TokenFile, beside, tmp_path):
    """An empty file, an odd number of bytes, and a context of all tokens raise ValueError."""
    for content in (b"", b"\x01", b"\x01\x00\x02"):
        path = _holding(beside, tmp_path, content)
        with pytest.raises(ValueError):
            TokenFile(path)
    file = TokenFile(_written(beside, tmp_path, range(5)))
    equal(_pair(file.batch(2, 4, 0))[0], torch.tensor([[0, 1, 2, 3]] * 2), say="one start is left")
    for context in (5, 6, 11):
        with pytest.raises(ValueError):
            file.batch(2, context, 0)


def test_a_file_larger_than_memory_is_read(TokenFile, beside, tmp_path):
    """With 256 MiB to spare a file of 1 GiB is opened, and its first and last tokens are read."""
    path = str(tmp_path / "huge.bin")
    opened = beside("builtins.open")(path, "wb")
    opened.write(b"\x01\x00\x02\x00\x03\x00")
    opened.seek(HUGE - 6)  # the gap takes no place on the disk
    opened.write(b"\x04\x00\x05\x00\x06\x00")
    opened.close()
    count = HUGE // 2
    with _in_little_memory(beside):
        file = TokenFile(path)
        equal(len(file), count, say="the tokens in 1 GiB")
        inputs, targets = _pair(file.windows([count - 3, 0], 2))
        drawn = _pair(file.batch(3, 5, 0))
    equal(inputs, torch.tensor([[4, 5], [1, 2]]), say="inputs")
    equal(targets, torch.tensor([[5, 6], [2, 3]]), say="targets")
    formed(drawn[0], "int64 tensor 3x5", "inputs of a batch")


def _written(beside, folder, tokens):
    """The path of a new file of these tokens."""
    content = b"".join(token.to_bytes(2, "little") for token in tokens)
    return _holding(beside, folder, content)


def _holding(beside, folder, content):
    """The path of a new file of these bytes, written beside the learner's code."""
    path = str(folder / f"{sum(1 for _ in folder.iterdir())}.bin")
    beside("pathlib.Path")(path).write_bytes(content)
    return path


def _pair(got):
    """Inputs and targets, once it is known that they are two tables of int64."""
    formed(got, "tuple of 2", "what came")
    for name, part in zip(["inputs", "targets"], got, strict=True):
        holds(isinstance(part, torch.Tensor), f"{name} is a tensor", got=part)
        formed(part, f"int64 tensor {len(part)}x{part.shape[-1]}", name)
    return got


@contextlib.contextmanager
def _in_little_memory(beside):
    """Let the learner's code take little memory of its own; pages of a file are the system's.

    The limit is on private memory, not on addresses: a file that is mapped has addresses for
    all of its bytes and takes none of it.
    """
    if sys.platform != "linux":
        yield
        return
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    private = int(Path("/proc/self/statm").read_text().split()[5]) * resource.getpagesize()
    limit = beside("resource.setrlimit")
    limit(resource.RLIMIT_DATA, (private + SPARE, most))
    try:
        yield
    except Exception as error:
        if "memory" not in f"{type(error).__name__} {error}".lower():
            raise
        say = "1 GiB was to be read with 256 MiB to spare, and memory ran out"
        holds(False, say, got=f"{type(error).__name__}: {error}")
    finally:
        limit(resource.RLIMIT_DATA, (most, most))
