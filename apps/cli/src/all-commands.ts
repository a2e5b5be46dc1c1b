/** Every command, in the order of the help. */
import type { Command } from './command.js';
import { dropMonths, publicKey, rotateKey } from './commands/audit-keep.js';
import { auditVerify } from './commands/audit-verify.js';
import { backup } from './commands/backup.js';
import { config } from './commands/config.js';
import { exportKeras } from './commands/keras-export.js';
import { inspectKeras } from './commands/keras-inspect.js';
import { verifyKeras } from './commands/keras-verify.js';
import { inspectModelFile } from './commands/models-inspect.js';
import { addModel, listModels } from './commands/models.js';
import { restore } from './commands/restore.js';
import { eraseSubjects } from './commands/subjects.js';
import { inviteUser, resetPassword } from './commands/users.js';

export const commands: readonly Command[] = [
  config,
  backup,
  restore,
  auditVerify,
  publicKey,
  rotateKey,
  dropMonths,
  eraseSubjects,
  inviteUser,
  resetPassword,
  addModel,
  listModels,
  inspectModelFile,
  inspectKeras,
  verifyKeras,
  exportKeras,
];
