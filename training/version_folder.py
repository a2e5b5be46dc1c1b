"""Puts a finished version into its folder. A version is immutable: other bytes under the same number are refused."""

from __future__ import annotations

from pathlib import Path


class VersionDiffersError(Exception):
    """The folder holds this version already, with other content."""


def write_version(folder: Path, files: dict[str, bytes], overwrite: bool = False) -> bool:
    """Writes `files` (name → content) into `folder`; other files there are left alone.

    Returns True when something was written and False when the folder held the same bytes before, which is how a
    repeated run shows that it repeats. Raises VersionDiffersError, naming the files and changing none, when one of
    them is there with other content and `overwrite` is not set.
    """
    differing = [name for name, content in files.items() if _content(folder / name) not in (None, content)]
    missing = [name for name in files if _content(folder / name) is None]
    if differing and not overwrite:
        raise VersionDiffersError(
            f'{folder} holds this version with other content ({", ".join(sorted(differing))}). A version never '
            'changes: give the new one another number, or pass --overwrite for a version that was never released.'
        )
    folder.mkdir(parents=True, exist_ok=True)
    for name in differing + missing:
        partial = folder / f'.{name}.partial'
        partial.write_bytes(files[name])
        partial.replace(folder / name)
    return bool(differing or missing)


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None
