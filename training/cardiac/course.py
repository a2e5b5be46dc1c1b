"""The public course data set, used as a second test set where its reader has the file. It has no licence: no row of it
is part of this project."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from training.cardiac.cohort import COLUMNS, Cohort

SPANISH_COLUMNS = {
    'cholesterol': 'colesterol',
    'systolicPressure': 'presion',
    'glucose': 'glucosa',
    'age': 'edad',
    'overweight': 'sobrepeso',
    'smoker': 'tabaquismo',
}
LABEL_COLUMN = 'riesgo_cardiaco'

RULE_IN_WORDS = (
    'A patient is at risk when at least one of three pairs is complete: cholesterol above 2.0 g/L with systolic '
    'pressure above 140 mmHg; glucose above 1.0 g/L with an age above 50; overweight with smoking.'
)


def load_course_data(path: Path) -> Cohort:
    """Reads the CSV file (`,`-separated, with header; its first column, a row number, is left out).

    Raises KeyError for a missing column and ValueError for a value that is no number.
    """
    with path.open(encoding='utf-8-sig', newline='') as file:
        rows = list(csv.DictReader(file))
    inputs = [[float(row[SPANISH_COLUMNS[name]]) for name in COLUMNS] for row in rows]
    return Cohort(np.array(inputs, dtype=np.float32), np.array([int(row[LABEL_COLUMN]) for row in rows]))


def course_rule(inputs: np.ndarray) -> np.ndarray:
    """The labels `[rows]` that the course's rule (RULE_IN_WORDS) gives to `inputs [rows, 6]`.

    The values are compared with the one decimal that the course file has.
    """
    cholesterol, pressure, glucose, age, overweight, smoker = np.round(inputs.astype(np.float64), 1).T
    at_risk = (
        ((cholesterol > 2.0) & (pressure > 1.4))
        | ((glucose > 1.0) & (age > 50))
        | ((overweight == 1) & (smoker == 1))
    )
    return at_risk.astype(int)
