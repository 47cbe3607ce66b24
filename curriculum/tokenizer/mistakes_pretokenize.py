"""What goes wrong with GPT-2's pre-tokenization."""

import re

import regex

from grader.course import caught_by


@caught_by("test_the_pieces_are_a_list_that_joins_to_the_text")
def spaces_thrown_away():
    """words split at white space, which is thrown away"""

    def pretokenize(text):
        return text.split()


@caught_by("test_the_pieces_are_a_list_that_joins_to_the_text")
def empty_pieces():
    """a pattern with * in place of +, which finds empty pieces too"""

    def pretokenize(text):
        pattern = r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s*"
        return regex.findall(pattern, text)


@caught_by("test_the_pieces_are_a_list_that_joins_to_the_text")
def generator_of_pieces():
    """the pieces one by one from a generator, not a list"""

    def pretokenize(text):
        pattern = r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
        return (found.group() for found in regex.finditer(pattern, text))


@caught_by("test_a_sentence_worked_by_hand")
def spaces_after_words():
    """the space that follows a word kept with it, not the one before"""

    def pretokenize(text):
        pattern = r"'(?:[sdmt]|ll|ve|re)|\p{L}+ ?|\p{N}+ ?|[^\s\p{L}\p{N}]+ ?|\s+"
        return regex.findall(pattern, text)


@caught_by("test_a_sentence_worked_by_hand")
def spaces_alone():
    """spaces cut off as pieces of their own, not kept with the word behind them"""

    def pretokenize(text):
        return regex.findall(r"'(?:[sdmt]|ll|ve|re)|\p{L}+|\p{N}+|[^\s\p{L}\p{N}]+|\s+", text)


@caught_by("test_letters_numbers_and_others_never_share_a_piece")
def word_characters():
    r"""letters, numbers and the underscore in one piece (\w+)"""

    def pretokenize(text):
        return regex.findall(r"'(?:[sdmt]|ll|ve|re)| ?\w+| ?[^\s\w]+|\s+(?!\S)|\s+", text)


@caught_by("test_letters_numbers_and_others_never_share_a_piece")
def three_digits_at_most():
    """numbers of three digits at most, as in GPT-4's pattern"""

    def pretokenize(text):
        pattern = r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}{1,3}| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
        return regex.findall(pattern, text)


@caught_by("test_letters_numbers_and_others_never_share_a_piece")
def signs_one_by_one():
    """each sign a piece of its own, where a run of them is one"""

    def pretokenize(text):
        pattern = r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]|\s+(?!\S)|\s+"
        return regex.findall(pattern, text)


@caught_by("test_the_end_of_a_contraction_is_a_piece")
def contractions_unknown():
    """contractions cut behind the apostrophe: the rule for them is missing"""

    def pretokenize(text):
        return regex.findall(r" ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", text)


@caught_by("test_the_end_of_a_contraction_is_a_piece")
def contractions_last():
    """the rule for contractions after the others, where it finds nothing any more"""

    def pretokenize(text):
        pattern = r" ?\p{L}+('(?:[sdmt]|ll|ve|re))?| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
        return [found.group() for found in regex.finditer(pattern, text)]


@caught_by("test_the_end_of_a_contraction_is_a_piece")
def contractions_must_end():
    """contractions only where no letter follows"""

    def pretokenize(text):
        pattern = (
            r"'(?:[sdmt]|ll|ve|re)(?!\p{L})| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
        )
        return regex.findall(pattern, text)


@caught_by("test_the_end_of_a_contraction_is_a_piece")
def spaces_before_contractions():
    """contractions that take a space before them along, as words do"""

    def pretokenize(text):
        pattern = r" ?'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
        return regex.findall(pattern, text)


@caught_by("test_other_apostrophes_are_signs_like_any_other")
def capital_contractions():
    """contractions in capitals too, as in GPT-4's pattern"""

    def pretokenize(text):
        pattern = r"'(?i:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
        return regex.findall(pattern, text)


@caught_by("test_other_apostrophes_are_signs_like_any_other")
def curly_apostrophes():
    """contractions with a curly apostrophe too"""

    def pretokenize(text):
        pattern = r"['’](?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
        return regex.findall(pattern, text)


@caught_by("test_a_run_of_spaces_leaves_its_last_to_the_word")
def runs_kept_whole():
    """runs of white space kept whole, without the step back that leaves a space to the word"""

    def pretokenize(text):
        return regex.findall(r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+", text)


@caught_by("test_a_run_of_spaces_leaves_its_last_to_the_word")
def all_spaces_with_the_word():
    """all spaces before a word kept with it, not only one"""

    def pretokenize(text):
        pattern = r"'(?:[sdmt]|ll|ve|re)| *\p{L}+| *\p{N}+| *[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
        return regex.findall(pattern, text)


@caught_by("test_only_a_plain_space_goes_with_a_word")
def any_blank_with_the_word():
    """any white-space character before a word kept with it, not only a space"""

    def pretokenize(text):
        pattern = r"'(?:[sdmt]|ll|ve|re)|\s?\p{L}+|\s?\p{N}+|\s?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
        return regex.findall(pattern, text)


@caught_by("test_white_space_at_the_end_is_one_piece")
def end_cut_off():
    """the last white-space character cut off at the end of the text as well"""

    def pretokenize(text):
        pattern = r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?=\s)|\s"
        return regex.findall(pattern, text)


@caught_by("test_every_script_has_letters_and_numbers")
def plain_ascii():
    """letters from a to z and digits from 0 to 9 only"""

    def pretokenize(text):
        pattern = r"'(?:[sdmt]|ll|ve|re)| ?[a-zA-Z]+| ?[0-9]+| ?[^\sa-zA-Z0-9]+|\s+(?!\S)|\s+"
        return regex.findall(pattern, text)


@caught_by("test_every_script_has_letters_and_numbers")
def decimal_digits():
    r"""digits in place of numbers (\d), so that ² and ½ are signs"""

    def pretokenize(text):
        pattern = r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\d+| ?[^\s\p{L}\d]+|\s+(?!\S)|\s+"
        return regex.findall(pattern, text)


@caught_by("test_every_script_has_letters_and_numbers")
def marks_with_letters():
    """marks that combine taken for letters, as newer patterns do"""

    def pretokenize(text):
        pattern = r"'(?:[sdmt]|ll|ve|re)| ?[\p{L}\p{M}]+| ?\p{N}+| ?[^\s\p{L}\p{M}\p{N}]+"
        return regex.findall(pattern + r"|\s+(?!\S)|\s+", text)


@caught_by("test_white_space_is_what_unicode_says")
def pythons_white_space():
    """U+001C to U+001F taken for white space, as str.isspace and the module re have it"""

    def pretokenize(text):
        space = "".join(map(re.escape, filter(str.isspace, map(chr, range(0x3001)))))
        pattern = (
            rf"'(?:[sdmt]|ll|ve|re)| ?\p{{L}}+| ?\p{{N}}+| ?[^{space}\p{{L}}\p{{N}}]+"
            rf"|[{space}]+(?![^{space}])|[{space}]+"
        )
        return regex.findall(pattern, text)
