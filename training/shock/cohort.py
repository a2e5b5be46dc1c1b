"""The cohort: patients with two episodes each, recorded, windowed and split so that no patient is in two sets."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from training.shock.monitor import Observation, record
from training.shock.pipeline import OBSERVATIONS, STEPS_BEFORE_SCALING
from training.shock.signals import CLASS_NAMES
from training.shock.simulator import draw_episode, draw_patient
from training.windows import WindowRefusedError, window_pipeline

PATIENTS = 8_000
EPISODES = 2
"""Episodes of one patient, each in a state of its own: the same body, healthy once and ill the other time, say."""


@dataclass(frozen=True)
class Case:
    """One episode as a client would send it."""

    patient: int
    state: str
    arrested: bool
    """Whether the circulation had stopped by the last sample."""
    observations: list[Observation]


@dataclass(frozen=True)
class Cohort:
    """Windows with their states; row i of all belongs together."""

    windows: np.ndarray
    """float64 `[rows, samples, columns]`, before scaling, columns as COLUMNS."""
    labels: np.ndarray
    """int `[rows]`, index into CLASS_NAMES."""
    patients: np.ndarray
    """int `[rows]`, the patient's number."""
    arrested: np.ndarray
    """bool `[rows]`, whether the circulation had stopped by the end of the window."""

    def __len__(self) -> int:
        return len(self.labels)

    def of_patients(self, numbers: range) -> Cohort:
        """The windows of a range of patients."""
        rows = (self.patients >= numbers.start) & (self.patients < numbers.stop)
        return self.rows(rows)

    def rows(self, rows: np.ndarray) -> Cohort:
        """The windows of some rows: indices, or a mask."""
        return Cohort(self.windows[rows], self.labels[rows], self.patients[rows], self.arrested[rows])


def draw_cases(patient: int, seed: int) -> list[Case]:
    """All episodes of one patient. A patient's number and the seed say all: how many are drawn does not matter."""
    rng = np.random.default_rng([seed, patient])
    person = draw_patient(rng)
    cases = []
    for _ in range(EPISODES):
        state = CLASS_NAMES[rng.integers(len(CLASS_NAMES))]
        episode = draw_episode(person, state, rng)
        cases.append(Case(patient, state, bool(episode.arrested[-1]), record(episode, rng)))
    return cases


def generate_cohort(patients: int, seed: int) -> tuple[Cohort, Counter[str]]:
    """Draws patients and takes their windows through the pipeline up to the scaling.

    Also returns how many episodes of each state the pipeline refused, as the server would: they are in no set.
    """
    pipeline = window_pipeline({'observations': OBSERVATIONS, 'features': STEPS_BEFORE_SCALING}, np.float64)
    windows, accepted, refused = [], [], Counter()
    for patient in range(patients):
        for case in draw_cases(patient, seed):
            try:
                windows.append(pipeline(case.observations))
            except WindowRefusedError:
                refused[case.state] += 1
            else:
                accepted.append(case)
    cohort = Cohort(
        np.stack(windows),
        np.array([CLASS_NAMES.index(case.state) for case in accepted]),
        np.array([case.patient for case in accepted]),
        np.array([case.arrested for case in accepted]),
    )
    return cohort, refused


def split(cohort: Cohort, patients: int) -> tuple[Cohort, Cohort, Cohort]:
    """Training patients, validation patients (a tenth of the rest) and the held-out fifth.

    Patients are drawn independently of each other, so their order is as random as any shuffle.
    """
    held_out_from = patients * 4 // 5
    validation_from = held_out_from * 9 // 10
    return (
        cohort.of_patients(range(0, validation_from)),
        cohort.of_patients(range(validation_from, held_out_from)),
        cohort.of_patients(range(held_out_from, patients)),
    )
