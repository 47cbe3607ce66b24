"""The checks of cache_memory."""

import torch

from grader.checks import equal, holds

DTYPES = {
    torch.float64: 8,
    torch.float32: 4,
    torch.bfloat16: 2,
    torch.float16: 2,
    torch.int8: 1,
    torch.float8_e4m3fn: 1,
}
"""The bytes of a number of each dtype."""


def test_the_count_is_an_int(cache_memory):
    """The bytes are an int, with and without a dtype."""
    for dtype in (torch.float32, torch.bfloat16, torch.int8):
        got = cache_memory(2, 3, 5, 7, 11, dtype)
        holds(type(got) is int, f"the count for {dtype} must be an int", want="int", got=got)
    got = cache_memory(2, 3, 5, 7, 11)
    holds(type(got) is int, "the count must be an int", want="int", got=got)


def test_the_smallest_cache_holds_one_key_and_one_value(cache_memory):
    """With all sizes 1 there are two numbers, a key and a value: 8 bytes in float32."""
    equal(cache_memory(1, 1, 1, 1, 1), 8, say="two numbers of 4 bytes; float32 is the default")
    equal(cache_memory(1, 1, 1, 1, 1, torch.float32), 8, say="two numbers of 4 bytes")


def test_a_token_of_smollm2_takes_46080_bytes(cache_memory):
    """SmolLM2 has 30 layers of 3 key-value heads with D = 64: 46,080 bytes a token in float32."""
    say = "30 layers, 3 key-value heads, 64 numbers, a key and a value, 4 bytes each"
    equal(cache_memory(30, 1, 3, 1, 64), 46_080, say=say)
    whole = cache_memory(30, 1, 3, 8192, 64, torch.bfloat16)
    equal(whole, 188_743_680, say="its whole context of 8,192 tokens, in bfloat16")


def test_every_size_multiplies_the_bytes(cache_memory, rng):
    """The bytes are proportional to each of the five sizes."""
    names = ["layers", "batch", "kv_heads", "context", "head_dim"]
    sizes = {name: rng.randint(2, 30) for name in names}
    once = cache_memory(**sizes)
    for name in names:
        for times in (2, 3, 7):
            more = cache_memory(**{**sizes, name: times * sizes[name]})
            equal(more, times * once, say=f"{name} is {times} times as large, {sizes} before")


def test_the_dtype_says_how_many_bytes_a_number_takes(cache_memory, rng):
    """A number takes 8 bytes in float64, 4 in float32, 2 in bfloat16 and float16, 1 in int8."""
    for dtype, size in DTYPES.items():
        sizes = [rng.randint(1, 30) for _ in range(5)]
        want = size
        for number in [2, *sizes]:
            want *= number
        equal(cache_memory(*sizes, dtype), want, say=f"{dtype}, sizes {sizes}")
        equal(cache_memory(*sizes, dtype=dtype), want, say=f"dtype={dtype} by name")


def test_the_bytes_are_those_of_a_cache_that_is_built(cache_memory, beside, rng):
    """The count equals the bytes of keys and values in a Cache with these sizes."""
    for dtype in (torch.float32, torch.float64, torch.bfloat16):
        sizes = [rng.randint(1, 5) for _ in range(5)]
        cache = beside("exercises.kv_cache.cache.Cache")(*sizes, dtype)
        want = cache.keys.nbytes + cache.values.nbytes
        equal(cache_memory(*sizes, dtype), want, say=f"{dtype}, sizes {sizes}")


def test_a_huge_count_is_exact(cache_memory, room):
    """Sizes that no machine has memory for are counted exactly."""
    sizes = (1_000_003, 4099, 257, 10_000_019, 8191)
    want = 2 * 1_000_003 * 4099 * 257 * 10_000_019 * 8191
    room(256)
    equal(cache_memory(*sizes, torch.int8), want, say="beyond 2 ** 63, with one byte per number")
    equal(cache_memory(*sizes), 4 * want, say="the same in float32")
    want = 2 * 126 * 8 * 8 * 131_072 * 128 * 2
    got = cache_memory(126, 8, 8, 131_072, 128, torch.bfloat16)
    equal(got, want, say="Llama 3.1 405B, eight sequences of 131,072 tokens in bfloat16")
