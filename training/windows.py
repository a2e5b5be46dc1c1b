"""The feature pipeline of window models, as the server runs it: from observations to the model's tensor.

Reads `observations` and `features` of a manifest and does the same as the server, in the same order and in double
precision: pivot by mean per time and signal, sort by time, take the last N timesteps, carry values forward within
them, select the columns, scale. What the server refuses with 422 is a WindowRefusedError here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from training.manifest import designations_of

Observation = dict[str, object]
"""`{signal, value, time, unit?}`, as a client sends it."""
Pipeline = Callable[[Iterable[Observation]], np.ndarray]


class WindowRefusedError(ValueError):
    """The server would refuse these observations. The message names signals and counts, never values."""


@dataclass(frozen=True)
class Window:
    """Observations of one patient as a table over time."""

    columns: list[str]
    times: np.ndarray
    """Seconds, ascending `[timesteps]`."""
    values: np.ndarray
    """`[timesteps, columns]`, NaN where nothing was sent."""


def window_pipeline(manifest: dict, precision: type = np.float32) -> Pipeline:
    """Compiles a manifest's pipeline: observations of one row → `[samples, columns]` in `precision`.

    All is computed in double precision; what a model takes is float32. The steps known here are window, select,
    standardize and standardizeWindow. Raises ValueError for another, and for a window that refuses duplicates or
    unsorted observations, which the training kit never asks for.
    """
    declared = {signal['name']: signal for signal in manifest['observations']['signals']}
    by_designation = {name: signal for signal in declared.values() for name in designations_of(signal)}
    others = manifest['observations'].get('otherSignals', 'refuse')
    compiled = []
    for step in manifest['features']:
        ((name, options),) = step.items()
        if name not in _STEPS:
            raise ValueError(f'the step {name} is not known to the training kit')
        if name == 'window' and (options.get('duplicates', 'mean'), options.get('order', 'any')) != ('mean', 'any'):
            raise ValueError('the training kit takes means of duplicates, and observations in any order')
        compiled.append((_STEPS[name], options))

    def run(observations: Iterable[Observation]) -> np.ndarray:
        window = pivot(observations, by_designation, list(declared), others)
        for step, options in compiled:
            # Columns that no later step takes may have gaps: completeness is asked of what was selected.
            if step not in (_last_samples, _select):
                _check_complete(window, declared)
            window = step(window, options)
        _check_complete(window, declared)
        return window.values.astype(precision)

    return run


def scaled(features: Sequence[dict], columns: Sequence[str], windows: np.ndarray) -> np.ndarray:
    """The steps of `features` after the selection, on windows `[rows, samples, columns]` that are through with it;
    float32."""
    steps = [(name, options) for step in features for name, options in step.items()]
    after = 1 + next(index for index, (name, _) in enumerate(steps) if name == 'select')
    result = []
    for values in windows:
        window = Window(list(columns), np.arange(len(values)), values)
        for name, options in steps[after:]:
            window = _STEPS[name](window, options)
        result.append(window.values.astype(np.float32))
    return np.stack(result)


def pivot(observations: Iterable[Observation], by_designation: dict, columns: Sequence[str], others: str) -> Window:
    """Mean per time and signal, sorted by time. `others` says what becomes of undeclared signals: refuse, drop or
    timestep."""
    cells: dict[float, dict[str, list[float]]] = {}
    moments: dict[str, float] = {}
    for observation in observations:
        signal = by_designation.get(str(observation['signal']))
        if signal is None and others == 'refuse':
            raise WindowRefusedError('an observation is of no declared signal')
        if signal is None and others == 'drop':
            continue
        text = observation['time']
        if text not in moments:
            moments[text] = _seconds(text)
        row = cells.setdefault(moments[text], {})
        if signal is None:
            continue
        _check(observation, signal)
        row.setdefault(signal['name'], []).append(float(observation['value']))
    times = sorted(cells)
    values = np.full((len(times), len(columns)), np.nan)
    place = {name: column for column, name in enumerate(columns)}
    for index, time in enumerate(times):
        for name, sent in cells[time].items():
            # In ascending order, so that the order of the observations does not show in the last digit.
            values[index, place[name]] = sum(sorted(sent)) / len(sent)
    return Window(list(columns), np.array(times), values)


def _last_samples(window: Window, options: dict) -> Window:
    """The step `window`: the last timesteps, checked for their spacing, with values carried forward inside them."""
    samples = options['samples']
    if len(window.times) < samples:
        raise WindowRefusedError(f'{len(window.times)} timesteps, {samples} are needed')
    times, values = window.times[-samples:], window.values[-samples:].copy()
    _check_spacing(times, options)
    longest = options.get('longestForwardFill', np.inf)
    for column in range(values.shape[1]):
        latest = None
        for index in range(samples):
            if not np.isnan(values[index, column]):
                latest = index
            elif latest is not None and times[index] - times[latest] <= longest:
                values[index, column] = values[latest, column]
    return Window(window.columns, times, values)


def _check_spacing(times: np.ndarray, options: dict) -> None:
    steps = np.diff(times)
    interval = options.get('samplingInterval')
    if interval is not None:
        multiples = np.maximum(np.round(steps / interval), 1)
        if np.any(np.abs(steps - multiples * interval) > options.get('tolerance', 0)):
            raise WindowRefusedError('the timesteps do not follow the sampling interval')
    if steps.size and steps.max() > options.get('longestGap', np.inf):
        raise WindowRefusedError('two timesteps are too far apart')
    if times[-1] - times[0] > options.get('span', np.inf):
        raise WindowRefusedError('the window spans too long a time')


def _select(window: Window, names: Sequence[str]) -> Window:
    places = [window.columns.index(name) for name in names]
    return Window(list(names), window.times, window.values[:, places])


def _standardize(window: Window, options: dict) -> Window:
    values = window.values.copy()
    for name, constants in options['columns'].items():
        column = window.columns.index(name)
        values[:, column] = (values[:, column] - constants['mean']) / constants['deviation']
    return Window(window.columns, window.times, values)


def _standardize_window(window: Window, options: dict) -> Window:
    values = window.values.copy()
    for name in options.get('columns', window.columns):
        column = values[:, window.columns.index(name)]
        mean = column.mean()
        variance = np.mean((column - mean) ** 2)
        # What rounding makes of equal values is no deviation; the bound is that of scikit-learn's StandardScaler.
        epsilon = np.finfo(column.dtype).eps
        rounding = len(column) * epsilon * variance + (len(column) * mean * epsilon) ** 2
        column[:] = 0 if variance <= rounding else (column - mean) / np.sqrt(variance)
    return Window(window.columns, window.times, values)


_STEPS: dict[str, Callable[[Window, object], Window]] = {
    'window': _last_samples,
    'select': _select,
    'standardize': _standardize,
    'standardizeWindow': _standardize_window,
}


def _check_complete(window: Window, declared: dict) -> None:
    for column, name in enumerate(window.columns):
        missing = np.isnan(window.values[:, column])
        if missing.any():
            where = 'this window' if missing.all() else f'{missing.sum()} of the {len(missing)} samples of this window'
            raise WindowRefusedError(f'{declared[name]["title"]} has no value in {where}')


def _check(observation: Observation, signal: dict) -> None:
    unit = observation.get('unit')
    if unit is not None and unit not in (signal['unit'], signal.get('ucum', signal['unit'])):
        raise WindowRefusedError(f'{signal["title"]} is in another unit than {signal["unit"]}')
    limits = signal['range']
    if not limits['minimum'] <= observation['value'] <= limits['maximum']:
        raise WindowRefusedError(f'{signal["title"]} is out of its range')


def _seconds(text: str) -> float:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise WindowRefusedError('a time has no offset')
    return moment.timestamp()
