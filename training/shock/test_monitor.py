"""What the monitor records: within its ranges and steps, with the drop-outs and artefacts that physiology.py states."""

from collections import Counter
from datetime import datetime

import numpy as np
import pytest

from training.shock.cohort import draw_cases, generate_cohort, split
from training.shock.monitor import OXIMETER, RESOLUTION, record
from training.shock.physiology import MONITOR, RECORDED_SAMPLES
from training.shock.pipeline import OBSERVATIONS, STEPS_BEFORE_SCALING
from training.shock.signals import CLASS_NAMES, COLUMNS, SIGNALS
from training.shock.simulator import draw_episode, draw_patient
from training.windows import WindowRefusedError, window_pipeline


@pytest.fixture(scope='module')
def recordings():
    return [case for patient in range(400) for case in draw_cases(patient, seed=1)]


@pytest.fixture(scope='module')
def cohort():
    return generate_cohort(120, seed=3)


def by_signal(recordings):
    values = {name: [] for name in COLUMNS}
    for case in recordings:
        for observation in case.observations:
            values[observation['signal']].append(observation['value'])
    return {name: np.array(entries) for name, entries in values.items()}


def test_values_lie_in_the_declared_ranges_and_on_the_monitors_steps(recordings):
    for signal in SIGNALS:
        values = by_signal(recordings)[signal.name]
        assert signal.range[0] <= values.min() and values.max() <= signal.range[1]
        steps = values / RESOLUTION[signal.name]
        np.testing.assert_allclose(steps, np.round(steps), atol=1e-6)


def test_samples_are_five_minutes_apart_but_for_the_clock(recordings):
    for case in recordings[:50]:
        times = sorted({observation['time'] for observation in case.observations})
        steps = np.diff([datetime.fromisoformat(time).timestamp() for time in times])
        off = np.abs(steps - 300 * np.round(steps / 300))
        assert off.max() <= 2 * MONITOR.clock


def test_some_values_are_lost_and_some_are_sent_twice(recordings):
    complete = len(recordings) * RECORDED_SAMPLES * len(COLUMNS)
    sent = Counter((index, each['signal'], each['time']) for index, case in enumerate(recordings)
                   for each in case.observations)  # fmt: skip
    assert 0.01 < 1 - len(sent) / complete < 0.08
    assert sum(count == 2 for count in sent.values()) / complete == pytest.approx(MONITOR.sent_twice, rel=0.2)


def test_a_lost_probe_takes_all_that_the_oximeter_measures():
    rng = np.random.default_rng(2)
    lost_together = 0
    for _ in range(300):
        observations = record(draw_episode(draw_patient(rng), 'sano', rng), rng)
        times = {name: {each['time'] for each in observations if each['signal'] == name} for name in COLUMNS}
        lost = [times['heartRate'] - times[name] for name in OXIMETER]
        lost_together += len(set.intersection(*lost))
    assert lost_together > 50


def test_the_pulse_follows_the_heart_but_for_beats_that_never_reach_the_finger():
    rng = np.random.default_rng(4)
    differences, contractions = [], []
    for _ in range(300):
        cells = {}
        for each in record(draw_episode(draw_patient(rng), 'shock_cardiogenico', rng), rng):
            cells.setdefault(each['time'], {}).setdefault(each['signal'], each['value'])
        for row in cells.values():
            if row.keys() >= {'heartRate', 'pulseRate', 'prematureVentricularCount'}:
                differences.append(row['heartRate'] - row['pulseRate'])
                contractions.append(row['prematureVentricularCount'])
    differences, contractions = np.array(differences), np.array(contractions)
    assert abs(np.median(differences[contractions == 0])) <= 1
    assert np.median(differences[contractions >= 8]) > 4


def test_a_patients_number_and_the_seed_say_all(cohort):
    assert draw_cases(17, seed=1) == draw_cases(17, seed=1)
    assert draw_cases(17, seed=1) != draw_cases(18, seed=1) != draw_cases(18, seed=2)
    more, _ = generate_cohort(130, seed=3)
    assert np.array_equal(more.windows[: len(cohort[0])], cohort[0].windows)


def test_the_cohort_is_what_the_pipeline_accepts_and_counts_what_it_refuses(cohort):
    windows, refused = cohort
    assert windows.windows.shape[1:] == (20, 9) and np.isfinite(windows.windows).all()
    assert len(windows) + refused.total() == 240
    pipeline = window_pipeline({'observations': OBSERVATIONS, 'features': STEPS_BEFORE_SCALING}, np.float64)
    outcomes = Counter()
    for patient in range(120):
        for case in draw_cases(patient, seed=3):
            try:
                assert np.array_equal(pipeline(case.observations), windows.windows[outcomes['accepted']])
                outcomes['accepted'] += 1
            except WindowRefusedError:
                outcomes[case.state] += 1
    assert {state: outcomes[state] for state in refused} == refused


def test_no_patient_is_in_two_sets(cohort):
    parts = split(cohort[0], 120)
    numbers = [set(part.patients.tolist()) for part in parts]
    assert not numbers[0] & numbers[1] and not numbers[0] & numbers[2] and not numbers[1] & numbers[2]
    assert sum(map(len, parts)) == len(cohort[0])
    assert len(numbers[2]) == pytest.approx(24, abs=1)


def test_all_states_are_drawn_about_equally_often(recordings):
    counts = Counter(case.state for case in recordings)
    assert set(counts) == set(CLASS_NAMES)
    assert min(counts.values()) > 0.8 * len(recordings) / len(CLASS_NAMES)
