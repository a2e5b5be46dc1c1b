"""The haemodynamic-shock model: an LSTM on windows of nine monitored signs. `python -m training.shock` makes it."""
