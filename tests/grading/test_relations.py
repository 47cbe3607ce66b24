"""Relations: each holds where it should, and is silent for tiny, constant and ambiguous answers."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch

from grader.grading.judge.comparison import is_same_answer
from grader.grading.judge.relations.asked import Asked
from grader.grading.judge.relations.entries import (
    find_constant_entry,
    find_missing_entry,
    find_offset,
    find_replaced_entry,
)
from grader.grading.judge.relations.evidence import Evidence, make_evidence
from grader.grading.judge.relations.exchanged import find_exchange, find_other_names
from grader.grading.judge.relations.factor import find_factor
from grader.grading.judge.relations.form import find_form
from grader.grading.judge.relations.gradient import find_wrong_gradient
from grader.grading.judge.relations.positions import find_position
from grader.grading.judge.relations.rounded import find_rounding
from grader.grading.judge.relations.search import find_in_answers
from grader.grading.judge.relations.separated import find_separation
from grader.grading.judge.relations.unchanged import (
    find_ignored_argument,
    find_returned_argument,
    list_heeded,
)
from grader.grading.protocol.raised import Raised

GENERATOR = torch.Generator().manual_seed(5)
REFUSED = Raised("ValueError", ("ValueError",), "no")


def rand(*shape: int, dtype: torch.dtype = torch.float32) -> torch.Tensor:
    """Normal numbers, as the checks' inputs are."""
    return torch.randn(*shape, generator=GENERATOR, dtype=dtype)


def ask(want: Any, got: Any, *, check: str = "a", failed: bool = True, **more: Any) -> Asked:
    """One question with the answer expected and the one returned; ``more`` are its arguments."""
    op, function = more.pop("op", "call"), more.pop("function", "f")
    same = not isinstance(got, Raised) and is_same_answer(got, want, want)
    digests = {
        name: repr(one.tolist() if isinstance(one, torch.Tensor) else one)
        for name, one in more.items()
    }
    return Asked(check, failed, op, function, more, digests, "", want, got, same)


def show(*asked: Asked) -> Evidence:
    """The evidence on what was asked."""
    evidence = make_evidence(asked)
    assert evidence is not None
    return evidence


def scaled(factor: float, count: int = 3) -> Evidence:
    """Answers that are too large by a factor."""
    return show(*(ask(x, x * factor) for x in (rand(2, 5) for _ in range(count))))


# What is evidence


def test_only_wrong_answers_of_failed_checks_are_evidence() -> None:
    """Right answers and errors are no wrong answers; those of the first wrong function count."""
    right, wrong = rand(3), rand(3)
    evidence = show(
        ask(right, right),
        ask(right, wrong, failed=False),
        ask(right, REFUSED),
        ask(right, wrong),
        ask(right, wrong, function="g"),
    )
    assert len(evidence.wrong) == 1 and len(evidence.right) == 1 and len(evidence.raised) == 1
    assert evidence.subject == "What `f` returns"
    assert make_evidence([ask(right, right), ask(right, REFUSED)]) is None


def test_forged_answers_are_no_relation() -> None:
    """Answers of any form, nested in any way, are looked at and nothing is said of them."""
    odd = [{}, {1: [2]}, [()], (None,), [{"a": 1}], {"a": [rand(2)]}, "", b"", math.nan, {1, 2}, 1j]
    for want in [rand(2, 3), [1, 2], "text", (rand(2), rand(2)), {"a": rand(2), "b": rand(3)}]:
        assert list(find_in_answers([ask(want, got) for got in odd])) == []


# A factor


@pytest.mark.parametrize(
    ("factor", "said"),
    [
        (2.0, "2 times"),
        (0.5, "half of"),
        (math.sqrt(2), "sqrt(2) times"),
        (-1.0, "-1 times"),
        (127 / 128, "127 / 128 times"),
    ],
)
def test_a_factor_with_a_name_is_said(factor: float, said: str) -> None:
    """Every wrong answer is too large by one constant of closed form."""
    assert find_factor(scaled(factor)) == f"Your answer is {said} the expected one."


def test_a_factor_that_follows_from_a_size_is_said() -> None:
    """The factor is the root of an argument's last size, which differs between the questions."""
    asked = []
    for size in (3, 5, 7):
        q, x = rand(2, size), rand(2, 4)
        asked.append(ask(x, x * math.sqrt(size), q=q, k=q))
    assert find_factor(show(*asked)) == "Your answer is sqrt(q.shape[-1]) times the expected one."


def test_a_factor_without_a_name_is_not_said() -> None:
    """1.37 means nothing; nor does the root of a size that is the same in every question."""
    assert find_factor(scaled(1.37)) is None
    x = [rand(2, 4) for _ in range(3)]
    same_size = [ask(one, one * math.sqrt(6), q=rand(2, 6)) for one in x]
    assert find_factor(show(*same_size)) is None


def test_a_factor_needs_numbers_that_could_differ() -> None:
    """One question, a constant answer, one number: each is some factor apart."""
    assert find_factor(scaled(2.0, count=1)) is None
    ones, number = torch.ones(2, 3), torch.tensor([3.0])
    assert find_factor(show(*[ask(ones, ones * 2)] * 3)) is None
    assert find_factor(show(*[ask(number, number * 2)] * 3)) is None
    assert find_factor(show(*[ask(rand(5), rand(5)) for _ in range(3)])) is None


# Rounding


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_rounding_to_a_smaller_dtype_is_said(dtype: torch.dtype) -> None:
    """The answer is the expected one, rounded."""
    x = rand(3, 5)
    name = str(dtype).removeprefix("torch.")
    evidence = show(ask(x, x.to(dtype).float()))
    assert find_rounding(evidence) == f"Your answer is the expected one rounded to {name}."


def test_float32_on_the_way_is_said() -> None:
    """Float64 answers that passed through float32 have its accuracy only."""
    x = rand(3, 5, dtype=torch.float64)
    assert find_rounding(show(ask(x, x.float().double()))) == (
        "Your answer is the expected one rounded to float32."
    )
    close = x * (1 + 5e-8 * rand(3, 5, dtype=torch.float64).sign())
    said = find_rounding(show(ask(x, close)))
    assert said is not None and "float32's accuracy only: it is off by 5e-08" in said


def test_other_small_errors_are_no_rounding() -> None:
    """A small eps, whole numbers that lose nothing, and one answer that is not rounded."""
    x, whole = rand(3, 5, dtype=torch.float64), torch.arange(15.0)
    assert find_rounding(show(ask(x, x * (1 + 1e-5)))) is None
    assert find_rounding(show(ask(whole, whole + 1))) is None
    assert find_rounding(show(ask(rand(4), rand(4).bfloat16().float()))) is None
    x32 = rand(3, 5)
    mixed = [ask(x32, x32.bfloat16().float()), ask(x32, x32 + 0.1)]
    assert find_rounding(show(*mixed)) is None


# Parts


def test_parts_in_each_others_place_are_said() -> None:
    """What stands under one name is what is expected under the other."""
    a, b, c = rand(2, 3), rand(2, 3), rand(2, 3)
    want = {"key.weight": a, "value.weight": b, "out.weight": c}
    got = {"key.weight": b, "value.weight": a, "out.weight": c}
    assert find_exchange(show(ask(want, got))) == (
        "`key` and `value` are in each other's place; otherwise they are right."
    )
    assert find_exchange(show(ask((a, b), (b, a)))) == (
        "`entry 0` and `entry 1` are in each other's place; otherwise they are right."
    )


def test_a_part_that_has_another_ones_values_is_said() -> None:
    """Both layers got what one of them should have."""
    layers = [rand(2, 3) for _ in range(2)]
    want = [(f"blocks.{i}.up.weight", part) for i, part in enumerate(layers)]
    got = [(f"blocks.{i}.up.weight", layers[0]) for i in range(2)]
    assert find_exchange(show(ask(want, got))) == (
        "`blocks.1` has what is expected for `blocks.0`."
    )


def test_parts_that_are_alike_are_no_exchange() -> None:
    """Two parts that are expected alike, constant ones, and a part that is nobody's."""
    a, b = rand(2, 3), rand(2, 3)
    twins = {"x": a, "y": a, "z": b}
    assert find_exchange(show(ask(twins, {"x": a, "y": a, "z": a}))) is None
    flat = {"x": torch.ones(3), "y": torch.zeros(3)}
    assert find_exchange(show(ask(flat, {"x": torch.zeros(3), "y": torch.zeros(3)}))) is None
    assert find_exchange(show(ask({"x": a, "y": b}, {"x": rand(2, 3), "y": a}))) is None


def test_other_names_for_the_same_values_are_said() -> None:
    """The values stand in their order, under names of the learner's."""
    parts = [rand(3), rand(2, 3)]
    want = dict(zip(("weight", "bias"), parts, strict=True))
    got = dict(zip(("gamma", "beta"), parts, strict=True))
    assert find_other_names([ask(want, got)]) == (
        "The values are the expected ones in their order; the names differ: "
        "`gamma` for `weight`, `beta` for `bias`."
    )
    assert find_other_names([ask(want, {"gamma": rand(3), "beta": parts[1]})]) is None
    assert find_other_names([ask(want, {"gamma": parts[0]})]) is None


# Form


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda x: x.transpose(0, 1), "with dimensions 0 and 1 exchanged"),
        (lambda x: x.permute(1, 2, 0), "with its dimensions in the order (1, 2, 0)"),
        (lambda x: x[None], "with one or more dimensions of size 1 added"),
        (lambda x: x.reshape(6, 5), "in another shape, with the entries in their order"),
        (lambda x: x.flip(1), "in reverse order along dimension 1"),
    ],
)
def test_a_tensor_in_another_form_is_said(
    change: Callable[[torch.Tensor], torch.Tensor], said: str
) -> None:
    """The numbers are right and stand in another form."""
    x = rand(2, 3, 5)
    assert find_form(show(ask(x, change(x)))) == f"Your answer is the expected one {said}."


def test_an_inverted_mask_is_said() -> None:
    """True stands for False and the other way round."""
    mask = torch.ones(3, 3, dtype=torch.bool).tril()
    said = "Your answer is the expected one with True and False exchanged."
    assert find_form(show(ask(mask, ~mask))) == said


def test_small_and_symmetric_tensors_have_no_form() -> None:
    """One number, equal numbers and a symmetric matrix fit every form."""
    one, ones, symmetric = torch.tensor([[2.0]]), torch.ones(3, 3), torch.eye(3)
    assert find_form(show(ask(one, one[0]))) is None
    assert find_form(show(ask(ones, ones.reshape(9)))) is None
    assert find_form(show(ask(symmetric, rand(3, 3)))) is None
    mixed = [ask(x := rand(2, 3), x.T), ask(rand(2, 3), rand(3, 2))]
    assert find_form(show(*mixed)) is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda x: x[::-1], "in reverse order"),
        (lambda x: x[:-1], "without its last entry"),
        (sorted, "sorted"),
        (lambda x: [239, 187, *x], "with [239, 187] in front"),
        (lambda x: [*x, 0], "with [0] behind"),
    ],
)
def test_a_list_in_another_form_is_said(
    change: Callable[[list[int]], list[int]], said: str
) -> None:
    """Every answer has the same form."""
    answers = [[7, 3, 9, 4], [5, 2, 8], [6, 1]]
    asked = [ask(want, change(want)) for want in answers]
    assert find_form(show(*asked)) == f"Your answer is the expected one {said}."


def test_a_form_that_a_right_answer_lacks_is_not_said() -> None:
    """Where one answer keeps its last entry, losing it is not what the code does."""
    wrong = [ask([7, 3, 9, 4], [7, 3, 9]), ask([5, 2, 8], [5, 2])]
    assert find_form(show(*wrong, ask([1, 2, 3, 4], [1, 2, 3, 4]))) is None
    assert find_form(show(ask([1], []))) is None


# Entries


def test_one_entry_for_another_is_said() -> None:
    """A question mark stands wherever a replacement character is expected."""
    texts = ["a\ufffdb\ufffd", "\ufffd", "cd\ufffd"]
    asked = [ask(text, text.replace("\ufffd", "?")) for text in texts]
    said = "Wherever '\ufffd' is expected, '?' is returned; everything else is right."
    assert find_replaced_entry(show(*asked)) == said
    swapped = [ask([0, 1, 5, 1], [1, 0, 5, 0]), ask([1, 7], [0, 7])]
    said = "0 and 1 are in each other's place; everything else is right."
    assert find_replaced_entry(show(*swapped)) == said


def test_an_entry_that_is_right_elsewhere_is_not_replaced() -> None:
    """A rule that one right entry contradicts, two different replacements, and too few."""
    wrong = [ask([5, 7, 7], [5, 0, 0]), ask([7, 3], [0, 3])]
    assert find_replaced_entry(show(*wrong)) is not None
    assert find_replaced_entry(show(*wrong, ask([7, 7], [7, 7]))) is None
    assert find_replaced_entry(show(*wrong, ask([7], [4]))) is None
    assert find_replaced_entry(show(*wrong[1:])) is None
    flags = [ask([True, False], [True, True]), ask([False, False], [True, True])]
    assert find_replaced_entry(show(*flags)) is None


def test_entries_that_are_one_off_are_said() -> None:
    """Each wrong id is too small by one; the others are right."""
    asked = [ask([1, 300, 2, 301], [1, 299, 2, 300]), ask([400], [399])]
    assert find_offset(show(*asked)) == "Each wrong entry is too small by 1."
    assert find_offset(show(*asked, ask([500], [498]))) is None
    assert find_offset(show(ask([300], [299]), ask([300], [299]))) is None


def test_an_entry_that_is_left_out_is_said() -> None:
    """Every space is missing, and nothing else."""
    texts = ["a b c", " d", "e f"]
    asked = [ask(list(text), list(text.replace(" ", ""))) for text in texts]
    assert find_missing_entry(show(*asked)) == "Every ' ' is missing; everything else is right."
    right = ask([" ", "x"], [" ", "x"])
    assert find_missing_entry(show(*asked, right)) is None


def test_answers_that_end_too_early_are_said() -> None:
    """Each answer is the beginning of the expected one, with more or less of it missing."""
    asked = [ask("abcdef", "abc"), ask("ghij", "gh"), ask("klmnop", "klmno")]
    said = "Your answer ends too early: it is the beginning of the expected one."
    assert find_missing_entry(show(*asked)) == said
    assert find_missing_entry(show(*asked[:2])) is None
    assert find_missing_entry(show(*asked, ask("xyz", "xz"))) is None
    runs = [ask([256] * n, [256]) for n in (2, 3, 5)]
    assert find_missing_entry(show(*runs)) is None


def test_wrong_entries_that_are_all_0_are_said() -> None:
    """What is wrong is 0 in every answer, and the rest is right; or True, in a mask."""
    asked = []
    for _ in range(2):
        x = rand(4, 5)
        asked.append(ask(x, torch.where(x > 0.5, 0.0, x)))
    assert find_constant_entry(show(*asked)) == "Every wrong entry is 0."
    assert find_constant_entry(show(*asked[:1])) is None
    assert find_constant_entry(show(*asked, ask(rand(3), torch.ones(3)))) is None
    nothing = [ask(rand(3), torch.zeros(3)) for _ in range(3)]
    assert find_constant_entry(show(*nothing)) is None
    mask = torch.ones(4, 4, dtype=torch.bool).tril()
    wider = ask(mask, mask.roll(1, 1) | mask)
    assert find_constant_entry(show(wider, wider)) == "Every wrong entry is True."


# Wrong exactly where


def texts_asked(letter: str, also: str = "") -> list[Asked]:
    """Three texts with a letter, which are answered wrong, and eight without it."""
    wrong = [ask([1], [2], text=f"{word}{letter}{also}") for word in ("ab", "cd", "ef")]
    right = [ask([n], [n], failed=False, text=f"word{n}") for n in range(8)]
    return [*wrong, *right]


def test_a_property_that_separates_is_said() -> None:
    """The answers are wrong exactly where the text is not ASCII."""
    assert find_separation(show(*texts_asked("é"))) == (
        "Your answer is wrong exactly where `text` is not ASCII; it is right in all 8 other cases."
    )
    assert find_separation(show(*texts_asked("_"))) == (
        "Your answer is wrong exactly where `text` has the character '_'; "
        "it is right in all 8 other cases."
    )


def test_two_properties_or_few_cases_separate_nothing() -> None:
    """Which of two is the cause cannot be told; nor can two wrong answers show it."""
    assert find_separation(show(*texts_asked("é", "\n"))) is None
    assert find_separation(show(*texts_asked("é")[1:])) is None
    assert find_separation(show(*texts_asked("é")[:-2])) is None
    same = [ask([1], [2], text="é")] * 3
    assert find_separation(show(*same, *texts_asked("é")[3:])) is None


def test_a_number_that_is_not_0_may_be_odd_by_chance() -> None:
    """Where every start but 0 is odd, which of the two is the cause cannot be told."""
    right = [ask([n], [n], failed=False, start=0, n=n) for n in range(8)]
    odd = [ask([1], [2], start=start, n=start) for start in (3, 5, 7)]
    assert find_separation(show(*odd, *right)) is None
    even = [ask([1], [2], start=start, n=start) for start in (3, 4, 7)]
    said = find_separation(show(*even, *right))
    assert said is not None and "`start` is not 0" in said


def test_an_exception_breaks_the_rule() -> None:
    """One right answer with the property, or a wrong one without it, and nothing is said."""
    asked = texts_asked("é")
    assert find_separation(show(*asked, ask([1], [1], text="ü"))) is None
    assert find_separation(show(*asked, ask([1], [2], text="plain"))) is None


@pytest.mark.parametrize(("wrong", "right", "said"), [(3, 8, False), (6, 8, True)])
def test_two_sizes_separate_only_what_chance_would_not(wrong: int, right: int, said: bool) -> None:
    """Of two sizes much can be said, so a comparison needs more answers than a property does."""
    pairs = [(5, 3), (7, 2), (8, 3), (9, 4), (11, 5), (13, 6)][:wrong]
    asked = [ask([1], [2], n=n, m=m) for n, m in pairs]
    asked += [
        ask([1], [1], failed=False, n=k * m, m=m)
        for k, m in zip(range(1, 9), [2, 3] * 4, strict=True)
    ]
    assert len(asked) == wrong + right
    assert (find_separation(show(*asked)) is not None) is said


def test_float64_separates_only_what_float32_would_show() -> None:
    """An error within float32's rounding shows in float64 alone, whatever causes it."""
    doubles = [rand(2, 5, dtype=torch.float64) for _ in range(3)]
    right = [ask(x := rand(2, 5), x, failed=False, x=x) for _ in range(8)]
    small = [ask(x, x * (1 + 1e-6), x=x) for x in doubles]
    large = [ask(x, x + 1, x=x) for x in doubles]
    assert find_separation(show(*small, *right)) is None
    said = find_separation(show(*large, *right))
    assert said is not None and "`x` is float64" in said


# One position


def test_one_position_alone_is_said() -> None:
    """Right for the first sequence alone; wrong for the last token alone."""
    first, last = [], []
    for _ in range(2):
        x = rand(3, 5, 4)
        broken = x + 1
        broken[0] = x[0]
        first.append(ask(x, broken))
        broken = x.clone()
        broken[:, -1] += 1
        last.append(ask(x, broken))
    said = "Your answer is right for the first sequence of the batch alone."
    assert find_position(show(*first)) == said
    assert find_position(show(*last)) == "Your answer is wrong for the last token alone."
    assert find_position(show(*first, *last)) is None


def test_a_position_needs_two_answers_and_three_places() -> None:
    """A single answer, a batch of two, and answers that are wrong everywhere say nothing."""
    x = rand(3, 5, 4)
    broken = x + 1
    broken[0] = x[0]
    assert find_position(show(ask(x, broken))) is None
    assert find_position(show(*[ask(x[:2, :2], broken[:2, :2])] * 2)) is None
    assert find_position(show(*[ask(x, x + 1)] * 2)) is None


# What stays the same


def test_an_argument_that_makes_no_difference_is_said() -> None:
    """Two questions differ in the seed alone; the answers are equal, and others are expected."""
    first, second, got = [3, 1, 2], [2, 3, 1], [1, 2, 3]
    asked = [ask(first, got, seed=0, count=3), ask(second, got, seed=1, count=3)]
    said = "Where `seed` alone is another, your answer is the same; the expected one is not."
    assert find_ignored_argument(show(*asked)) == said
    heeded = [ask(first, got, seed=2, count=3), ask(second, [9, 2, 3], seed=3, count=3)]
    assert find_ignored_argument(show(*heeded, *asked)) is None


def test_an_argument_that_some_answer_depends_on_is_known() -> None:
    """Two right answers to questions that differ in the seed alone show that it is used."""
    right = [ask([n], [n], failed=False, seed=n, count=3) for n in range(2)]
    assert list_heeded(right) == {"seed"}
    assert list_heeded(right[:1]) == set()


def test_a_constant_answer_ignores_no_argument() -> None:
    """Answers of few numbers, arguments that differ in two ways, and other checks say nothing."""
    assert find_ignored_argument(show(ask([1], [0], n=1), ask([2], [0], n=2))) is None
    got = [1, 2, 3]
    two = [ask([3, 1, 2], got, a=1, b=1), ask([2, 3, 1], got, a=2, b=2)]
    assert find_ignored_argument(show(*two)) is None
    apart = [ask([3, 1, 2], got, a=1), ask([2, 3, 1], got, a=2, check="b")]
    assert find_ignored_argument(show(*apart)) is None
    alike = [ask([3, 1, 2], got, a=1), ask([3, 1, 2], got, a=2)]
    assert find_ignored_argument(show(*alike)) is None


def test_an_argument_that_comes_back_is_said() -> None:
    """The answer is what went in."""
    x, y = rand(2, 3), rand(2, 3)
    said = "Your answer is the argument `x` unchanged."
    assert find_returned_argument(show(ask(y, x, x=x, n=2))) == said
    assert find_returned_argument(show(ask(y, x, x=x, n=2), ask(x, y, x=x, n=2))) is None
    ones = torch.ones(3)
    assert find_returned_argument(show(ask(y, ones, x=ones))) is None
    assert find_returned_argument(show(ask(y, x, x=x, z=x))) is None


# Gradients


def test_a_wrong_gradient_of_right_answers_is_said() -> None:
    """All answers are right; the gradient of one argument is not."""
    x, y = rand(2, 3), rand(2, 3)
    values = [ask(x, x, x=x, y=y) for _ in range(3)]
    wrong = ask((x, y), (x * 0, y), op="gradients", function="gradients of f", x=x, y=y)
    said = "Every answer is right; only the gradient of `x` is wrong."
    assert find_wrong_gradient([*values, wrong]) == said
    assert find_wrong_gradient([wrong]) is None
    assert find_wrong_gradient([*values, ask(x, y, x=x), wrong]) is None
    wrong = ask((x,), (x * 0,), op="gradients", function="gradients of f", x=x, start=2)
    assert find_wrong_gradient([*values, wrong]) == said
