/** The processor that computes: its instruction set decides how sums are rounded. */
import { arch, cpus } from 'node:os';

/** For instance `x64 AMD EPYC 7763 64-Core Processor`. */
export function processorName(): string {
  return [arch(), cpus()[0]?.model.trim()].filter(Boolean).join(' ');
}
