export { registerAccessLog } from './access-log.js';
export { listMigrations } from './backup/catalogue.js';
export { BackupError, type BackupSummary } from './backup/format.js';
export { checkBackup } from './backup/read-backup.js';
export { restoreBackup, type RestoreBackupOptions } from './backup/restore-backup.js';
export { writeBackup, type WriteBackupOptions } from './backup/write-backup.js';
export { BoundedMap } from './cache/bounded-map.js';
export { ChangeFeed, type Change } from './cache/change-feed.js';
export { gathered } from './cache/gathered.js';
export { CachedReads, ReadCache } from './cache/read-cache.js';
export {
  ConfigError,
  effectiveVariables,
  startEnvironment,
  LatidoConfig,
  loadConfig,
  type EffectiveVariable,
  type S3Settings,
} from './config/config.js';
export { readEd25519PrivateKey, readP256PrivateKey } from './config/configured-files.js';
export { LEGACY_NAMES, type LegacyName, type LegacyPort } from './config/legacy-parsers.js';
export { USERNAME_PATTERN } from './config/parsers.js';
export { quietNativeTensorFlow } from './config/native-logs.js';
export { variableEntries, variables } from './config/variables.js';
export { DataFolder } from './data-folder.js';
export { CopyBuffer } from './database/copy-buffer.js';
export { copyIn } from './database/copy-in.js';
export { copyRows, type CopyRow } from './database/copy-rows.js';
export { createDataSource, pool, type DatabaseAccess } from './database/data-source.js';
export {
  brokenUniqueConstraint,
  DATABASE_RETRY_SECONDS,
  isDatabaseUnavailable,
  isUnstorableText,
  withoutMessage,
} from './database/database-errors.js';
export { DataFolderInUseError, DataFolderVersionError, EmbeddedPostgres } from './database/embedded-postgres.js';
export { promptly } from './database/promptly.js';
export { withClient } from './database/with-client.js';
export { freePort } from './database/processes.js';
export { migrate, type Migration, type MigrateResult, type Schema } from './database/migrate.js';
export {
  DatabaseRefusedError,
  NoDatabaseError,
  openDatabase,
  openDatabaseForCommand,
  type OpenDatabase,
} from './database/open-database.js';
export {
  defineErrors,
  DomainError,
  errorCatalogue,
  platformErrors,
  type ErrorKind,
  type FieldError,
} from './errors.js';
export { Housekeeping } from './housekeeping.js';
export { AcceptsForm, ReadsUpTo, registerBodyParsers } from './http/body.js';
export { ReadsBytes } from './http/byte-body.js';
export {
  Authenticated,
  Costs,
  DuringPasswordChange,
  FreshTokens,
  LoopbackOrAdmin,
  NoApiKeys,
  OrAnonymous,
  Public,
  PUBLIC_RULE,
  Roles,
  type AccessRule,
  type Cost,
} from './http/access.js';
export { registerBodyDeadline, takesItsTime } from './http/body-deadline.js';
export { AcceptsCsv, CsvBody } from './http/csv-body.js';
export { Direct, registerDirectRoutes, type DirectHandler } from './http/direct-route.js';
export { LeanResponse } from './http/lean-response.js';
export { Jobs, type JobHandler } from './jobs/jobs.js';
export { ReadsBodyOfGet } from './http/get-body.js';
export { IsInstant } from './http/instant.js';
export { isTooDeepToParse } from './http/json-depth.js';
export { pointerName, pointerToken } from './http/json-pointer.js';
export { AcceptsFile, isFileBody, writeFileBody } from './http/file-body.js';
export { headerText } from './http/header-text.js';
export { registerHeadOfStreams } from './http/head-of-streams.js';
export {
  AcceptsMultipart,
  FormDeadline,
  readMultipart,
  type MultipartLimits,
  type MultipartPart,
} from './http/multipart.js';
export { routeConfigOf } from './http/route-config.js';
export { AlsoWithSlash, ReadsPythonJson, ReadsUntypedJson, registerRouteForms } from './http/route-forms.js';
export { registerUnrouted } from './http/unrouted.js';
export { PageQuery } from './http/page-query.dto.js';
export { afterId, afterKey, DEFAULT_PAGE_SIZE, toPage, toPageBy, type Page } from './http/pagination.js';
export { Caller, Origin, ROLES, type Principal, type RequestOrigin, type Role } from './http/principal.js';
export {
  ApiProblemResponse,
  FieldErrorDto,
  ProblemDto,
  ProblemFilter,
  refuseUnreadable,
  refuseUnroutable,
  RefusesWith,
  toProblem,
} from './http/problem.filter.js';
export { isRecordableJson, isRecordableText, UNRECORDABLE } from './http/recordable-text.js';
export { PARTS, PartTimings, registerRequestState, RequestState, requestIdOf } from './http/request-state.js';
export { acceptsEvents, EVENT_STREAM, ServerSentEvents, type ServerSentEvent } from './http/server-sent-events.js';
export { createValidationPipe, faultCount, invalidRequest } from './http/validation.js';
export { idFloor, idTime, idTimeMs, newId, newIdAfter, UUID_PATTERN } from './ids.js';
export { createLogger, NestLogger } from './logging.js';
export { type Distribution } from './distribution.js';
export { Metrics, registerHttpMetrics } from './metrics.js';
export { cumulativePart, mergeMetrics, type MetricSnapshot } from './metrics-of-processes.js';
export { PlatformModule } from './platform.module.js';
export { DATABASE_ACCESS } from './tokens.js';
export { Readiness } from './readiness.js';
export { isoTime, milliseconds } from './texts.js';
export { latidoVersion } from './version.js';
export { RedisConnection, type ReturnHook } from './redis/redis-connection.js';
export {
  clockOf,
  RedisRefusedError,
  RedisScript,
  RedisUnavailableError,
  type RunScript,
} from './redis/redis-script.js';
