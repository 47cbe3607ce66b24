"""What the checks of the tokenizers have in common."""

from grader.checks import equal, formed


def claim_pairs(got, count, name):
    """Claim that ``got`` is a list of ``count`` pairs of bytes."""
    formed(got, f"list of {count}", name)
    for pair in got:
        formed(pair, "tuple of 2", f"{name}: a merge")
        for part in pair:
            if type(part) is not bytes:
                equal(part, b"th", say="a token is bytes, such as b'th'")


def empty_results(beside, function, *columns):
    """Call the function once for each row of arguments, and empty each list that it returns."""
    empty = beside("operator.methodcaller")("clear")
    results = beside("builtins.map")(function, *columns)
    beside("builtins.list")(beside("builtins.map")(empty, results))
