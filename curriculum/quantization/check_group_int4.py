"""The checks of quantize, dequantize, pack and unpack for groups of four-bit integers."""

import torch

from grader.checks import close, equal, formed, load_shared, shaped

shared = load_shared(__file__)
FLOAT32 = shared.FLOAT32
SINGLE, DOUBLE = torch.float32, torch.float64
SIZES = [1, 2, 5, 31, 32, 33, 40, 63, 64, 70, 97]
"""How many weights a row has: what 32 divides, what it does not, even and odd."""


def test_q_is_int8_and_there_is_one_scale_for_each_group(quantize, randn):
    """q has dtype int8 and the shape of w; the scales have shape (..., G) and the dtype of w."""
    for name, dtype in (("float32", SINGLE), ("float64", DOUBLE)):
        for n, groups in [(32, 1), (64, 2), (70, 3), (5, 1), (1, 1)]:
            got = quantize(randn(2, 3, n, dtype=dtype))
            formed(got, "tuple of 2", "(q, scale)")
            formed(got[0], f"int8 tensor 2x3x{n}", f"q for {n} weights in a row")
            say = f"the scales for {n} weights in a row"
            formed(got[1], f"{name} tensor 2x3x{groups}", say)
        shaped(quantize(randn(40, dtype=dtype))[1], (2,), dtype, say="w of shape (40,)")


def test_two_integers_take_one_byte(pack, unpack, dequantize, randint):
    """pack returns ceil(n / 2) bytes for each row, unpack int8, and dequantize scale's dtype."""
    for n in SIZES:
        q = randint(-7, 8, 3, n).to(torch.int8)
        packed = pack(q)
        shaped(packed, (3, (n + 1) // 2), torch.uint8, say=f"{n} integers in a row, packed")
        shaped(unpack(packed, n), (3, n), torch.int8, say=f"{n} integers in a row, unpacked")
        for dtype in (SINGLE, DOUBLE):
            got = dequantize(q, torch.ones(3, (n + 31) // 32, dtype=dtype))
            shaped(got, (3, n), dtype, say="dequantized")
    shaped(unpack(pack(torch.zeros(5, dtype=torch.int8)), 5), (5,), torch.int8, say="no rows")


def test_groups_worked_by_hand(quantize):
    """For [3.5, -1.2, 0, 0.8] the scale is 0.5 and q [7, -2, 0, 2]; ones have the scale 1 / 7."""
    q, scale = quantize(torch.tensor([3.5, -1.2, 0.0, 0.8]))
    close(scale, torch.tensor([0.5]), say="the absmax is 3.5, and 3.5 / 7 is 0.5")
    equal(q, torch.tensor([7, -2, 0, 2], dtype=torch.int8), say="w / 0.5, rounded")
    q, scale = quantize(torch.cat([torch.ones(32), torch.full((32,), -14.0)]))
    close(scale, torch.tensor([1 / 7, 2.0]), say="32 times 1, then 32 times -14")
    want = torch.tensor([7] * 32 + [-7] * 32, dtype=torch.int8)
    equal(q, want, say="32 times 1, then 32 times -14")


def test_halves_go_to_the_even_neighbour(quantize):
    """With a scale of 1, the numbers 0.5, 1.5, 2.5, -0.5 and -1.5 become 0, 2, 2, 0 and -2."""
    q, _ = quantize(torch.tensor([7.0, 0.5, 1.5, 2.5, -0.5, -1.5, 6.5]))
    equal(q, torch.tensor([7, 0, 2, 2, 0, -2, 6], dtype=torch.int8))


def test_every_group_follows_the_rule_with_its_own_absmax(quantize, randint):
    """The scale of each group of 32 is its absmax / 7, for any number of rows and groups."""
    for leading, rows in [((), 1), ((3,), 3), ((2, 3), 6)]:
        for n in (32, 64, 160):
            w, q, sizes = _draw(randint, rows, n)
            for dtype in (SINGLE, DOUBLE):
                got_q, got_scale = quantize(w.reshape(*leading, n).to(dtype))
                say = f"w of shape {(*leading, n)}"
                want = sizes.reshape(*leading, n // 32).to(dtype)
                close(got_scale, want, say=f"the scales for {say}", **FLOAT32)
                equal(got_q, q.reshape(*leading, n), say=f"q for {say}")


def test_the_last_group_has_what_is_left_of_its_row(quantize, randint):
    """If 32 does not divide n, the last n % 32 weights of each row are a group of their own."""
    for n in SIZES:
        for rows in (1, 4):
            w, q, sizes = _draw(randint, rows, n)
            for dtype in (SINGLE, DOUBLE):
                got_q, got_scale = quantize(w.to(dtype))
                say = f"{n} weights in each of {rows} rows"
                close(got_scale, sizes.to(dtype), say=f"the scales for {say}", **FLOAT32)
                equal(got_q, q, say=f"q for {say}")


def test_minus_w_gives_minus_q_and_the_same_scales(quantize, randint):
    """Negating w negates q and leaves the scales unchanged, because -8 is never used."""
    w, want, _ = _draw(randint, 5, 70)
    q, scale = quantize(w.float())
    opposite, same = quantize(-w.float())
    equal(q, want, say="q for w")
    equal(opposite, -want, say="q for -w")
    equal(same, scale, say="the scales for -w")


def test_no_weight_moves_by_more_than_half_the_scale_of_its_group(
    quantize, dequantize, pack, unpack, randn
):
    """Quantized, packed, unpacked and dequantized, no weight changes by more than scale / 2."""
    absmax = torch.tensor([1.0, 1e4, 1e-4, 5e29, 2e-30, 1e-12, 3e38, 1e-38], dtype=DOUBLE)
    for dtype in (SINGLE, DOUBLE):
        x = randn(3, 8, 32, dtype=DOUBLE)
        x[:, :, 3] = 30.0
        w = (x * (absmax / 30)[:, None]).to(dtype).reshape(3, 256)[:, :-5]
        q, scale = quantize(w)
        back = dequantize(unpack(pack(q), 251), scale)
        for i, largest in enumerate(absmax.tolist()):
            # Roundings in float32, of numbers up to 7 steps, are less than 2e-6 steps. Near 1e-38
            # a scale has 20 bits.
            say = f"a group with the absmax {largest:g}, beside others, {dtype}"
            part = slice(32 * i, 32 * i + 32)
            close(back[:, part], w[:, part], atol=0.50002 * largest / 7, rtol=0, say=say)


def test_a_group_of_zeros_has_the_scale_one(quantize, dequantize):
    """A group of zeros has the scale 1 and q 0, beside other groups and alone."""
    for dtype in (SINGLE, DOUBLE):
        for n in (1, 32, 70):
            w = torch.zeros(2, n, dtype=dtype)
            q, scale = quantize(w)
            equal(scale, torch.ones_like(scale), say=f"the scales of {n} zeros in a row")
            equal(q, torch.zeros(2, n, dtype=torch.int8), say=f"q of {n} zeros in a row")
            equal(dequantize(q, scale), w, say="zeros dequantized")
        w = torch.zeros(100, dtype=dtype)
        w[40], w[99] = 1e-30, -14.0
        q, scale = quantize(w)
        want = torch.tensor([1.0, 1e-30 / 7, 1.0, 2.0], dtype=dtype)
        close(scale, want, say="groups of zeros beside groups with one weight", **FLOAT32)
        equal(q, w.sign().to(torch.int8) * 7, say="q of one weight in a group")


def test_dequantize_multiplies_by_the_scale_of_the_group(dequantize, randint):
    """Integer j of a row is multiplied by scale j // 32 of this row, for all from -8 to 7."""
    q = torch.arange(-8, 8, dtype=torch.int8).repeat(3)
    want = torch.cat([q[:32] * 3.0, q[32:] * 0.5])
    close(dequantize(q, torch.tensor([3.0, 0.5])), want, say="scales 3 and 0.5, 48 integers")
    for leading in [(), (3,), (2, 3)]:
        for n in (*SIZES, 1024):
            q = randint(-8, 8, *leading, n).to(torch.int8)
            scale = randint(1, 100, *leading, (n + 31) // 32).double() / 16
            want = q * scale[..., torch.arange(n) // 32]
            close(dequantize(q, scale), want, say=f"q of shape {(*leading, n)}", **FLOAT32)


def test_the_first_of_two_integers_is_in_the_low_half(pack, unpack):
    """[-8, -7, 7, 0, 1] becomes 0 + 16 * 1, 15 + 16 * 8 and, with 8 for none, 9 + 16 * 8."""
    q = torch.tensor([-8, -7, 7, 0, 1], dtype=torch.int8)
    packed = torch.tensor([16, 143, 137], dtype=torch.uint8)
    equal(pack(q), packed, say="an odd number of integers; the codes are 0, 1, 15, 8, 9")
    equal(pack(q[:4]), packed[:2], say="an even number of integers")
    equal(pack(q[:1]), torch.tensor([128], dtype=torch.uint8), say="the integer -8 alone")
    equal(unpack(packed, 5), q, say="the bytes 16, 143, 137 as five integers")
    equal(unpack(packed, 6)[5:], torch.tensor([0], dtype=torch.int8), say="as six: the last is 0")


def test_all_256_bytes_and_all_16_integers_come_back(pack, unpack):
    """unpack gives the integers of every byte, and pack gives the byte back."""
    packed = torch.arange(256).to(torch.uint8)
    q = torch.tensor([code - 8 for byte in range(256) for code in (byte % 16, byte // 16)])
    q = q.to(torch.int8)
    equal(unpack(packed, 512), q, say="the 256 bytes unpacked")
    equal(pack(q), packed, say="their integers packed")
    equal(unpack(packed, 511), q[:-1], say="511 integers: the high half of byte 255 is ignored")
    for byte in (0, 15, 8, 240, 255):
        one = torch.tensor([byte], dtype=torch.uint8)
        want = torch.tensor([byte % 16 - 8], dtype=torch.int8)
        equal(unpack(one, 1), want, say=f"one integer of the byte {byte}")


def test_each_row_is_packed_by_itself(pack, unpack, randint):
    """With an odd n no byte holds integers of two rows, whatever the leading dimensions are."""
    for shape in [(2, 3), (4, 1), (2, 3, 5), (3, 2, 1, 7), (5, 4)]:
        q = randint(-8, 8, *shape).to(torch.int8)
        packed = _pack_by_loop(q)
        equal(pack(q), packed, say=f"q of shape {shape}")
        equal(unpack(packed, shape[-1]), q, say=f"bytes of q of shape {shape}")


def test_the_layout_in_memory_does_not_matter(quantize, dequantize, pack, unpack, randint):
    """Transposed, strided and expanded tensors give what their contiguous copies give."""
    w, q, sizes = _draw(randint, 6, 70)
    views = [
        ("transposed", w.T.contiguous().T, q.T.contiguous().T),
        ("strided", w.repeat_interleave(2, dim=1)[:, ::2], q.repeat_interleave(3, dim=1)[:, ::3]),
    ]
    for name, view, whole in views:
        got, scale = quantize(view)
        equal(got, q, say=f"q of a {name} w")
        close(scale, sizes, say=f"the scales of a {name} w", **FLOAT32)
        packed = _pack_by_loop(q)
        equal(pack(whole), packed, say=f"a {name} q, packed")
        equal(unpack(packed.T.contiguous().T, 70), q, say="transposed bytes, unpacked")
        want = q * sizes[:, torch.arange(70) // 32]
        turned = sizes.T.contiguous().T
        close(dequantize(whole, turned), want, say=f"a {name} q, dequantized", **FLOAT32)
    row, byte = torch.tensor([3, -8, 1], dtype=torch.int8), torch.tensor([11, 137])
    packed = byte.to(torch.uint8).expand(4, 2)
    equal(pack(row.expand(4, 3)), packed, say="a row expanded to four, packed")
    equal(unpack(packed, 3), row.repeat(4, 1), say="bytes expanded to four rows, unpacked")


def test_the_inputs_stay_as_they_were(quantize, dequantize, pack, unpack, randn):
    """No function changes its arguments."""
    for n in (64, 70):
        w = randn(3, n)
        before = w.clone()
        quantize(w)
        equal(w, before, say="quantize changed its input w; return a new tensor")
    for n in (4, 5):
        q = torch.arange(-2, 3, dtype=torch.int8)[:n]
        scale, packed = torch.tensor([0.5]), torch.tensor([16, 143, 137], dtype=torch.uint8)
        dequantize(q, scale)
        pack(q)
        unpack(packed, n + 1)
        equal(q, torch.arange(-2, 3, dtype=torch.int8)[:n], say="a call changed its input q")
        equal(scale, torch.tensor([0.5]), say="dequantize changed its input scale")
        want = torch.tensor([16, 143, 137], dtype=torch.uint8)
        equal(packed, want, say="unpack changed its input packed")


def _draw(randint, rows, n):
    """Return rows of weights away from ties, their integers, and the scale of each group."""
    weights, integers, scales = [], [], []
    for start in range(0, n, 32):
        x, q = shared.draw_off_ties(randint, rows, min(32, n - start), 7)
        size = randint(1, 1000, rows, 1).double() / 8
        weights.append(x * size)
        integers.append(q)
        scales.append(size)
    return torch.cat(weights, dim=1), torch.cat(integers, dim=1), torch.cat(scales, dim=1)


def _pack_by_loop(q):
    """Return the bytes of q, row after row and byte after byte."""
    rows = []
    for row in q.reshape(-1, q.shape[-1]).tolist():
        codes = [number + 8 for number in row] + [8] * (len(row) % 2)
        rows.append([codes[i] + 16 * codes[i + 1] for i in range(0, len(codes), 2)])
    return torch.tensor(rows, dtype=torch.uint8).reshape(*q.shape[:-1], -1)
