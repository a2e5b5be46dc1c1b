"""The patient: a body, and a recording of it in one of four states. All numbers are in physiology.py.

A patient is drawn once and has episodes; an episode is one recording in one state. Its signs start from healthy, go
towards the state as far as the episode is severe, drift along the state's trend and fluctuate. The fluctuations of one
sign are autocorrelated, and those of heart, breathing and skin are correlated through the sympathetic tone. A recording
of the cohort takes two hours; a longer one may begin in health and fall ill on the way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.shock.physiology import (
    ARREST,
    AUTOCORRELATION,
    BODIES,
    COURSES,
    FINGER,
    MASS_INDEX_OF_NO_EFFECT,
    ON_A_LOG_SCALE,
    ONSET_SAMPLES,
    OXYGEN_PER_MASS_INDEX,
    RECORDED_SAMPLES,
    RESTING_HEART_RATE,
    SAMPLING_INTERVAL,
    SEVERITY,
    SIGNS,
    SYMPATHETIC,
    TREND,
    Course,
)

HEALTHY = 'sano'


@dataclass(frozen=True)
class Patient:
    """What stays the same in all episodes of one person."""

    height: float
    """cm"""
    weight: float
    """kg"""
    offsets: dict[str, float]
    """What a sign of this person differs by from others', in the sign's unit (perfusion index: its logarithm)."""

    @property
    def mass_index(self) -> float:
        """kg/m²"""
        return self.weight / (self.height / 100) ** 2


@dataclass(frozen=True)
class Episode:
    """A recording of a patient in one state, as it truly was."""

    patient: Patient
    state: str
    severity: float
    """At its end: 0 is healthy, 1 the state's own course."""
    signs: dict[str, np.ndarray]
    """Sign → values `[samples]`, names as SIGNS."""
    arrested: np.ndarray
    """bool `[samples]`: whether the circulation has stopped."""


def draw_patient(rng: np.random.Generator) -> Patient:
    """One adult: height, weight by body mass index, and the offsets of finger, resting heart rate and oxygen."""
    body = BODIES[rng.integers(len(BODIES))]
    height = rng.normal(*body.height)
    median, deviation = body.mass_index
    mass_index = median * np.exp(rng.normal(0, deviation))
    offsets = {
        'perfusionIndex': rng.normal(0, FINGER),
        'heartRate': rng.normal(0, RESTING_HEART_RATE),
        'oxygenSaturation': OXYGEN_PER_MASS_INDEX * max(0.0, mass_index - MASS_INDEX_OF_NO_EFFECT),
    }
    return Patient(height, mass_index * (height / 100) ** 2, offsets)


def draw_episode(
    patient: Patient, state: str, rng: np.random.Generator, samples: int = RECORDED_SAMPLES, onset: int = 0
) -> Episode:
    """One recording of `patient` in `state` (a key of COURSES), `samples` long.

    With an `onset` the patient is healthy until that sample, and as ill as the episode is severe ONSET_SAMPLES later.
    """
    severity = 0.0 if state == HEALTHY else rng.uniform(*SEVERITY)
    reached = np.clip((np.arange(samples) - onset) / ONSET_SAMPLES, 0, 1) if onset else np.ones(samples)
    since_onset = np.concatenate([np.zeros(onset), np.linspace(0, 1, samples - onset)])
    tone = autoregression(rng, samples)
    signs = {sign: _course(patient, state, severity * reached, since_onset, sign, tone, rng) for sign in SIGNS}
    arrested = np.zeros(samples, dtype=bool)
    if state == 'arresto_cardiaco':
        arrested = _stop_circulation(signs, rng)
    return Episode(patient, state, severity, signs, arrested)


def autoregression(rng: np.random.Generator, samples: int = RECORDED_SAMPLES) -> np.ndarray:
    """A stationary first-order autoregression `[samples]` of mean 0 and standard deviation 1."""
    innovation = np.sqrt(1 - AUTOCORRELATION**2)
    values = np.empty(samples)
    values[0] = rng.normal()
    for index, shock in enumerate(rng.normal(size=samples - 1), start=1):
        values[index] = AUTOCORRELATION * values[index - 1] + innovation * shock
    return values


def _course(
    patient: Patient,
    state: str,
    severity: np.ndarray,
    since_onset: np.ndarray,
    sign: str,
    tone: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """Values `[samples]` of one sign, from the severity at each sample and how far the trend has gone by then (0 to 1)."""
    healthy, ill = COURSES[HEALTHY][sign], COURSES[state][sign]
    logarithmic = sign in ON_A_LOG_SCALE
    start, end, well = (np.log(value) if logarithmic else value for value in (ill.start, ill.end, healthy.start))
    trend = rng.normal(*TREND) * (end - start) * since_onset
    between, within = _spreads(healthy, ill, severity)
    level = well + severity * (start - well + trend)
    level = level + patient.offsets.get(sign, 0.0) + rng.normal() * between
    loading = SYMPATHETIC.get(sign, 0.0)
    fluctuation = loading * tone + np.sqrt(1 - loading**2) * autoregression(rng, len(tone))
    values = level + within * fluctuation
    return np.exp(values) if logarithmic else np.maximum(values, 0)


def _spreads(healthy: Course, ill: Course, severity: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Deviations `[samples]` between patients and within one, between healthy (0) and ill (1); beyond ill as ill."""
    share = np.minimum(severity, 1.0)
    return (
        healthy.between + share * (ill.between - healthy.between),
        healthy.within + share * (ill.within - healthy.within),
    )


def _stop_circulation(signs: dict[str, np.ndarray], rng: np.random.Generator) -> np.ndarray:
    """Lets the circulation stop at some time; changes the signs from there on and returns `arrested [samples]`."""
    samples = len(signs['heartRate'])
    minutes = (np.arange(samples) - (samples - 1)) * SAMPLING_INTERVAL / 60
    since = minutes - rng.uniform(*ARREST.onset)
    arrested = since >= 0
    rate = signs['heartRate']
    if rng.random() < ARREST.non_shockable:
        floor = 0.0 if rng.random() < ARREST.asystole else rng.uniform(*ARREST.electrical_rate)
        stopped = floor + (rate - floor) * np.exp(-np.maximum(since, 0) / rng.uniform(*ARREST.decay))
        signs['ectopy'][arrested] *= 0.2
    else:
        stopped = rng.normal(*ARREST.fibrillation_rate, samples)
        signs['ectopy'][arrested] *= 3.0
    compressed = rng.random(samples) < ARREST.compressions
    stopped = np.where(compressed, rng.uniform(*ARREST.compression_rate, samples), stopped)
    signs['heartRate'] = np.where(arrested, np.maximum(stopped, 0), rate)
    signs['perfusionIndex'] = np.where(arrested, ARREST.perfusion, 1) * signs['perfusionIndex']
    lost = rng.uniform(*ARREST.desaturation, samples)
    signs['oxygenSaturation'] = signs['oxygenSaturation'] - np.where(arrested, lost, 0)
    breaths = np.maximum(rng.normal(*ARREST.breaths, samples), 0)
    signs['respirationRate'] = np.where(arrested, breaths, signs['respirationRate'])
    return arrested
