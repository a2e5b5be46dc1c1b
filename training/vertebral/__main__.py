"""`python -m training.vertebral`: a classifier of UCI's Vertebral Column patients."""

from training.classifier_command import run_subject
from training.vertebral.subject import RECIPES, SUBJECT, read_vertebral

WHERE = 'the three-class file of https://doi.org/10.24432/C5K89B as CSV, with a header'

if __name__ == '__main__':
    raise SystemExit(run_subject(SUBJECT, RECIPES, read_vertebral, 'vertebral_column_3C.csv', WHERE))
