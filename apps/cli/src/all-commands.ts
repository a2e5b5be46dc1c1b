/** Every command, in the order of the help. */
import type { Command } from './command.js';
import { dropMonths, publicKey, rotateKey } from './commands/audit-keep.js';
import { auditVerify } from './commands/audit-verify.js';
import { backup } from './commands/backup.js';
import { config } from './commands/config.js';
import { exportKeras } from './commands/keras-export.js';
import { inspectKeras } from './commands/keras-inspect.js';
import { verifyKeras } from './commands/keras-verify.js';
import { compareModels, listModels, showModel } from './commands/models-list.js';
import { publishModel, pullModel } from './commands/models-publish.js';
import { activateModel, gateModel, modelPolicy, modelTraffic, rollBackModel } from './commands/models-service.js';
import { inspectModelFile } from './commands/models-inspect.js';
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
  listModels,
  showModel,
  publishModel,
  pullModel,
  compareModels,
  gateModel,
  activateModel,
  rollBackModel,
  modelPolicy,
  modelTraffic,
  inspectModelFile,
  inspectKeras,
  verifyKeras,
  exportKeras,
];
