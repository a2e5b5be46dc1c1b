"""Training kit: makes the model versions that ship under models/. Serving never needs it."""
