"""Sentences, formulas, code and tables of the sort that learners write."""

from __future__ import annotations

import random

_THINGS = (
    *("the attention map", "a residual stream", "the learning rate", "the tokenizer", "a batch"),
    *("the key cache", "the loss", "one head", "the embedding", "the mask", "the gradient"),
    *("layer norm", "a merge rule", "the vocabulary", "the optimizer", "the second epoch"),
    *("this block", "a long context", "the quantized weight", "the position", "the softmax"),
)
_DOES = (
    *("depends on", "grows with", "is scaled by", "hides", "is added to", "comes before"),
    *("forgets", "must agree with", "is the transpose of", "broadcasts over", "is cheaper than"),
    *("dominates", "follows from", "is learned together with", "says nothing about", "undoes"),
)
_WHEN = (
    *("when the shapes are small", "at the first step", "in half precision", "once it is trained"),
    *("for every row", "unless the mask is empty", "which surprised me", "by the chain rule"),
    *("as the paper says in section 3", "though I measured it only once", "up to rounding"),
)
_FORMULAS = (
    r"\operatorname{softmax}\left(\frac{QK^\top}{\sqrt{d_k}}\right)V",
    r"\mathcal{L} = -\frac{1}{N}\sum_{i=1}^{N} \log p_\theta(x_i \mid x_{<i})",
    r"\hat{x} = \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}} \odot \gamma + \beta",
    r"m_t = \beta_1 m_{t-1} + (1 - \beta_1) g_t",
    r"R_{\theta,m} = \begin{pmatrix} \cos m\theta & -\sin m\theta \\ \sin m\theta & \cos m\theta"
    r" \end{pmatrix}",
    r"W' = W + \frac{\alpha}{r} B A",
)
_INLINE = (
    r"d_k",
    r"\sqrt{d_k}",
    r"x \in \mathbb{R}^{T \times C}",
    r"O(T^2)",
    r"p_\theta",
    r"2^{-8}",
)


class Words:
    """A learner's words, drawn by chance."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    def sentence(self) -> str:
        """One sentence, sometimes with a formula or a name of code in it."""
        pick = self._chance.choice
        text = f"{pick(_THINGS)} {pick(_DOES)} {pick(_THINGS)}"
        more = self._chance.random()
        if more < 0.2:
            text += f", where ${pick(_INLINE)}$ is meant"
        elif more < 0.35:
            text += f", see `torch.{pick(('einsum', 'matmul', 'view', 'gather'))}`"
        elif more < 0.45:
            text += f", and **{pick(_THINGS)}** {pick(_DOES)} it"
        elif more < 0.8:
            text += f" {pick(_WHEN)}"
        return f"{text[0].upper()}{text[1:]}."

    def paragraph(self, sentences: int = 5) -> str:
        """So many sentences, two or so a line."""
        return "\n".join(self.sentence() for _ in range(sentences))

    def title(self, number: int) -> str:
        """A title that no other note has."""
        thing = self._chance.choice(_THINGS).removeprefix("the ").removeprefix("a ")
        return f"{thing.capitalize()}, part {number}"

    def formula(self) -> str:
        """A formula on lines of its own."""
        return f"$$\n{self._chance.choice(_FORMULAS)}\n$$"

    def code(self) -> str:
        """A piece of Python of some ten lines."""
        n = self._chance.randint(2, 9)
        return (
            f"def step_{n}(x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:\n"
            f'    """Mix, then scale by {n}."""\n'
            "    batch, tokens, width = x.shape\n"
            f"    mixed = x.view(batch, tokens, {n}, width // {n}).transpose(1, 2)\n"
            "    scores = mixed @ mixed.transpose(-2, -1) / math.sqrt(width)\n"
            "    scores = scores.masked_fill(~mask[:tokens, :tokens], float('-inf'))\n"
            "    for row in range(tokens):\n"
            f"        assert scores[0, 0, row].isfinite().sum() == row + 1, {n}\n"
            "    return (scores.softmax(-1) @ mixed).transpose(1, 2).reshape(x.shape) @ weight"
        )

    def table(self, rows: int = 6) -> str:
        """A table of measurements."""
        lines = ["| run | loss | tokens per second | remark |", "| --- | ---: | ---: | --- |"]
        for row in range(rows):
            loss, speed = self._chance.uniform(1, 5), self._chance.randint(1_000, 90_000)
            lines.append(f"| {row} | {loss:.3f} | {speed} | {self._chance.choice(_WHEN)} |")
        return "\n".join(lines)

    def callout(self, number: int) -> str:
        """A card as a folded callout."""
        answer = "\n".join(f"> {self.sentence()}" for _ in range(2))
        return f"> [!question]- {self._asked(number)}\n{answer}"

    def questions(self, first: int, count: int) -> str:
        """Cards as a table of two columns."""
        lines = ["| Question | Answer |", "| --- | --- |"]
        lines += [f"| {self._asked(first + n)} | {self.sentence()} |" for n in range(count)]
        return "\n".join(lines)

    def _asked(self, number: int) -> str:
        pick = self._chance.choice
        return f"What {pick(_DOES)} {pick(_THINGS)} in case {number}?"
