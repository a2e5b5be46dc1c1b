"""`python -m training.penguins`: three classifiers of the Palmer penguins, as versions of one model."""

from training.classifier_command import run_subject
from training.penguins.subject import RECIPES, SUBJECT, read_penguins

WHERE = 'the penguins of https://allisonhorst.github.io/palmerpenguins as CSV, with names or codes'

if __name__ == '__main__':
    raise SystemExit(run_subject(SUBJECT, RECIPES, read_penguins, 'penguins.csv', WHERE))
