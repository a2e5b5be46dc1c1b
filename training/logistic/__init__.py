"""Logistic: a generalised linear model of a yes or no in any table."""
