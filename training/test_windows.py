"""The pipeline from observations to a tensor, against small cases worked out by hand."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from training.windows import WindowRefusedError, scaled, window_pipeline

SIGNALS = [
    {
        'name': 'heart', 'title': 'Heart rate', 'unit': '/min', 'range': {'minimum': 0, 'maximum': 300},
        'codes': [{'system': 'urn:iso:std:iso:11073:10101', 'code': '147842'}],
    },
    {'name': 'temp', 'title': 'Temperature', 'unit': '°C', 'ucum': 'Cel', 'range': {'minimum': 20, 'maximum': 45}},
]  # fmt: skip


def pipeline(*steps, window=None, others='refuse', precision=np.float64):
    observations = {'signals': SIGNALS, 'otherSignals': others}
    features = [{'window': {'samples': 3, **(window or {})}}, {'select': ['temp', 'heart']}, *steps]
    return window_pipeline({'observations': observations, 'features': features}, precision)


def at(minute, signal, value, **more):
    time = datetime(2026, 1, 31, 12, tzinfo=UTC) + timedelta(minutes=minute)
    return {'signal': signal, 'value': value, 'time': time.isoformat(), **more}


FULL = [
    at(minute, signal, value)
    for minute, heart, temp in ((0, 60, 36), (5, 70, 37), (10, 80, 38))
    for signal, value in (('heart', heart), ('temp', temp))
]


def test_columns_come_in_the_order_of_the_selection_as_float32():
    tensor = pipeline(precision=np.float32)(FULL)
    assert tensor.dtype == np.float32
    assert tensor.tolist() == [[36, 60], [37, 70], [38, 80]]


def test_the_order_of_observations_makes_no_difference():
    assert np.array_equal(pipeline()(FULL[::-1]), pipeline()(FULL))


def test_several_values_at_one_time_become_their_mean():
    assert pipeline()([*FULL, at(5, 'heart', 90), at(5, 'heart', 80)])[1, 1] == 80


def test_the_last_timesteps_are_taken_and_a_time_may_have_any_offset():
    later = at(15, 'heart', 90) | {'time': '2026-01-31T14:15:00+02:00'}
    assert pipeline()([*FULL, later, at(15, 'temp', 39)]).tolist() == [[37, 70], [38, 80], [39, 90]]


def test_a_signal_may_be_named_by_a_code_as_text_or_number():
    coded = [each | {'signal': 147842 if index else '147842'} if each['signal'] == 'heart' else each
             for index, each in enumerate(FULL)]  # fmt: skip
    assert np.array_equal(pipeline()(coded), pipeline()(FULL))


def test_a_missing_value_is_carried_forward_but_never_from_before_the_window():
    gap = [each for each in FULL if each != at(5, 'temp', 37)]
    assert pipeline()(gap)[:, 0].tolist() == [36, 36, 38]
    before = [at(-5, 'temp', 35), at(-5, 'heart', 50), *[each for each in FULL if each != at(0, 'temp', 36)]]
    with pytest.raises(WindowRefusedError, match='Temperature has no value in 1 of the 3 samples'):
        pipeline()(before)


def test_a_value_is_carried_for_a_limited_time_only():
    gap = [each for each in FULL if each['signal'] == 'heart' or each == at(0, 'temp', 36)]
    assert pipeline(window={'longestForwardFill': 600})(gap)[:, 0].tolist() == [36, 36, 36]
    with pytest.raises(WindowRefusedError, match='Temperature has no value in 1 of the 3'):
        pipeline(window={'longestForwardFill': 300})(gap)


@pytest.mark.parametrize(
    'observations, message',
    [
        (FULL[:4], '2 timesteps, 3 are needed'),
        ([each for each in FULL if each['signal'] == 'heart'], 'Temperature has no value in this window'),
        ([*FULL, at(10, 'lactate', 2)], 'no declared signal'),
        ([*FULL, at(10, 'temp', 98, unit='[degF]')], 'Temperature is in another unit'),
        ([*FULL, at(10, 'temp', 98)], 'Temperature is out of its range'),
        ([*FULL, at(10, 'temp', 37) | {'time': '2026-01-31T12:10:00'}], 'no offset'),
    ],
)
def test_what_the_server_refuses_is_refused(observations, message):
    with pytest.raises(WindowRefusedError, match=message):
        pipeline()(observations)


@pytest.mark.parametrize('unit', ['°C', 'Cel'])
def test_a_unit_may_be_given_as_people_read_it_or_in_ucum(unit):
    assert pipeline()([each | ({'unit': unit} if each['signal'] == 'temp' else {}) for each in FULL]).shape == (3, 2)


def test_signals_that_are_not_declared_are_dropped_or_make_a_timestep_as_the_manifest_says():
    other = at(12, 'lactate', 2)
    assert pipeline(others='drop')([*FULL, other])[:, 1].tolist() == [60, 70, 80]
    assert pipeline(others='timestep')([*FULL, other])[:, 1].tolist() == [70, 80, 80]


@pytest.mark.parametrize(
    'rule, message',
    [
        ({'samplingInterval': 300, 'tolerance': 30}, 'sampling interval'),
        ({'longestGap': 360}, 'too far apart'),
        ({'span': 600}, 'spans too long'),
    ],
)
def test_timesteps_that_lie_otherwise_are_refused(rule, message):
    late = [each if each['time'] < FULL[4]['time'] else at(12, each['signal'], each['value']) for each in FULL]
    assert pipeline(window=rule)(FULL).shape == (3, 2)
    with pytest.raises(WindowRefusedError, match=message):
        pipeline(window=rule)(late)


def test_a_lost_sample_is_a_multiple_of_the_interval():
    rule = {'samplingInterval': 300, 'tolerance': 30}
    assert pipeline(window=rule)([each if each['time'] < FULL[4]['time'] else at(15, each['signal'], each['value'])
                                  for each in FULL]).shape == (3, 2)  # fmt: skip


def test_standardize_takes_its_constants():
    step = {'standardize': {'columns': {'temp': {'mean': 37, 'deviation': 0.5}}}}
    assert pipeline(step)(FULL).tolist() == [[-2, 60], [0, 70], [2, 80]]


def test_standardize_window_gives_mean_0_and_population_deviation_1():
    tensor = pipeline({'standardizeWindow': {}})(FULL)
    np.testing.assert_allclose(tensor[:, 0], [-np.sqrt(1.5), 0, np.sqrt(1.5)])
    np.testing.assert_allclose(tensor.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(tensor.std(axis=0), 1)


def test_a_column_that_does_not_change_becomes_0_whatever_the_rounding_of_its_mean():
    steady = [each | {'value': 36.6} if each['signal'] == 'temp' else each for each in FULL]
    assert pipeline({'standardizeWindow': {}})(steady)[:, 0].tolist() == [0, 0, 0]


def test_scaling_whole_arrays_is_the_same_as_one_by_one():
    step = {'standardize': {'columns': {'temp': {'mean': 36.6, 'deviation': 0.7}}}}
    features = [{'window': {'samples': 3}}, {'select': ['temp', 'heart']}, step]
    windows = pipeline()(FULL)[None]
    assert np.array_equal(scaled(features, ['temp', 'heart'], windows)[0], pipeline(step, precision=np.float32)(FULL))


@pytest.mark.parametrize('step', [{'whiten': {}}, {'window': {'samples': 3, 'order': 'ascending'}}])
def test_what_the_kit_does_not_know_is_no_pipeline(step):
    with pytest.raises(ValueError):
        pipeline(step)
