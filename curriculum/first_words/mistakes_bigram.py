"""Wrong versions of bigram."""

from collections import Counter
from itertools import pairwise

import torch

from grader.checks import caught_by, edit, spelling


@caught_by("test_rows_are_first_characters_and_columns_second_ones")
def transposed():
    """a transposed table: rows are second characters, columns are first ones"""
    edit("ids[:-1] * V + ids[1:]", "ids[1:] * V + ids[:-1]")


@caught_by("test_rows_are_first_characters_and_columns_second_ones")
def both_orders_counted():
    """both orders of each pair counted, "ab" as "ba" too"""
    edit("    return letters, torch", "    counts = torch")
    edit(".reshape(V, V)", ".reshape(V, V)\n    return letters, counts + counts.T")


@caught_by("test_nothing_follows_the_last_character")
def wrapped_round():
    """the last character followed by the first one, as if the text were a circle"""
    with spelling():
        edit("ids[:-1] * V + ids[1:]", "ids * V + torch.roll(ids, -1)")
    with spelling():
        # Index -1 of the first step is the last character.
        edit("ids[:-1] * V + ids[1:]", "ids[torch.arange(len(ids)) - 1] * V + ids")


@caught_by("test_a_pair_counts_each_time_it_occurs")
def repeats_lost():
    """counts[first, second] += 1 for all pairs at once, which counts each pair only once"""
    edit("torch.bincount(pairs, minlength=V * V)", "counts")
    edit(
        "    return letters",
        "    counts = torch.zeros(V * V, dtype=torch.int64)\n"
        "    counts[pairs] += 1\n    return letters",
    )


@caught_by("test_a_pair_counts_each_time_it_occurs")
def overlaps_lost():
    """pairs counted without overlap (str.count), so that "aaa" has the pair "aa" only once"""

    def bigram(text):
        letters = sorted(set(text))
        rows = [[text.count(first + second) for second in letters] for first in letters]
        counts = torch.tensor(rows, dtype=torch.int64)
        return letters, counts.reshape(len(letters), len(letters))


@caught_by("test_pairs_counted_by_hand")
def every_second_pair():
    """only every second pair counted: characters 0 and 1, 2 and 3, and so on"""
    edit("pairs = ids[:-1] * V + ids[1:]", "pairs = (ids[:-1] * V + ids[1:])[::2]")


@caught_by("test_nothing_follows_the_last_character")
def last_pair_lost():
    """the last pair of the text left out"""
    edit("ids[:-1] * V + ids[1:]", "(ids[:-1] * V + ids[1:])[:-1]")


@caught_by("test_nothing_follows_the_last_character")
def first_pair_lost():
    """the first pair of the text left out"""
    edit("ids[:-1] * V + ids[1:]", "(ids[:-1] * V + ids[1:])[1:]")


@caught_by("test_nothing_follows_the_last_character")
def one_apart():
    """pairs with another character between the two"""
    edit("ids[:-1] * V + ids[1:]", "ids[:-2] * V + ids[2:]")


@caught_by("test_pairs_counted_by_hand")
def smoothed():
    """one added to every count"""
    edit("reshape(V, V)", "reshape(V, V) + 1")


@caught_by("test_the_result_is_a_list_of_letters_and_a_tensor_of_counts")
def probabilities():
    """probabilities: each row of counts divided by its sum"""
    edit("    return letters, torch", "    counts = torch")
    edit(
        ".reshape(V, V)",
        ".reshape(V, V)\n    return letters, counts / counts.sum(dim=1, keepdim=True).clamp(min=1)",
    )


@caught_by("test_the_result_is_a_list_of_letters_and_a_tensor_of_counts")
def float_counts():
    """counts as floats, the dtype that torch.zeros has unless another is given"""
    edit("reshape(V, V)", "reshape(V, V).float()")


@caught_by("test_the_result_is_a_list_of_letters_and_a_tensor_of_counts")
def small_integers():
    """counts in an integer dtype smaller than int64"""
    edit("reshape(V, V)", "reshape(V, V).to(torch.int32)")


@caught_by("test_the_result_is_a_list_of_letters_and_a_tensor_of_counts")
def lists_in_lists():
    """counts as a list of lists, not as a tensor"""
    edit("reshape(V, V)", "reshape(V, V).tolist()")


@caught_by("test_the_result_is_a_list_of_letters_and_a_tensor_of_counts")
def counts_of_a_counter():
    """counts as a dict or Counter from pairs to numbers, not as a tensor"""

    def bigram(text):
        return sorted(set(text)), Counter(pairwise(text))


@caught_by("test_the_result_is_a_list_of_letters_and_a_tensor_of_counts")
def letters_as_one_string():
    """the letters as one string, not as a list"""
    edit("return letters", 'return "".join(letters)')


@caught_by("test_the_result_is_a_list_of_letters_and_a_tensor_of_counts")
def numbers_for_letters():
    """the letters as numbers (code points), not as strings"""
    edit("return letters", "return [ord(letter) for letter in letters]")


@caught_by("test_the_result_is_a_list_of_letters_and_a_tensor_of_counts")
def counts_first():
    """the counts first and the letters second"""
    edit("return letters, torch", "return torch")
    edit("reshape(V, V)", "reshape(V, V), letters")


@caught_by("test_the_letters_are_sorted_and_each_is_there_once")
def letters_in_order_of_appearance():
    """letters in the order in which the text first has them, not sorted"""
    with spelling():
        edit("sorted(set(text))", "list(dict.fromkeys(text))")
    with spelling():
        edit("sorted(set(text))", "list(Counter(text))")


@caught_by("test_the_letters_are_sorted_and_each_is_there_once")
def most_frequent_first():
    """letters sorted by how often they occur, the most frequent first"""
    edit("sorted(set(text))", "sorted(set(text), key=lambda letter: (-text.count(letter), letter))")


@caught_by("test_the_letters_are_sorted_and_each_is_there_once")
def sorted_as_in_a_dictionary():
    """letters sorted without regard to capitals"""
    edit("sorted(set(text))", "sorted(set(text), key=lambda letter: (letter.lower(), letter))")


@caught_by("test_every_character_counts_as_itself")
def small_letters_only():
    """the text in lower case, so that "A" and "a" are one letter"""
    edit("letters = sorted", "text = text.lower()\n    letters = sorted")


@caught_by("test_every_character_counts_as_itself")
def white_space_left_out():
    """spaces and line ends left out"""
    with spelling():
        edit("letters = sorted", 'text = "".join(text.split())\n    letters = sorted')
    with spelling():
        edit(
            "letters = sorted",
            'text = text.replace(" ", "").replace("\\n", "")\n    letters = sorted',
        )


@caught_by("test_every_character_counts_as_itself")
def only_letters_of_an_alphabet():
    """only letters of an alphabet kept; spaces, digits and punctuation left out"""
    edit("letters = sorted", 'text = "".join(filter(str.isalpha, text))\n    letters = sorted')


@caught_by("test_every_character_counts_as_itself")
def text_stripped():
    """white space at the ends of the text removed"""
    edit("letters = sorted", "text = text.strip()\n    letters = sorted")


@caught_by("test_every_character_counts_as_itself")
def lines_kept_apart():
    """no pairs across line ends: each line counted by itself"""
    edit(
        "    return letters",
        "    ends = torch.tensor([letter == '\\n' for letter in text], dtype=torch.bool)\n"
        "    pairs = pairs[~(ends[:-1] | ends[1:])]\n    return letters",
    )


@caught_by("test_every_character_counts_as_itself")
def words_kept_apart():
    """no pairs across spaces: each word counted by itself"""
    edit(
        "    return letters",
        "    gaps = torch.tensor([letter.isspace() for letter in text], dtype=torch.bool)\n"
        "    pairs = pairs[~(gaps[:-1] | gaps[1:])]\n    return letters",
    )


@caught_by("test_every_character_counts_as_itself")
def bytes_for_characters():
    """the bytes of the text counted, so that "é" is two characters"""
    edit("letters = sorted", 'text = text.encode().decode("latin-1")\n    letters = sorted')


@caught_by("test_the_result_is_a_list_of_letters_and_a_tensor_of_counts")
def fixed_alphabet():
    """a table with a row for each of the 128 ASCII characters, whichever the text has"""
    edit("letters = sorted(set(text))", "letters = [chr(i) for i in range(128)]")


@caught_by("test_short_texts_have_counts_too")
def empty_text_without_two_dimensions():
    """a tensor of shape (0,) for an empty text, as torch.tensor makes it of an empty list"""
    edit(
        "    ids = torch.tensor(",
        "    if not text:\n        return [], torch.tensor([], dtype=torch.int64)\n"
        "    ids = torch.tensor(",
    )


@caught_by("test_short_texts_have_counts_too")
def empty_text_in_float():
    """float32 ids for an empty text, as torch.tensor makes them of an empty list"""
    edit("for letter in text], dtype=torch.int64)", "for letter in text])")


@caught_by("test_short_texts_have_counts_too")
def short_texts_refused():
    """an error for a text without a pair"""
    edit(
        "letters = sorted",
        'if len(text) < 2:\n        raise ValueError("no pair")\n    letters = sorted',
    )


@caught_by("test_short_texts_have_counts_too")
def only_letters_with_a_successor():
    """rows and columns only for the characters that begin a pair, without the last one"""
    edit(
        "letters = sorted(set(text))",
        "letters = sorted(set(text[:-1]))\n    text = text if text[-1:] in letters else text[:-1]",
    )


@caught_by("test_each_call_counts_anew")
def same_table_returned():
    """the same list and tensor returned again for the same text (lru_cache)"""
    edit("import torch", "from functools import lru_cache\n\nimport torch")
    edit("def bigram(", "@lru_cache\ndef bigram(")


@caught_by("test_the_result_is_a_list_of_letters_and_a_tensor_of_counts")
def mark_at_both_ends():
    """a "." added before and after the text, as is done for a list of names"""
    edit("letters = sorted(set(text))", 'text = f".{text}."\n    letters = sorted(set(text))')


@caught_by("test_short_texts_have_counts_too")
def one_character_taken_for_none():
    """a text of one character treated like an empty one, which has no letters"""
    edit("letters = sorted(set(text))", "letters = sorted(set(text)) if len(text) > 1 else []")
    edit("for letter in text]", "for letter in text * (len(text) > 1)]")


@caught_by("test_a_pair_counts_each_time_it_occurs")
def doubled_letters_left_out():
    """only pairs of two different characters counted, so that "aa" is left out"""
    edit("pairs = ids[:-1] * V + ids[1:]", "pairs = (ids[:-1] * V + ids[1:])[ids[:-1] != ids[1:]]")


@caught_by("test_a_pair_counts_each_time_it_occurs")
def counts_that_overflow():
    """counts in int16 before they are converted, which overflow at 32,768"""
    edit(
        "return letters, torch.bincount(pairs, minlength=V * V).reshape(V, V)",
        "counts = torch.bincount(pairs, minlength=V * V).to(torch.int16).long()\n"
        "    return letters, counts.reshape(V, V)",
    )
