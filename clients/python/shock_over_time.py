"""Draws a patient's haemodynamic state over time: slides a window over hours of vital signs and asks Latido about each.

    LATIDO_API_KEY=lat_… python clients/python/shock_over_time.py --url http://localhost:3000 --output state.png

The series is a CSV file of `time,signal,value`, a line for each value that the monitor recorded. The model takes the last twenty samples, five
minutes apart; a window ends every `--step` minutes and is sent as it was recorded: the server aligns, fills in and standardises. A window in
which a sign is missing for too long (a probe that came off) is refused with 422, and is a gap in the picture; any other refusal ends the program.

A plan's limit (429) and a server that is away (503) are waited out as `Retry-After` says; what is not answered in time is asked again, and the
`Idempotency-Key` of a window keeps a retry from being predicted twice.
"""

from __future__ import annotations

import argparse
import csv
import math
import os
import re
import sys
import time
import uuid
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import matplotlib

matplotlib.use('Agg')
import matplotlib.dates as mdates  # noqa: E402
import matplotlib.pyplot as plt  # noqa: E402
import requests  # noqa: E402

MODEL = 'haemodynamic-shock'
HERE = Path(__file__).parent
REACH = timedelta(minutes=125)
"""How much of the series is sent for a window: its two hours, and the clock's tolerance."""
TIMEOUT_SECONDS = 30
ATTEMPTS = 5
BACKOFF_SECONDS = 1
# Okabe and Ito's colours, which those with colour-blindness tell apart; healthy recedes.
COLOURS = {'sano': '#009E73', 'bajo_gasto_cardiaco': '#E69F00', 'shock_cardiogenico': '#D55E00', 'arresto_cardiaco': '#4B0082'}
SHOWN_SIGNS = (('heartRate', 'Heart rate, /min', '#0072B2'), ('oxygenSaturation', 'Oxygen saturation, %', '#56B4E9'))
WARNING = 'Synthetic data; not for clinical use'


@dataclass(frozen=True)
class Reading:
    """One value that the monitor recorded."""

    time: datetime
    signal: str
    value: float


@dataclass(frozen=True)
class State:
    """What the model says of the two hours that end at `time`; `probabilities` is None where it cannot be asked."""

    time: datetime
    label: str | None
    probabilities: dict[str, float] | None


class Bearer(requests.auth.AuthBase):
    """The key. As a plain header, it would be replaced by what ~/.netrc has for the host."""

    def __init__(self, key: str) -> None:
        self.key = key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers['Authorization'] = f'Bearer {self.key}'
        return request


class Latido:
    """The two routes that this needs."""

    def __init__(self, url: str, key: str, timeout: float = TIMEOUT_SECONDS) -> None:
        self.url = url.rstrip('/')
        self.timeout = timeout
        self.session = requests.Session()
        self.session.auth = Bearer(key)

    def model(self, name: str) -> dict:
        """What the model is: its classes, its notice."""
        return self._send('GET', f'/v1/models/{name}').json()

    def predict(self, name: str, windows: list[dict]) -> list[dict] | None:
        """One result for each window; None where the server refuses one for what was recorded too seldom in it."""
        response = self._send(
            'POST',
            f'/v1/models/{name}/predictions',
            json={'inputs': windows},
            headers={'Idempotency-Key': uuid.uuid4().hex},
            accept=_is_gap,
        )
        return response.json()['results'] if response.ok else None

    def _send(
        self, method: str, path: str, accept: Callable[[requests.Response], bool] = lambda _: False, **rest
    ) -> requests.Response:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                response = self.session.request(method, self.url + path, timeout=self.timeout, **rest)
            except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError) as error:
                if attempt == ATTEMPTS:
                    raise SystemExit(f'{method} {path}: {error}') from error
                time.sleep(BACKOFF_SECONDS * attempt)
                continue
            if response.ok or accept(response):
                return response
            wait = _retry_after(response)
            if response.status_code not in (429, 503) or wait is None or attempt == ATTEMPTS:
                raise SystemExit(f'{method} {path}: {_reason(response)}')
            print(f'{_reason(response)} Waiting {wait} s.', file=sys.stderr)
            time.sleep(wait)
        raise AssertionError('unreachable')


def _retry_after(response: requests.Response) -> int | None:
    """Seconds, which may be given as a date (RFC 9110, 10.2.3)."""
    value = response.headers.get('Retry-After', '')
    if value.isdecimal():
        return int(value)
    try:
        left = parsedate_to_datetime(value) - datetime.now(UTC)
    except (TypeError, ValueError):
        return None
    return max(0, math.ceil(left.total_seconds()))


def _problem(response: requests.Response) -> dict:
    """Problem+json; empty for a proxy's page."""
    return response.json() if 'json' in response.headers.get('Content-Type', '') else {}


def _is_of_window(error: dict) -> bool:
    """Whether a window as a whole is at fault. What is wrong with one observation has a longer pointer."""
    return re.fullmatch(r'/inputs/\d+/observations', error['pointer']) is not None


def _is_gap(response: requests.Response) -> bool:
    """Whether nothing is wrong but that too little was recorded."""
    problem = _problem(response)
    errors = problem.get('errors', [])
    return problem.get('code') == 'INVALID_REQUEST' and bool(errors) and all(map(_is_of_window, errors))


def _reason(response: requests.Response) -> str:
    """What problem+json says, with one value that is at fault, best one that is wrong by itself; of a proxy's page the status."""
    problem = _problem(response)
    if not problem:
        return f'HTTP {response.status_code}.'
    first = [f'{error["pointer"]} {error["detail"]}.' for error in sorted(problem.get('errors', []), key=_is_of_window)[:1]]
    return ' '.join([f'{problem.get("code", response.status_code)}: {problem.get("detail", "")}', *first])


def read_series(path: Path) -> list[Reading]:
    """The readings of a CSV file, by time."""
    with path.open(encoding='utf-8', newline='') as file:
        readings = [
            Reading(datetime.fromisoformat(line['time']).astimezone(UTC), line['signal'], float(line['value']))
            for line in csv.DictReader(file)
        ]
    return sorted(readings, key=lambda reading: reading.time)


def check_signals(readings: list[Reading], model: dict) -> None:
    """The server drops signals that the model does not know; a misspelt one would look as if its probe had come off."""
    known = {signal['name'] for signal in model['observations']['signals']}
    unknown = sorted({reading.signal for reading in readings} - known)
    if unknown:
        raise SystemExit(f'{MODEL} knows no {", ".join(unknown)}; it knows {", ".join(sorted(known))}.')


def windows_of(readings: list[Reading], step: timedelta) -> list[tuple[datetime, dict]]:
    """When each window ends, and what is sent of it; the first ends when two hours are there."""
    times = [reading.time for reading in readings]
    end, windows = times[0] + REACH, []
    while end <= times[-1]:
        within = readings[bisect_left(times, end - REACH) : bisect_right(times, end)]
        observations = [
            {'signal': reading.signal, 'value': reading.value, 'time': reading.time.isoformat()} for reading in within
        ]
        windows.append((end, {'observations': observations}))
        end += step
    return windows


def ask(latido: Latido, windows: list[tuple[datetime, dict]], at_once: int) -> list[State]:
    """The state at the end of each window. Where one of several is refused, they are asked one by one."""
    states = []
    for start in range(0, len(windows), at_once):
        group = windows[start : start + at_once]
        results = latido.predict(MODEL, [window for _, window in group])
        if results is not None:
            states += [State(end, result['label'], result['probabilities']) for (end, _), result in zip(group, results)]
        elif len(group) == 1:
            states.append(State(group[0][0], None, None))
        else:
            states += ask(latido, group, 1)
    return states


def draw(readings: list[Reading], states: list[State], model: dict, output: Path) -> None:
    """The signs, the probability of each state, and the likeliest state, over one axis of time."""
    titles = {each['name']: each['title'] for each in model['output']['classes']}
    times = [state.time for state in states]
    figure, (signs, chances, strip) = plt.subplots(
        3, 1, figsize=(10, 6.4), sharex=True, height_ratios=(2.2, 3, 0.7), layout='constrained'
    )
    for name, label, colour in SHOWN_SIGNS:
        values = [(reading.time, reading.value) for reading in readings if reading.signal == name]
        signs.plot(*zip(*values), '.', markersize=2.5, color=colour, label=label)
    signs.set_ylim(0, None)
    signs.legend(loc='lower right', ncols=2, frameon=False, markerscale=3)
    signs.set_ylabel('Monitor')
    for name, title in titles.items():
        # A gap where the model could not be asked.
        values = [float('nan') if state.probabilities is None else state.probabilities[name] for state in states]
        chances.plot(times, values, color=COLOURS.get(name), linewidth=1.8, label=title)
    chances.set_ylim(-0.02, 1.02)
    chances.set_ylabel('Probability')
    chances.legend(loc='upper center', bbox_to_anchor=(0.5, 1.16), ncols=len(titles), frameon=False)
    width = times[1] - times[0]
    for state in states:
        if state.label is not None:
            strip.axvspan(state.time - width, state.time, color=COLOURS.get(state.label), linewidth=0)
    strip.set_yticks([])
    strip.set_ylabel('State', rotation=0, ha='right', va='center')
    strip.xaxis.set_major_formatter(mdates.DateFormatter('%H:%M', tz=UTC))
    strip.set_xlabel('Time (UTC): end of the two hours that the model is shown')
    for axes in (signs, chances):
        axes.spines[['top', 'right']].set_visible(False)
        axes.grid(axis='y', linewidth=0.4, alpha=0.5)
    figure.suptitle(f'{model["title"]} {model["activeVersion"]}: one patient over time', fontsize=13)
    figure.supxlabel(f'{WARNING}. Notice of the model: {model["notice"]}.', fontsize=9, color='#B00020')
    figure.savefig(output, dpi=110)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--url', default='http://localhost:3000')
    parser.add_argument('--series', type=Path, default=HERE / 'vital_signs.csv')
    parser.add_argument('--output', type=Path, default=Path('shock_over_time.png'))
    parser.add_argument('--step', type=int, default=15, metavar='MINUTES', help='from one window to the next (15)')
    parser.add_argument('--at-once', type=int, default=1, metavar='N', help='windows in a request, 1 to 1000 (1)')
    parser.add_argument('--timeout', type=float, default=TIMEOUT_SECONDS, metavar='SECONDS', help='for an answer (30)')
    options = parser.parse_args()
    key = os.environ.get('LATIDO_API_KEY')
    if not key:
        raise SystemExit('LATIDO_API_KEY is not set: an API key or access token of Latido.')
    latido = Latido(options.url, key, options.timeout)
    model = latido.model(MODEL)
    readings = read_series(options.series)
    check_signals(readings, model)
    windows = windows_of(readings, timedelta(minutes=options.step))
    if len(windows) < 2:
        raise SystemExit('The series is too short: two windows of two hours are needed at least.')
    states = ask(latido, windows, options.at_once)
    if all(state.label is None for state in states):
        raise SystemExit('No window has enough of every sign that the model needs.')
    before = None
    for state in states:
        if state.label != before:
            print(f'{state.time:%H:%M} {state.label or "not enough recorded"}')
        before = state.label
    draw(readings, states, model, options.output)
    asked = sum(state.label is not None for state in states)
    print(f'{asked} of {len(states)} windows answered by {MODEL} {model["activeVersion"]}; {options.output}')


if __name__ == '__main__':
    main()
