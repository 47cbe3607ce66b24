"""Alpaca's two templates, filled with str.format."""

FIRST = "Below is an instruction that describes a task"
REQUEST = ". Write a response that appropriately completes the request.\n\n"
WITHOUT = FIRST + REQUEST + "### Instruction:\n{instruction}\n\n### Response:"
WITH = (
    f"{FIRST}, paired with an input that provides further context{REQUEST}"
    "### Instruction:\n{instruction}\n\n### Input:\n{input}\n\n### Response:"
)


def format_prompt(example):
    """Return the prompt."""
    return (WITH if example.get("input", "") != "" else WITHOUT).format_map(example)


def format_example(example, end):
    """Return prompt and answer."""
    return (format_prompt(example), f"{example['output']}{end}")
