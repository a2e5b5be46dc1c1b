"""Tables and figures as model cards show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; every column but the first is aligned to the right when its cells are numbers."""
    cells = [[str(cell) for cell in row] for row in rows]
    rules = ['---:' if index and _numeric(row[index] for row in cells) else '---' for index in range(len(header))]
    return '\n'.join('| ' + ' | '.join(line) + ' |' for line in [list(header), rules, *cells])


def figure(value: float) -> str:
    """A metric with four decimals. One that only rounds to 1 says so: 0.99998 is `> 0.9999`."""
    text = f'{value:.4f}'
    return '> 0.9999' if text == '1.0000' and value < 1 else text


def _numeric(column: Iterable[str]) -> bool:
    return all(cell.lstrip('> ')[:1].isdigit() for cell in column)
