"""Examples of a classifier of rows: for each class a row that is typical of it, and nobody's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from training.examples import example, kebab
from training.golden import decimals
from training.manifest import Input

LEAST_ROWS = 5
"""Of fewer rows nothing is made: their means would say too much of one of them."""


def typical_rows(
    inputs: Sequence[Input],
    classes: Sequence[Mapping[str, str]],
    rows: np.ndarray,
    labels: np.ndarray,
    scores: Callable[[np.ndarray], np.ndarray],
) -> list[dict]:
    """One example a class: of each input the mean (of codes the most frequent one) of those `rows [rows, inputs]` of the
    class that the model calls rightly. Means keep what holds of sums: an angle that is two others together stays so.

    `labels [rows]` are indices of `classes`, `scores` is the model: `[rows, inputs]` → `[rows, classes]`. A class is left
    out where fewer than LEAST_ROWS are called rightly, or where the model calls what came out something else.
    """
    called = scores(rows).argmax(axis=1)
    examples, names = [], set()
    for index, entry in enumerate(classes):
        of_class = rows[(labels == index) & (called == index)]
        if len(of_class) < LEAST_ROWS:
            continue
        typical = [_typical(declared, of_class[:, column]) for column, declared in enumerate(inputs)]
        if scores(np.array([typical], dtype=np.float64))[0].argmax() != index:
            continue
        name = kebab(entry['title'])
        name = f'class-{index + 1}' if not name or name in names else name
        names.add(name)
        row = {declared.name: value for declared, value in zip(inputs, typical, strict=True)}
        examples.append(example(name, entry['title'], entry['name'], row))
    return examples


def _typical(declared: Input, values: np.ndarray) -> float | int:
    if declared.values is not None:
        codes, counts = np.unique(values, return_counts=True)
        return _plain(declared, codes[counts.argmax()])
    return _plain(declared, values.mean())


def _plain(declared: Input, value: float) -> float | int:
    return int(round(value)) if declared.type == 'integer' else round(float(value), decimals(declared))
