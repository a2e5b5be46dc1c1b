"""The synthetic cohort: which values a patient has, and by which rule the label is drawn.

The input names and ranges are those of the assignment that the model answers. Its scales are the ones used in
Argentina: cholesterol and glucose in g/L (1 g/L = 100 mg/dL), systolic pressure in units of 100 mmHg (1.4 = 140 mmHg).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.manifest import LOINC, SNOMED_CT, Input

YES_NO = ({'value': 0, 'title': 'No'}, {'value': 1, 'title': 'Yes'})

INPUTS = (
    Input(
        'cholesterol', 'Total cholesterol', 'number', example=2.45, unit='g/L', ucum='g/L', range=(1.0, 3.0),
        code=(LOINC, '2093-3', 'Cholesterol [Mass/volume] in Serum or Plasma'),
        description='Total cholesterol in serum. 1 g/L is 100 mg/dL or 2.586 mmol/L.',
    ),
    Input(
        'systolicPressure', 'Systolic blood pressure', 'number', example=1.35, unit='100 mmHg', ucum='10*2.mm[Hg]',
        range=(0.6, 1.8), code=(LOINC, '8480-6', 'Systolic blood pressure'),
        description='Systolic blood pressure in units of 100 mmHg: 1.4 stands for 140 mmHg.',
    ),
    Input(
        'glucose', 'Glucose', 'number', example=1.75, unit='g/L', ucum='g/L', range=(0.5, 2.0),
        code=(LOINC, '2345-7', 'Glucose [Mass/volume] in Serum or Plasma'),
        description='Glucose in serum or plasma. 1 g/L is 100 mg/dL or 5.551 mmol/L.',
    ),
    Input(
        'age', 'Age', 'integer', example=68, unit='years', ucum='a', range=(0, 99), code=(LOINC, '30525-0', 'Age'),
        description='Age in completed years.',
    ),
    Input(
        'overweight', 'Overweight', 'integer', example=0, values=YES_NO,
        code=(SNOMED_CT, '238131007', 'Overweight'), description='Whether the patient is overweight.',
    ),
    Input(
        'smoker', 'Smoker', 'integer', example=0, values=YES_NO,
        code=(LOINC, '72166-2', 'Tobacco smoking status'), description='Whether the patient smokes tobacco.',
    ),
)  # fmt: skip
COLUMNS = tuple(entry.name for entry in INPUTS)
CLASSES = ({'name': 'no-risk', 'title': 'No cardiac risk'}, {'name': 'risk', 'title': 'Cardiac risk'})
THRESHOLD = 0.5

ROWS = 50_000
MEASUREMENT_DECIMALS = 2

BASE_SCORE = -2.5
PAIR_WEIGHT = 5.0
"""What one complete pair of factors adds: alone it turns the base score of −2.5 into +2.5."""

MAIN_EFFECTS = {
    'cholesterol': 0.3,
    'systolicPressure': 0.4,
    'glucose': 0.3,
    'age': 0.6,
    'overweight': 0.2,
    'smoker': 0.3,
}
"""What a factor adds by itself, from −weight at the low end of its range to +weight at the high end. Their sum stays
under 2.5, so that a pair decides and the rest shifts the odds."""

CUT_OFFS = {
    'cholesterol': (2.05, 0.03),
    'systolicPressure': (1.45, 0.03),
    'glucose': (1.05, 0.03),
    'age': (50.5, 1.0),
}
"""Where a factor begins to count as raised, and over what width it does so (scale of the logistic curve). Values
recorded in steps of 0.1 count as raised from the first step above 2.0 g/L, 140 mmHg and 1.0 g/L, and from 51 years."""

PAIRS = (('cholesterol', 'systolicPressure'), ('glucose', 'age'), ('overweight', 'smoker'))
"""Factors that make each other worse: both have to be raised."""


@dataclass(frozen=True)
class Cohort:
    """Patients with their labels."""

    inputs: np.ndarray
    """float32 `[rows, 6]`, columns as COLUMNS."""
    labels: np.ndarray
    """int `[rows]`: 1 is at risk."""

    def __len__(self) -> int:
        return len(self.labels)

    def part(self, rows: slice) -> Cohort:
        """The patients of a range of rows."""
        return Cohort(self.inputs[rows], self.labels[rows])


def generate_cohort(rows: int, seed: int) -> Cohort:
    """Draws `rows` patients, uniform over the declared ranges and independent of each other, with labels by the rule.

    Uniform, because a model should know every row that the server accepts, not only the common ones: this is no
    population, and the share at risk says nothing about one. Measurements have two decimals, ages are whole years.
    """
    rng = np.random.default_rng(seed)
    columns = [_draw(entry, rows, rng) for entry in INPUTS]
    inputs = np.column_stack(columns).astype(np.float32)
    labels = (rng.random(rows) < rule_probability(inputs)).astype(int)
    return Cohort(inputs, labels)


def rule_probability(inputs: np.ndarray) -> np.ndarray:
    """The probability `[rows]` with which the rule labels a patient of `inputs [rows, 6]` as at risk.

    A logistic score: base, plus each factor's own effect, plus 5 for every pair of which both factors are raised
    ("raised" is itself a steep logistic curve around the cut-off). The noise is the draw: a label is 1 with this
    probability, which is the same as adding standard logistic noise to the score and asking for more than 0.
    """
    values = {name: inputs[:, index].astype(np.float64) for index, name in enumerate(COLUMNS)}
    score = np.full(len(inputs), BASE_SCORE)
    for entry in INPUTS:
        minimum, maximum = entry.range or (0, 1)
        position = (values[entry.name] - minimum) / (maximum - minimum)
        score += MAIN_EFFECTS[entry.name] * (2 * position - 1)
    for first, second in PAIRS:
        score += PAIR_WEIGHT * _raised(first, values[first]) * _raised(second, values[second])
    return _logistic(score)


def _draw(entry: Input, rows: int, rng: np.random.Generator) -> np.ndarray:
    if entry.values is not None:
        return rng.choice([value['value'] for value in entry.values], rows)
    minimum, maximum = entry.range
    if entry.type == 'integer':
        return rng.integers(minimum, maximum, rows, endpoint=True)
    return np.round(rng.uniform(minimum, maximum, rows), MEASUREMENT_DECIMALS)


def _raised(name: str, values: np.ndarray) -> np.ndarray:
    if name not in CUT_OFFS:
        return values
    cut_off, width = CUT_OFFS[name]
    return _logistic((values - cut_off) / width)


def _logistic(score: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-score))
