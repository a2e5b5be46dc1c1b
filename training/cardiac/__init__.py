"""The cardiac-risk model: Dense 14-7-1 on six values of one patient. `python -m training.cardiac` makes it."""
