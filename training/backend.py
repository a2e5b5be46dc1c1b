"""Keras on JAX, set up so that the same seed gives the same weights.

Import keras from here and nowhere else: the back end and XLA's flags only take effect before the first import.
"""

import os
import sys

if 'keras' in sys.modules or 'jax' in sys.modules:
    raise ImportError('training.backend must be imported before keras and jax')

os.environ['KERAS_BACKEND'] = 'jax'
os.environ['JAX_PLATFORMS'] = 'cpu'
# One thread per operation: sums are then added in the same order whatever the number of cores.
os.environ['XLA_FLAGS'] = (os.environ.get('XLA_FLAGS', '') + ' --xla_cpu_multi_thread_eigen=false').strip()

import jax  # noqa: E402
import keras  # noqa: E402

FRAMEWORK = f'keras {keras.__version__} on jax {jax.__version__}'
"""Name and version of what trains and answers, as manifests and golden rows state it."""


def seed_everything(seed: int) -> None:
    """Seeds Python, NumPy and Keras, so that weight initialisation and shuffling repeat."""
    keras.utils.set_random_seed(seed)


__all__ = ['FRAMEWORK', 'keras', 'seed_everything']
