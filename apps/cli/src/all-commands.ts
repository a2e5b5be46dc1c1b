/** Every command, in the order of the help. */
import type { Command } from './command.js';
import { auditVerify } from './commands/audit-verify.js';
import { backup } from './commands/backup.js';
import { config } from './commands/config.js';
import { exportKeras } from './commands/keras-export.js';
import { inspectKeras } from './commands/keras-inspect.js';
import { verifyKeras } from './commands/keras-verify.js';
import { addModel, listModels } from './commands/models.js';
import { restore } from './commands/restore.js';
import { inviteUser, resetPassword } from './commands/users.js';

export const commands: readonly Command[] = [
  config,
  auditVerify,
  backup,
  restore,
  inviteUser,
  resetPassword,
  addModel,
  listModels,
  inspectKeras,
  verifyKeras,
  exportKeras,
];
