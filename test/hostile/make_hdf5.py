"""Writes hdf5/*.h5.gz: HDF5 files that look like Keras models and are made to do harm.

They are committed; this is how they came about: `python3 test/hostile/make_hdf5.py` with h5py 3.16 (and its libraries).
Each holds a Dense layer whose weights, or something beside them, are not what they seem.
"""

import gzip
import json
import os
import struct
import tempfile
import zlib
from pathlib import Path

import h5py
import numpy as np

HERE = Path(__file__).parent / "hdf5"
KERNEL = "d/kernel:0"
eye = np.eye(4, dtype="f4")


def config(units, inputs):
    layers = [
        {"class_name": "InputLayer", "config": {"batch_input_shape": [None, inputs], "dtype": "float32", "name": "x"}},
        {"class_name": "Dense", "config": {"name": "d", "units": units, "activation": "linear", "use_bias": False}},
    ]
    return json.dumps({"class_name": "Sequential", "config": {"name": "m", "layers": layers}})


def model(path, units=4, inputs=4, **options):
    """An open file with a model's configuration, and the group where its only weight belongs."""
    file = h5py.File(path, "w", **options)
    file.attrs["keras_version"] = "2.15.0"
    file.attrs["model_config"] = config(units, inputs)
    layer = file.create_group("model_weights/d")
    layer.attrs["weight_names"] = [KERNEL.encode()]
    return file, layer


MAKERS = {}


def hostile(name, **options):
    """Registers a function that spoils the model it is given."""

    def register(spoil):
        def make(path):
            file, layer = model(path, **options)
            after = spoil(file, layer)
            file.close()
            if after:
                after(path)

        MAKERS[name] = make

    return register


def zeros(megabytes):
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(b"\0" * (1 << 20)) for _ in range(megabytes)) + packer.flush()


for name, storage in (("external-null", "/dev/null"), ("external-self", "model-1.h5")):
    hostile(name)(lambda f, d, storage=storage: d.create_dataset(KERNEL, (4, 4), "f4", external=[(storage, 0, 64)]) and None)


@hostile("virtual")
def _(file, layer):
    file.create_dataset("src", data=eye)
    layout = h5py.VirtualLayout(shape=(4, 4), dtype="f4")
    layout[:] = h5py.VirtualSource(".", "src", shape=(4, 4))
    layer.create_group("d").create_virtual_dataset("kernel:0", layout)


@hostile("virtual-empty")
def _(file, layer):
    layer.create_group("d").create_virtual_dataset("kernel:0", h5py.VirtualLayout(shape=(4, 4), dtype="f4"))


@hostile("external-behind-soft")
def _(file, layer):
    file["e"] = h5py.ExternalLink("/dev/null", "/")
    layer["s"] = h5py.SoftLink("/e/x")


# Never written: nothing but the fill value, for which the file needs no room.
@hostile("fill-2-40", units=2**20, inputs=2**20)
def _(file, layer):
    layer.create_dataset(KERNEL, (2**20, 2**20), "f4", chunks=(1024, 1024))


@hostile("fill-2-25", units=2**13, inputs=2**12)
def _(file, layer):
    layer.create_dataset(KERNEL, (2**12, 2**13), "f4", chunks=(1024, 1024))


@hostile("overflow", units=2**32, inputs=2**32)
def _(file, layer):
    layer.create_dataset(KERNEL, (2**31, 2**31), "f4", chunks=(1, 1))


@hostile("huge-chunk")
def _(file, layer):
    layer.create_dataset(KERNEL, (4, 4), "f4", maxshape=(None, None), chunks=(16384, 16384), compression="gzip")


@hostile("gzip-chunk")
def _(file, layer):
    """64 bytes that inflate to 1 GB."""
    kernel = layer.create_dataset(KERNEL, (4, 4), "f4", chunks=(4, 4), compression="gzip")
    kernel.id.write_direct_chunk((0, 0), zeros(1024))


@hostile("gzip-twice")
def _(file, layer):
    options = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    options.set_chunk((4, 4))
    options.set_deflate(9)
    options.set_filter(h5py.h5z.FILTER_DEFLATE, 0, (9,))
    group = layer.create_group("d")
    space = h5py.h5s.create_simple((4, 4))
    kernel = h5py.Dataset(h5py.h5d.create(group.id, b"kernel:0", h5py.h5t.IEEE_F32LE, space, options))
    kernel.id.write_direct_chunk((0, 0), zlib.compress(zeros(1024), 9))


for name, options in (
    ("szip", {"compression": "szip"}),
    ("lzf", {"compression": "lzf"}),
    ("scaleoffset", {"scaleoffset": 3}),
):
    hostile(name)(lambda f, d, options=options: d.create_dataset(KERNEL, data=eye, chunks=(4, 4), **options) and None)


@hostile("vlen-attribute")
def _(file, layer):
    """3001 texts that are all the same 4 MB of the file."""
    del layer.attrs["weight_names"]
    layer.attrs.create("weight_names", ["x" * (4 << 20)] + ["y"] * 3000, dtype=h5py.string_dtype())

    def alias(path):
        raw = bytearray(Path(path).read_bytes())
        length, first = struct.pack("<I", 4 << 20), struct.pack("<I", 1)
        at = raw.find(length)
        while raw[at + 12 : at + 16] != first:
            at = raw.find(length, at + 1)
        for index in range(3001):
            raw[at + 16 * index : at + 16 * index + 16] = raw[at : at + 16]
        Path(path).write_bytes(raw)

    return alias


@hostile("huge-attribute", libver="latest")
def _(file, layer):
    del file.attrs["model_config"]
    file.attrs["model_config"] = np.array(b" " * (17 << 20))


@hostile("many-attributes", libver="latest")
def _(file, layer):
    del layer.attrs["weight_names"]
    for part in range(26):
        layer.attrs[f"weight_names{part}"] = [b"x" * 5] * 1000


@hostile("null-attribute")
def _(file, layer):
    del file.attrs["model_config"]
    file.attrs["model_config"] = h5py.Empty("S10")


@hostile("references")
def _(file, layer):
    layer.create_dataset(KERNEL, (4, 4), dtype=h5py.ref_dtype)[:] = file.ref


@hostile("reference-names")
def _(file, layer):
    del layer.attrs["weight_names"]
    layer.attrs.create("weight_names", [file.ref], dtype=h5py.ref_dtype)
    layer.create_dataset(KERNEL, data=eye)


@hostile("soft-loop")
def _(file, layer):
    layer["a"] = h5py.SoftLink("/model_weights/d/b")
    layer["b"] = h5py.SoftLink("/model_weights/d/a")


@hostile("cyclic-hard")
def _(file, layer):
    layer["loop"] = file["model_weights"]


@hostile("cyclic-soft")
def _(file, layer):
    layer["loop"] = h5py.SoftLink("/")


@hostile("doubling")
def _(file, layer):
    """Two names for each group: 2^20 paths."""
    group = layer
    for _level in range(20):
        child = group.create_group("a")
        group["b"] = child
        group = child


@hostile("deep-groups")
def _(file, layer):
    group = layer
    for _level in range(80):
        group = group.create_group("a")


if __name__ == "__main__":
    HERE.mkdir(exist_ok=True)
    for name, make in MAKERS.items():
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "file.h5")
            make(path)
            (HERE / f"{name}.h5.gz").write_bytes(gzip.compress(Path(path).read_bytes(), 9, mtime=0))
