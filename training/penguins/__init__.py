"""Penguins: three classifiers of the Palmer penguins."""
