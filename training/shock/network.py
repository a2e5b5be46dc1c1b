"""The network, LSTM 50 and Dense 4, and how it is trained."""

from __future__ import annotations

import numpy as np

from training.backend import keras, seed_everything
from training.shock.pipeline import SAMPLES
from training.shock.signals import CLASSES, COLUMNS

UNITS = 50
EPOCHS = 20
BATCH_SIZE = 128
LEARNING_RATE = 2e-3
"""At the start; it falls to 0 along half a cosine (Loshchilov & Hutter 2017), so the last epochs only settle."""
WEIGHT_DECAY = 0.05
"""Decoupled from the gradient (Loshchilov & Hutter 2019)."""


def build_network() -> keras.Model:
    """A scaled window `[samples, columns]` in, the probability of each class out."""
    return keras.Sequential(
        [
            keras.Input((SAMPLES, len(COLUMNS)), name='window'),
            keras.layers.LSTM(UNITS, name='lstm'),
            keras.layers.Dense(len(CLASSES), activation='softmax', name='state'),
        ],
        name='haemodynamic_shock',
    )


def train_network(
    train: tuple[np.ndarray, np.ndarray], validation: tuple[np.ndarray, np.ndarray], seed: int, epochs: int
) -> tuple[keras.Model, dict]:
    """Trains a network on `(scaled windows [rows, samples, columns], labels [rows])`.

    Returns it with its history: loss and accuracy per epoch on both sets. The number of epochs is fixed and the last
    weights are kept.
    """
    seed_everything(seed)
    model = build_network()
    steps = epochs * -(-len(train[1]) // BATCH_SIZE)
    model.compile(
        optimizer=keras.optimizers.AdamW(
            keras.optimizers.schedules.CosineDecay(LEARNING_RATE, steps), weight_decay=WEIGHT_DECAY
        ),
        loss='sparse_categorical_crossentropy',
        metrics=['accuracy'],
    )
    history = model.fit(*train, validation_data=validation, batch_size=BATCH_SIZE, epochs=epochs, verbose=0)
    return model, history.history
