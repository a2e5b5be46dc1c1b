/** Counts predictions by day and by file. */
import { idTime } from '#platform';
import { recordedAnswers } from './recorded-answers.js';
import { Tally } from './tally.js';
import type { CountedPrediction, DayTally, FileTally } from './tally.repository.js';
import type { ScoreReader } from './version-scores.js';

export class StepCount {
  private readonly byDay = new Map<string, DayTally>();
  private readonly byFile = new Map<string, FileTally>();

  /**
   * @param content undefined where it is gone: then the rows alone count, as do those that were erased
   * @param read undefined where no version says what scores mean
   */
  add(prediction: CountedPrediction, content: Buffer | undefined, read: ScoreReader | undefined): void {
    const tallies = [this.dayOf(prediction).tally];
    if (prediction.source === 'file') tallies.push(this.fileOf(prediction).tally);
    for (const tally of tallies) tally.addPrediction(prediction.rowCount);
    if (!content) return;
    try {
      for (const answer of recordedAnswers(content)) {
        if (!answer) continue;
        const score = read?.scoreOf(answer.scores);
        for (const tally of tallies) {
          if (answer.label !== undefined) tally.addLabel(answer.label);
          if (read && score !== undefined) tally.addScore(read.kind, score);
        }
      }
    } catch (error) {
      if (!(error instanceof RangeError)) throw error; // altered by somebody: the verifier of the record tells it
    }
  }

  days(): DayTally[] {
    return [...this.byDay.values()];
  }

  files(): FileTally[] {
    return [...this.byFile.values()];
  }

  private dayOf({ id, source, versionId, modelName, version }: CountedPrediction): DayTally {
    const day = idTime(id).toISOString().slice(0, 10);
    const key = `${day} ${source} ${versionId}`;
    let found = this.byDay.get(key);
    if (!found) this.byDay.set(key, (found = { day, source, versionId, modelName, version, tally: new Tally() }));
    return found;
  }

  private fileOf({ admissionId }: CountedPrediction): FileTally {
    let found = this.byFile.get(admissionId);
    if (!found) this.byFile.set(admissionId, (found = { admissionId, tally: new Tally() }));
    return found;
  }
}
