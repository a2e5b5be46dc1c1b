"""The monitor: what it makes of an episode. Values in its own resolution, with drop-outs, artefacts and late clocks.

The result is what a client sends: a list of observations, one for each value that was recorded.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

from training.shock.physiology import ARREST, MONITOR, SAMPLING_INTERVAL
from training.shock.signals import COLUMNS, SIGNALS
from training.shock.simulator import Episode

START = datetime(2026, 1, 1, tzinfo=UTC)
"""When every recording starts. The model never sees a time of day."""

RESOLUTION = {
    'perfusionIndex': 0.01,
    'heartRate': 1,
    'prematureVentricularCount': 1,
    'bodyHeight': 1,
    'bodyWeight': 0.5,
    'pulseRate': 1,
    'oxygenSaturation': 1,
    'temperature': 0.1,
    'respirationRate': 1,
}
"""The step in which a monitor shows each signal."""
_LIMITS = {signal.name: signal.range for signal in SIGNALS}
OXIMETER = ('perfusionIndex', 'pulseRate', 'oxygenSaturation')
ELECTRODES = ('heartRate', 'prematureVentricularCount', 'respirationRate')
HIGHEST_SATURATION = 100
LOWEST_PERFUSION = 0.02

Observation = dict[str, object]
"""`{signal, value, time}`, as a client sends it."""


def record(episode: Episode, rng: np.random.Generator) -> list[Observation]:
    """The observations of an episode in the order of their times."""
    values = _measured(episode, rng)
    _disturb(values, rng)
    _lose(values, episode, rng)
    return _observations(values, rng)


def _measured(episode: Episode, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Each signal `[samples]` as it would be shown if nothing went wrong."""
    signs, patient, samples = episode.signs, episode.patient, len(episode.arrested)
    count = rng.poisson(signs['ectopy']).astype(float)
    in_health, when_ill = MONITOR.lost_beats
    unfelt = rng.binomial(count.astype(int), in_health + when_ill * min(episode.severity, 1.0))
    pulse = signs['heartRate'] - unfelt + rng.normal(0, 0.7, samples)
    # In an arrest the oximeter feels compressions or nothing.
    compressions = rng.uniform(*ARREST.compression_rate, samples)
    return {
        'perfusionIndex': np.maximum(signs['perfusionIndex'], LOWEST_PERFUSION),
        'heartRate': signs['heartRate'],
        'prematureVentricularCount': count,
        'bodyHeight': np.full(samples, patient.height),
        'bodyWeight': np.full(samples, patient.weight),
        'pulseRate': np.where(episode.arrested, compressions, np.maximum(pulse, 0)),
        'oxygenSaturation': np.minimum(signs['oxygenSaturation'], HIGHEST_SATURATION),
        'temperature': signs['temperature'],
        'respirationRate': signs['respirationRate'],
    }


def _disturb(values: dict[str, np.ndarray], rng: np.random.Generator) -> None:
    """Artefacts: values that are there and wrong."""
    samples = len(values['heartRate'])
    moved = _chance(MONITOR.motion, samples, rng)
    values['perfusionIndex'][moved] *= rng.uniform(2, 6, moved.sum())
    values['pulseRate'][moved] = rng.uniform(60, 200, moved.sum())
    values['oxygenSaturation'][moved] -= rng.uniform(4, 20, moved.sum())
    miscounted = _chance(MONITOR.miscounted, samples, rng)
    values['heartRate'][miscounted] *= rng.uniform(1.5, 2.0, miscounted.sum())
    values['prematureVentricularCount'][miscounted] += rng.integers(5, 30, miscounted.sum())
    restless = _chance(MONITOR.chest_motion, samples, rng)
    values['respirationRate'][restless] = rng.uniform(4, 60, restless.sum())
    slipped = _spells(*MONITOR.thermometer_slipped, samples, rng)
    values['temperature'][slipped] -= rng.uniform(1, 5, slipped.sum())


def _lose(values: dict[str, np.ndarray], episode: Episode, rng: np.random.Generator) -> None:
    """Drop-outs: values become NaN."""
    samples = len(episode.arrested)
    threshold, chance = MONITOR.weak_pulse
    unfelt = (episode.signs['perfusionIndex'] < threshold) & ~episode.arrested & _chance(chance, samples, rng)
    unfelt |= episode.arrested & _chance(ARREST.pulse_lost, samples, rng)
    for name in ('pulseRate', 'oxygenSaturation'):
        values[name][unfelt] = np.nan
    for names, spell in ((OXIMETER, MONITOR.probe_off), (ELECTRODES, MONITOR.leads_off)):
        off = _spells(*spell, samples, rng)
        for name in names:
            values[name][off] = np.nan
    silent = _chance(MONITOR.silent, samples, rng)
    for name in COLUMNS:
        values[name][silent | _chance(MONITOR.lost, samples, rng)] = np.nan


def _observations(values: dict[str, np.ndarray], rng: np.random.Generator) -> list[Observation]:
    samples = len(values['heartRate'])
    late = rng.integers(-MONITOR.clock, MONITOR.clock, samples, endpoint=True)
    twice = rng.random((samples, len(COLUMNS))) < MONITOR.sent_twice
    observations = []
    for sample in range(samples):
        moment = START + timedelta(seconds=int(sample * SAMPLING_INTERVAL + late[sample]))
        time = moment.strftime('%Y-%m-%dT%H:%M:%SZ')
        for column, signal in enumerate(SIGNALS):
            value = values[signal.name][sample]
            if np.isnan(value):
                continue
            observations.append({'signal': signal.name, 'value': _shown(signal.name, value), 'time': time})
            if twice[sample, column]:
                corrected = _shown(signal.name, value + RESOLUTION[signal.name])
                observations.append({'signal': signal.name, 'value': corrected, 'time': time})
    return observations


def _shown(name: str, value: float) -> float:
    """The value in the monitor's resolution and within what it can show."""
    minimum, maximum = _LIMITS[name]
    step = RESOLUTION[name]
    return min(max(round(round(float(value) / step) * step, 2), minimum), maximum)


def _chance(probability: float, samples: int, rng: np.random.Generator) -> np.ndarray:
    return rng.random(samples) < probability


def _spells(probability: float, longest: int, samples: int, rng: np.random.Generator) -> np.ndarray:
    """Samples `[samples]` that lie in a spell; a spell starts with `probability` at each and lasts 1 to `longest`."""
    within = np.zeros(samples, dtype=bool)
    for start in np.flatnonzero(_chance(probability, samples, rng)):
        within[start : start + rng.integers(1, longest, endpoint=True)] = True
    return within
