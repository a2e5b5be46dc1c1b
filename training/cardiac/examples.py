"""The examples of cardiac-risk: held-out synthetic adults on both sides of the threshold, and one close to it."""

from __future__ import annotations

import numpy as np

from training.cardiac.cohort import CLASSES, INPUTS, MEASUREMENT_DECIMALS, THRESHOLD, Cohort
from training.examples import example

ADULTS = (30, 85)
"""Ages, years: the cohort is uniform over 0 to 99, which is more of the very young and old than anybody treats."""
CLEAR = 0.95
NEAR = THRESHOLD + 0.03
"""Close to the threshold, and on the same side of it on every engine."""


def cardiac_examples(held_out: Cohort, risk: np.ndarray) -> list[dict]:
    """Of `held_out` adults whose label is the class that the model answers the first that is clearly at risk, the first
    that clearly is not, and the one whose probability `risk [rows]` is closest to NEAR. Such as there are."""
    age = held_out.inputs[:, [entry.name for entry in INPUTS].index('age')]
    adult = (age >= ADULTS[0]) & (age <= ADULTS[1])
    rightly = adult & (held_out.labels == (risk >= THRESHOLD))
    near = rightly & (abs(risk - NEAR) < abs(NEAR - THRESHOLD))
    chosen = (
        ('at-risk', 'At risk', np.flatnonzero(rightly & (risk >= CLEAR))),
        ('not-at-risk', 'Not at risk', np.flatnonzero(rightly & (risk <= 1 - CLEAR))),
        ('near-the-threshold', 'Near the threshold', np.flatnonzero(near)[abs(risk[near] - NEAR).argsort()]),
    )
    return [
        example(name, title, CLASSES[held_out.labels[rows[0]]]['name'], _row(held_out.inputs[rows[0]]))
        for name, title, rows in chosen
        if len(rows) > 0
    ]


def _row(values: np.ndarray) -> dict:
    return {
        entry.name: int(value) if entry.type == 'integer' else round(float(value), MEASUREMENT_DECIMALS)
        for entry, value in zip(INPUTS, values, strict=True)
    }
