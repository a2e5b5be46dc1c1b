"""The examples of haemodynamic-shock: five hours of one simulated patient for each state.

They are longer than the window, so that it can slide over them: the answer changes on the way from health to shock. The
patients are none of the cohort's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from training.examples import example
from training.shock.cohort import PATIENTS
from training.shock.monitor import Observation, record
from training.shock.pipeline import SAMPLES
from training.shock.signals import CLASS_NAMES, COLUMNS
from training.shock.simulator import HEALTHY, draw_episode, draw_patient
from training.windows import WindowRefusedError, window_pipeline

RECORDED = 60
"""Samples of each recording, five hours."""
SEED = 11
CANDIDATES = 300
"""Patients that are tried for each example. A model that was hardly trained has none: then there is no example."""
CLEAR = 0.8
"""The least probability of what the windows at both ends are called."""


@dataclass(frozen=True)
class Course:
    """What one example shows."""

    name: str
    title: str
    state: str
    begins: str | None
    """What the first window is called; None: anything."""
    lost: range
    """How many values may be missing of all that a complete recording has."""
    onset: int = 0
    """The sample until which the patient is healthy."""


COURSES = (
    Course('healthy', 'Healthy', HEALTHY, HEALTHY, lost=range(0, 1)),
    Course('low-cardiac-output', 'Low cardiac output', 'bajo_gasto_cardiaco', 'bajo_gasto_cardiaco', lost=range(2, 15)),
    Course('cardiogenic-shock', 'Cardiogenic shock', 'shock_cardiogenico', HEALTHY, lost=range(1, 15), onset=26),
    Course('cardiac-arrest', 'Cardiac arrest', 'arresto_cardiaco', None, lost=range(0, 40)),
)
"""The shock comes on in the third hour. In an arrest the oximeter loses the pulse, so that many values are missing."""


def shock_examples(manifest: dict, predict: Callable[[np.ndarray], np.ndarray]) -> list[dict]:
    """One example a course, those that are found; `predict` is the model, `[rows, samples, columns]` → probabilities.

    Every window of an example is one that the pipeline takes, and the last one is called the example's label.
    """
    pipeline = window_pipeline(manifest)
    found = ((course, _find(course, pipeline, predict)) for course in COURSES)
    return [
        example(course.name, course.title, course.state, {'observations': observations})
        for course, observations in found
        if observations is not None
    ]


def sliding(observations: list[Observation]) -> Iterator[list[Observation]]:
    """What had been sent by each time from the first at which a window is full."""
    times = sorted({str(each['time']) for each in observations})
    for time in times[SAMPLES - 1 :]:
        yield [each for each in observations if str(each['time']) <= time]


def lost_values(observations: list[Observation]) -> int:
    """How many values are missing of all signals at RECORDED times."""
    return RECORDED * len(COLUMNS) - len({(each['signal'], each['time']) for each in observations})


def _find(course: Course, pipeline: Callable, predict: Callable) -> list[Observation] | None:
    for patient in range(PATIENTS, PATIENTS + CANDIDATES):
        rng = np.random.default_rng([SEED, patient])
        observations = record(draw_episode(draw_patient(rng), course.state, rng, RECORDED, course.onset), rng)
        if lost_values(observations) not in course.lost:
            continue
        try:
            windows = [pipeline(sent) for sent in sliding(observations)]
        except WindowRefusedError:
            continue
        first, last = predict(np.stack([windows[0], windows[-1]]))
        if _is_clear(last, course.state) and (course.begins is None or _is_clear(first, course.begins)):
            return observations
    return None


def _is_clear(probabilities: np.ndarray, state: str) -> bool:
    return probabilities[CLASS_NAMES.index(state)] >= CLEAR
