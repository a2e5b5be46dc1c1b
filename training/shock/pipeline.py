"""What the manifest declares about input: the observations and the two pipelines that are compared."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from training.shock.physiology import SAMPLING_INTERVAL
from training.shock.signals import COLUMNS, SIGNALS

SAMPLES = 20

OBSERVATIONS = {
    'description': (
        'What a bedside monitor recorded of one patient over about two hours, a value every five minutes. Other '
        'signals may be sent and are not used.'
    ),
    'signals': [signal.declaration() for signal in SIGNALS],
    'otherSignals': 'drop',
    'maximum': 10000,
}

WINDOW = {
    'samples': SAMPLES,
    'samplingInterval': SAMPLING_INTERVAL,
    'tolerance': 30,
    'longestGap': 900,
    'longestForwardFill': 1800,
    'span': 7200,
    'duplicates': 'mean',
    'order': 'any',
}
"""The last 20 timesteps, five minutes apart. Two in a row may be lost; a value is carried for half an hour."""

DIGITS = 6
"""Significant digits of the constants as the manifest states them; the same rounded ones are trained with."""

STEPS_BEFORE_SCALING = [{'window': WINDOW}, {'select': list(COLUMNS)}]
BY_THE_WINDOW = [*STEPS_BEFORE_SCALING, {'standardizeWindow': {}}]
"""Each column of each window by its own mean and deviation."""


def by_constants(windows: np.ndarray) -> list[dict]:
    """The pipeline with mean and population standard deviation of all samples of `windows [rows, samples, columns]`."""
    means, deviations = windows.mean(axis=(0, 1)), windows.std(axis=(0, 1))
    constants = {
        name: {'mean': _rounded(mean), 'deviation': _rounded(deviation)}
        for name, mean, deviation in zip(COLUMNS, means, deviations, strict=True)
    }
    return [*STEPS_BEFORE_SCALING, {'standardize': {'columns': constants}}]


def _rounded(value: float) -> float:
    return float(f'{value:.{DIGITS}g}')
