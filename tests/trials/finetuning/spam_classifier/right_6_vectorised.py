# right: vectorised, everything by tensors of indices
"""A spam classifier: a small GPT learns from the subjects of e-mails which of them are spam."""

from collections.abc import Callable

import torch
from torch import nn

from exercises.data.padded_batch import padded_batch
from exercises.finetuning.classifier_head import Classifier
from exercises.finetuning.early_stopping import measure, train_best
from exercises.model.gpt import GPT
from exercises.tokenizer.word_tokenizer import WordTokenizer
from exercises.training.cross_entropy import cross_entropy
from exercises.training.dropout import Dropout

END = "<|endoftext|>"
CONTEXT = 32
"""The context length: the largest number of tokens of a subject, its END included."""
VOCABULARY = 2000
"""The largest size of the vocabulary."""

Row = tuple[str, int]


def split_rows(
    rows: list[Row], valid: int, test: int, seed: int
) -> tuple[list[Row], list[Row], list[Row]]:
    """Divide rows by a random permutation of their indices."""
    sizes = (len(rows) - valid - test, valid, test)
    if sizes[0] <= 0:
        raise ValueError("no row is left for training")
    generator = torch.Generator().manual_seed(seed)
    permutation = torch.randperm(len(rows), generator=generator)
    train, valid_part, test_part = (
        [rows[i] for i in part.tolist()] for part in permutation.split(sizes)
    )
    return train, valid_part, test_part


def encode_subjects(
    tokenizer: WordTokenizer, subjects: list[str], context: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """Pad all subjects first, and put END behind the last token of each row afterwards."""
    encoded = [tokenizer.encode(subject)[: context - 1] for subject in subjects]
    ids, mask = padded_batch([[*row, 0] for row in encoded], pad=0)  # one column for END
    lengths = mask.sum(dim=1)
    ids.scatter_(1, lengths[:, None] - 1, 2)
    return ids, mask


def build_classifier(vocabulary: int, p: float, seed: int) -> Classifier:
    """Create the classifier in a fork of the global generator."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        classifier = Classifier(GPT(vocabulary, CONTEXT, width=32, layers=1, heads=4), classes=2)
    # The seed with its bits inverted is never the seed.
    position_dropout, head_dropout = Dropout(p, seed), Dropout(p, seed ^ (2**32 - 1))
    classifier.model.positions = nn.Sequential(classifier.model.positions, position_dropout)
    classifier.head = nn.Sequential(head_dropout, classifier.head)
    return classifier


def train_classifier(
    train: list[Row],
    valid: list[Row],
    *,
    p: float,
    rate: float,
    batch: int,
    epochs: int,
    patience: int,
    seed: int,
    report: Callable[[int, float], object] | None = None,
) -> tuple[WordTokenizer, Classifier]:
    """Encode all rows once, and train on random rows of the tensors."""
    tokenizer = WordTokenizer(END.join(subject for subject, _ in train), VOCABULARY)
    classifier = build_classifier(len(tokenizer.words), p, seed)
    optimizer = torch.optim.AdamW(classifier.parameters(), lr=rate, weight_decay=0.0)
    ids, mask, labels = _encode_rows(tokenizer, train)
    valid_tensors = _encode_rows(tokenizer, valid)
    generator = torch.Generator().manual_seed(seed)
    history: list[float] = []

    def train_epoch() -> None:
        for rows in torch.randperm(len(ids), generator=generator).split(batch):
            columns = mask[rows].any(dim=0)  # only columns of padding are left out
            logits = classifier(ids[rows][:, columns], mask[rows][:, columns])
            loss = cross_entropy(logits, labels[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    def validate() -> float:
        loss, _ = measure(classifier, *valid_tensors, batch=max(batch, 256))
        history.append(loss)
        if report is not None:
            report(len(history), loss)
        return loss

    train_best(classifier, train_epoch, validate, epochs, patience)
    return tokenizer, classifier


def predict(tokenizer: WordTokenizer, classifier: Classifier, subjects: list[str]) -> torch.Tensor:
    """Return the softmax at class 1, of all subjects in one call."""
    training = classifier.training
    ids, mask = encode_subjects(tokenizer, subjects, CONTEXT)
    classifier.eval()
    with torch.no_grad():
        probabilities = classifier(ids, mask).softmax(dim=1)  # (B, 2)
    classifier.train(training)
    return probabilities[:, 1].contiguous()


def _encode_rows(
    tokenizer: WordTokenizer, rows: list[Row]
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return ids, mask and labels of rows."""
    labels = torch.tensor([label for _, label in rows])
    return *encode_subjects(tokenizer, [subject for subject, _ in rows], CONTEXT), labels
