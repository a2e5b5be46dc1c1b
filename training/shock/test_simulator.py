"""The simulated patients: bodies, courses and their correlations are those that physiology.py states."""

import numpy as np
import pytest

from training.shock.physiology import (
    AUTOCORRELATION,
    COURSES,
    MASS_INDEX_OF_NO_EFFECT,
    ON_A_LOG_SCALE,
    OXYGEN_PER_MASS_INDEX,
    RECORDED_SAMPLES,
    SEVERITY,
    SIGNS,
    SOURCES,
)
from training.shock.signals import CLASS_NAMES
from training.shock.simulator import autoregression, draw_episode, draw_patient

EPISODES = 1500


@pytest.fixture(scope='module')
def episodes():
    rng = np.random.default_rng(1)
    return {state: [draw_episode(draw_patient(rng), state, rng) for _ in range(EPISODES)] for state in CLASS_NAMES}


def stacked(episodes, sign):
    return np.stack([episode.signs[sign] for episode in episodes])


def test_the_same_seed_gives_the_same_patient():
    first, second = (draw_episode(draw_patient(rng), 'sano', rng) for rng in map(np.random.default_rng, (3, 3)))
    assert first.patient == second.patient
    assert all(np.array_equal(first.signs[sign], second.signs[sign]) for sign in SIGNS)


def test_bodies_are_those_of_adults():
    rng = np.random.default_rng(2)
    patients = [draw_patient(rng) for _ in range(4000)]
    heights, weights = (np.array([getattr(patient, name) for patient in patients]) for name in ('height', 'weight'))
    assert heights.mean() == pytest.approx(168.3, abs=0.6)
    assert weights.mean() == pytest.approx(84.5, abs=2)
    assert 0.3 < np.corrcoef(heights, weights)[0, 1] < 0.6
    assert np.median([patient.mass_index for patient in patients]) == pytest.approx(28.7, abs=0.5)


def test_every_state_has_a_course_of_every_sign():
    assert set(COURSES) == set(CLASS_NAMES)
    assert all(tuple(course) == SIGNS for course in COURSES.values())
    assert len(SOURCES) == 15


@pytest.mark.parametrize('sign', [sign for sign in SIGNS if sign != 'oxygenSaturation'])
def test_the_healthy_lie_around_the_course_of_the_healthy(episodes, sign):
    values, course = stacked(episodes['sano'], sign), COURSES['sano'][sign]
    if sign in ON_A_LOG_SCALE:
        values, expected = np.log(values), np.log(course.start)
    else:
        expected = course.start
    error = values.mean(axis=1).std() / np.sqrt(EPISODES)
    assert values.mean() == pytest.approx(expected, abs=4 * error)


def test_signs_move_the_way_the_states_say(episodes):
    perfusion = {state: np.median(stacked(episodes[state], 'perfusionIndex')[:, 0]) for state in CLASS_NAMES}
    assert perfusion['sano'] > perfusion['bajo_gasto_cardiaco'] > perfusion['shock_cardiogenico']
    rate = {state: stacked(episodes[state], 'heartRate').mean() for state in CLASS_NAMES}
    assert rate['sano'] < rate['bajo_gasto_cardiaco'] < rate['shock_cardiogenico']
    breathing = stacked(episodes['shock_cardiogenico'], 'respirationRate')
    assert breathing[:, -1].mean() > breathing[:, 0].mean()


def test_severity_is_0_in_health_and_within_its_bounds_in_illness(episodes):
    assert {episode.severity for episode in episodes['sano']} == {0.0}
    severities = [episode.severity for episode in episodes['bajo_gasto_cardiaco']]
    assert SEVERITY[0] <= min(severities) < SEVERITY[0] + 0.05 and SEVERITY[1] - 0.05 < max(severities) <= SEVERITY[1]


def test_a_longer_recording_may_begin_in_health_and_fall_ill_on_the_way(episodes):
    rng = np.random.default_rng(6)
    state, samples, onset = 'shock_cardiogenico', 60, 26
    longer = [draw_episode(draw_patient(rng), state, rng, samples, onset) for _ in range(EPISODES)]
    breathing = stacked(longer, 'respirationRate')
    assert breathing.shape == (EPISODES, samples)
    healthy, ill = (stacked(episodes[name], 'respirationRate') for name in ('sano', state))
    error = ill.std() / np.sqrt(EPISODES)
    assert breathing[:, : onset + 1].mean() == pytest.approx(healthy.mean(), abs=4 * error)
    assert breathing[:, -1].mean() == pytest.approx(ill[:, -1].mean(), abs=4 * error)


def test_fluctuations_are_autocorrelated():
    rng = np.random.default_rng(4)
    series = np.stack([autoregression(rng, 50) for _ in range(4000)])
    assert series.std() == pytest.approx(1, abs=0.03)
    assert np.corrcoef(series[:, 10], series[:, 11])[0, 1] == pytest.approx(AUTOCORRELATION, abs=0.02)
    assert np.corrcoef(series[:, 10], series[:, 13])[0, 1] == pytest.approx(AUTOCORRELATION**3, abs=0.05)


def test_heart_breath_and_skin_fluctuate_together(episodes):
    def fluctuation(sign):
        values = stacked(episodes['sano'], sign)
        values = np.log(values) if sign in ON_A_LOG_SCALE else values
        return (values - values.mean(axis=1, keepdims=True)).ravel()

    heart = fluctuation('heartRate')
    assert np.corrcoef(heart, fluctuation('respirationRate'))[0, 1] > 0.2
    assert np.corrcoef(heart, fluctuation('perfusionIndex'))[0, 1] < -0.25
    assert abs(np.corrcoef(heart, fluctuation('temperature'))[0, 1]) < 0.05


def test_a_heavy_patient_saturates_less():
    rng = np.random.default_rng(5)
    patients = [draw_patient(rng) for _ in range(2000)]
    saturations = [draw_episode(patient, 'sano', rng).signs['oxygenSaturation'].mean() for patient in patients]
    above = [max(0.0, patient.mass_index - MASS_INDEX_OF_NO_EFFECT) for patient in patients]
    slope, level = np.polyfit(above, saturations, 1)
    assert slope == pytest.approx(OXYGEN_PER_MASS_INDEX, abs=0.015)
    assert level == pytest.approx(COURSES['sano']['oxygenSaturation'].start, abs=0.1)


def test_the_circulation_stops_in_an_arrest_alone_and_stays_stopped(episodes):
    for state in CLASS_NAMES:
        stopped = np.stack([episode.arrested for episode in episodes[state]])
        assert stopped.any() == (state == 'arresto_cardiaco')
        assert np.all(np.diff(stopped.astype(int), axis=1) >= 0)
    begun = np.mean([episode.arrested[-1] for episode in episodes['arresto_cardiaco']])
    assert begun == pytest.approx(6 / 7, abs=0.03)


def test_perfusion_goes_when_the_circulation_stops(episodes):
    for episode in episodes['arresto_cardiaco']:
        if 3 < episode.arrested.sum() < RECORDED_SAMPLES - 3:
            perfusion = episode.signs['perfusionIndex']
            assert perfusion[episode.arrested].mean() < perfusion[~episode.arrested].mean()


def test_no_sign_is_negative_or_missing_before_the_monitor(episodes):
    for state in CLASS_NAMES:
        for sign in SIGNS:
            values = stacked(episodes[state], sign)
            assert np.isfinite(values).all() and values.min() >= 0
