/** How far a command is: a bar that is drawn over and over on a terminal, a line now and then anywhere else. */

const WIDTH = 24;
/** Between two drawings. */
const DRAW_EVERY_MS = 50;

export interface Bar {
  /** @param done of the total */
  to(done: number, label?: string): void;
  end(): void;
}

/** @param unit shown behind the numbers: `MB` */
export type OpenBar = (label: string, total: number, unit: string) => Bar;

/** @param attended somebody watches what `write` writes */
export function barsOn(write: (text: string) => void, attended: boolean): OpenBar {
  return (label, total, unit) => (attended ? drawn(write, label, total, unit) : written(write, label));
}

function drawn(write: (text: string) => void, first: string, total: number, unit: string): Bar {
  let [label, drawnAt, done] = [first, -Infinity, 0];
  const draw = (): void => {
    const share = total === 0 ? 1 : Math.min(done / total, 1);
    const filled = Math.round(share * WIDTH);
    write(`\r\x1b[K${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ${label} ${shown(done)}/${shown(total)} ${unit}`);
    drawnAt = performance.now();
  };
  draw();
  return {
    to(value, next = label) {
      const changed = next !== label;
      [done, label] = [value, next];
      if (changed || performance.now() - drawnAt > DRAW_EVERY_MS) draw();
    },
    end() {
      write('\r\x1b[K');
    },
  };
}

function written(write: (text: string) => void, first: string): Bar {
  let label = first;
  write(`${label}\n`);
  return {
    to(_value, next = label) {
      if (next !== label) write(`${next}\n`);
      label = next;
    },
    end: () => undefined,
  };
}

function shown(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
}
