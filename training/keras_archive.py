"""Writes a trained network as a .keras file that depends on nothing but its weights and the stated time."""

from __future__ import annotations

import io
import json
import re
import tempfile
import zipfile
from datetime import datetime
from pathlib import Path

from training.backend import keras

_FIXED_DATE = (1980, 1, 1, 0, 0, 0)
"""Earliest time a zip entry can carry; a real one would make every run's file differ."""


def keras_archive(model: keras.Model, created_at: datetime) -> bytes:
    """The model in Keras' own .keras format, without optimiser and compile settings.

    Keras stamps the file with the time of saving, in its metadata and in every zip entry. Here `created_at` stands
    there instead; objects that layers share are numbered, where Keras writes their addresses in memory. So the same
    weights give the same bytes and the same SHA-256.
    """
    bare = type(model).from_config(model.get_config())
    bare.set_weights(model.get_weights())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / 'model.keras'
        bare.save(path)
        return _restamped(path.read_bytes(), created_at)


def load_archive(content: bytes) -> keras.Model:
    """The model as Keras reads it back from the bytes that ship."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / 'model.keras'
        path.write_bytes(content)
        return keras.saving.load_model(path, compile=False)


def _restamped(archive: bytes, created_at: datetime) -> bytes:
    restamped = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(restamped, 'w') as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == 'metadata.json':
                metadata = json.loads(content)
                metadata['date_saved'] = created_at.strftime('%Y-%m-%d@%H:%M:%S')
                content = json.dumps(metadata).encode()
            if entry.filename == 'config.json':
                content = _numbered(content.decode()).encode()
            stamped = zipfile.ZipInfo(entry.filename, _FIXED_DATE)
            stamped.compress_type = entry.compress_type
            stamped.external_attr = 0o644 << 16
            target.writestr(stamped, content)
    return restamped.getvalue()


def _numbered(config: str) -> str:
    """The configuration with its shared objects numbered from 1 in the order in which they occur."""
    numbers: dict[str, int] = {}
    return re.sub(
        r'("shared_object_id": )(\d+)',
        lambda found: f'{found[1]}{numbers.setdefault(found[2], len(numbers) + 1)}',
        config,
    )
