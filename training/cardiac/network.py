"""The network, Dense 14-7-1 behind a Normalization layer, and how it is trained."""

from __future__ import annotations

from training.backend import keras, seed_everything
from training.cardiac.cohort import COLUMNS, Cohort

EPOCHS = 60
BATCH_SIZE = 128
LEARNING_RATE = 5e-3
"""At the start; it falls to 0 along half a cosine (Loshchilov & Hutter 2017), so the last epochs only settle."""


def build_network(train: Cohort) -> keras.Model:
    """Six raw values in, the probability of risk out.

    The Normalization layer takes mean and variance from the training rows and is part of the saved model: a server
    gives raw values and cannot scale them differently from training.
    """
    normalization = keras.layers.Normalization(name='normalization')
    normalization.adapt(train.inputs)
    return keras.Sequential(
        [
            keras.Input((len(COLUMNS),), name='patient'),
            normalization,
            keras.layers.Dense(14, activation='relu', name='hidden_1'),
            keras.layers.Dense(7, activation='relu', name='hidden_2'),
            keras.layers.Dense(1, activation='sigmoid', name='risk'),
        ],
        name='cardiac_risk',
    )


def train_network(train: Cohort, validation: Cohort, seed: int, epochs: int) -> tuple[keras.Model, dict]:
    """Trains a network and returns it with its history: loss and accuracy per epoch on both sets.

    The number of epochs is fixed and the last weights are kept; the validation rows are only watched, never chosen by.
    """
    seed_everything(seed)
    model = build_network(train)
    steps = epochs * -(-len(train) // BATCH_SIZE)
    model.compile(
        optimizer=keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(LEARNING_RATE, steps)),
        loss='binary_crossentropy',
        metrics=['accuracy'],
    )
    history = model.fit(
        train.inputs,
        train.labels,
        validation_data=(validation.inputs, validation.labels),
        batch_size=BATCH_SIZE,
        epochs=epochs,
        verbose=0,
    )
    return model, history.history
