"""Convert: a pickled scikit-learn estimator becomes a version that a server can verify."""
