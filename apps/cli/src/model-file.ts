/** Files that an operator names on the command line, read whole and in bounds. */
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { CommandError } from './command.js';

/**
 * The bytes of a model's file.
 * @throws CommandError where there is none, where it is no file (a folder, a pipe, a device), or larger than any that is imported
 */
export async function readModelFile(path: string): Promise<Buffer> {
  const { defaultImportLimits } = await import('#keras');
  const largest = defaultImportLimits.maxFileBytes;
  const file = openFile(path);
  try {
    const status = fstatSync(file);
    if (status.isDirectory()) throw new CommandError(`${path} is a folder, not a file.`);
    if (!status.isFile()) throw new CommandError(`${path} is not a file.`);
    if (status.size > largest)
      throw new CommandError(`${basename(path)} has ${status.size} bytes, at most ${largest} are read.`);
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

function openFile(path: string): number {
  try {
    // A pipe would be waited for until somebody writes to it; opened like this it is seen to be no file.
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new CommandError(`There is no file ${path}.`);
    throw error;
  }
}
