/** Why a start failed, for the operator: the variable that is at fault, what is wrong, and what would be right. */
import { resolve, sep } from 'node:path';
import {
  DatabaseRefusedError,
  DataFolderInUseError,
  DataFolderVersionError,
  RedisRefusedError,
  variables,
  type LatidoConfig,
} from '#platform';

const FOR_OPERATORS = [DatabaseRefusedError, DataFolderInUseError, DataFolderVersionError, RedisRefusedError];

/** @returns undefined when the reason is none of the operator's: then the stack is of use. */
export function explainStartFailure(
  error: unknown,
  { http, dataDir, database, legacy }: LatidoConfig,
): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (FOR_OPERATORS.some((kind) => error instanceof kind)) return error.message;
  const {
    code = '',
    syscall,
    path,
    hostname,
    port,
  } = error as NodeJS.ErrnoException & { hostname?: string; port?: number };
  // Of a worker, whose primary listens for it, Node says `bind`.
  const listening = syscall === 'listen' || syscall === 'bind';
  const older = listening ? legacy.ports.find((place) => place.port === port) : undefined;
  if (older && (code === 'EADDRINUSE' || code === 'EACCES')) {
    const why = code === 'EACCES' ? 'may not be opened by this user' : 'is in use by another program';
    return `LEGACY_PORTS gives ${older.name} the port ${older.port}, which ${why} on ${http.host}. Example: LEGACY_PORTS=${older.name}:5001`;
  }
  if (listening && code === 'EADDRINUSE') {
    return `PORT ${http.port} on ${http.host} is in use by another program. Stop that one, or set another. Example: PORT=${http.port === 65_535 ? 3000 : http.port + 1}`;
  }
  if (listening && code === 'EACCES')
    return `PORT ${http.port} may not be opened by this user: take one above 1023. Example: PORT=3000`;
  if (listening || hostname === http.host)
    return `HOST ${http.host} is not an address of this machine (${code}). Example: HOST=127.0.0.1`;
  if (path !== undefined && (resolve(path) === dataDir || resolve(path).startsWith(dataDir + sep))) {
    return `DATA_DIR ${dataDir} cannot be used: ${error.message}. It must be a folder that this user may write. Example: DATA_DIR=./data`;
  }
  // SQLSTATE insufficient_privilege, of the migrations or of the first query after them.
  if (code === '42501' && database.url !== undefined) {
    return `DATABASE_OWNER_URL must name the role that owns the database, and DATABASE_URL the same database (${error.message}). Example: DATABASE_OWNER_URL=${variables.DATABASE_OWNER_URL.example}`;
  }
  return undefined;
}
