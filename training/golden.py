"""Golden rows: inputs with the answers of the framework that trained, by which a server proves that serving equals
training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import floor, log10

import numpy as np

from training.manifest import Input

TOLERANCE = 1e-5
"""Absolute and relative: |answer − expected| ≤ 1e-5 + 1e-5·|expected|."""
DECIMALS = 2


def golden_inputs(declared: Sequence[Input], count: int, seed: int) -> np.ndarray:
    """Rows `[count, columns]` that reach every part of the declared ranges.

    First the corners: all inputs lowest, all highest, each alone highest, each alone lowest. The rest is a Latin
    hypercube (McKay 1979): along every input the rows fall into equally many equal steps, one row a step.
    """
    lowest = np.array([_limits(entry)[0] for entry in declared], dtype=np.float64)
    highest = np.array([_limits(entry)[1] for entry in declared], dtype=np.float64)
    one_raised = np.where(np.eye(len(declared), dtype=bool), highest, lowest)
    one_lowered = np.where(np.eye(len(declared), dtype=bool), lowest, highest)
    corners = np.vstack([lowest, highest, one_raised, one_lowered])
    if count <= len(corners):
        raise ValueError(f'{len(declared)} inputs have {len(corners)} corner rows; ask for more than {count} rows')

    rng = np.random.default_rng(seed)
    inner = count - len(corners)
    steps = np.column_stack([rng.permutation(inner) for _ in declared])
    position = (steps + rng.random(steps.shape)) / inner
    spread = np.column_stack([_at(entry, position[:, index]) for index, entry in enumerate(declared)])
    return np.vstack([corners, spread])


def golden_count(columns: int, least: int = 64) -> int:
    """How many golden rows to ask for: `least`, and more where the corners would leave too few for the rest."""
    return max(least, 2 + 2 * columns + least // 4)


def golden_document(
    columns: Sequence[str] | None,
    inputs: np.ndarray | Mapping[str, np.ndarray],
    outputs: np.ndarray,
    answered_by: str,
    labels: Sequence[str] | None = None,
) -> dict:
    """golden.json: `inputs [rows, …]` after the feature pipeline, for a model of several inputs one by the name of each
    (then `columns` is None); `outputs [rows, …]`; `labels [rows]`, the classes that answer, by the manifest's names.

    Outputs, and inputs that come as float32, are in the shortest digits that read back as the same float32.
    """
    several = isinstance(inputs, Mapping)
    document = {
        'schemaVersion': 1,
        'columns': None if columns is None else list(columns),
        'answeredBy': answered_by,
        'atol': TOLERANCE,
        'rtol': TOLERANCE,
        'inputs': {name: _plain(values) for name, values in inputs.items()} if several else _plain(inputs),
        'outputs': _shortest_float32(outputs),
        'labels': None if labels is None else list(labels),
    }
    return {key: value for key, value in document.items() if value is not None}


def _limits(entry: Input) -> tuple[float, float]:
    if entry.values is not None:
        allowed = [value['value'] for value in entry.values]
        return min(allowed), max(allowed)
    return entry.range


def _at(entry: Input, position: np.ndarray) -> np.ndarray:
    """Values at relative positions 0–1 of an input's range, or of its list of allowed values."""
    if entry.values is not None:
        allowed = np.array([value['value'] for value in entry.values], dtype=np.float64)
        return allowed[np.minimum((position * len(allowed)).astype(int), len(allowed) - 1)]
    minimum, maximum = entry.range
    return np.round(minimum + position * (maximum - minimum), 0 if entry.type == 'integer' else decimals(entry))


def decimals(entry: Input) -> int:
    """Digits behind the point: DECIMALS, and more for an input whose whole range is below 1."""
    span = entry.range[1] - entry.range[0]
    return DECIMALS + max(0, -floor(log10(span))) if span > 0 else DECIMALS


def _plain(values: np.ndarray) -> list:
    return _shortest_float32(values) if values.dtype == np.float32 else values.tolist()


def _shortest_float32(outputs: np.ndarray) -> list:
    if outputs.ndim == 0:
        return float(np.format_float_scientific(outputs.astype(np.float32), unique=True))
    return [_shortest_float32(entry) for entry in outputs]
