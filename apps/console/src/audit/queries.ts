/** What the audit page asks for. */
import { queryOptions } from '@tanstack/react-query';
import { dataOf, latido, type Schemas } from '../api/latido';
import { pagesOf } from '../api/pages-of';
import { signatureHolds } from './ed25519';

export type AuditEvent = Schemas['AuditEventDto'];
export type AuditProof = Schemas['AuditProofDto'];
export type Checkpoint = Schemas['AuditCheckpointDto'];
export type Verification = Schemas['AuditVerificationDto'];
export type VerificationProgress = Schemas['AuditProgressDto'];

export interface EventFilters {
  readonly action?: AuditEvent['action'];
  readonly targetType?: AuditEvent['target']['type'];
  readonly targetId?: string;
  readonly actorKind?: AuditEvent['actor']['kind'];
  readonly actorId?: string;
  /** Instants, ISO 8601. */
  readonly from?: string;
  readonly to?: string;
}

const A_PAGE = 50;
/** An event is in a chain a moment after it was written: the oldest of so many surely is. */
const SURELY_SEALED = 20;

export const eventsQuery = (filters: EventFilters) =>
  pagesOf(['audit', 'events', filters], (cursor, signal) =>
    dataOf(latido.GET('/v1/audit/events', { params: { query: { ...filters, limit: A_PAGE, cursor } }, signal })),
  );

export const checkpointsQuery = pagesOf(['audit', 'checkpoints'], (cursor, signal) =>
  dataOf(latido.GET('/v1/audit/checkpoints', { params: { query: { limit: A_PAGE, cursor } }, signal })),
);

export const proofQuery = (id: string) =>
  queryOptions({
    queryKey: ['audit', 'proofs', id],
    queryFn: ({ signal }) => dataOf(latido.GET('/v1/audit/proofs/{id}', { params: { path: { id } }, signal })),
    // Of what is sealed nothing changes.
    staleTime: Infinity,
  });

/** The public key that signs now. It comes with proofs alone: null while there is nothing to prove. */
export const signerQuery = queryOptions({
  queryKey: ['audit', 'signer'],
  queryFn: async ({ signal }): Promise<{ readonly kid: string; readonly publicKey: string } | null> => {
    const { data } = await dataOf(
      latido.GET('/v1/audit/events', { params: { query: { limit: SURELY_SEALED } }, signal }),
    );
    const oldest = data.at(-1);
    if (!oldest) return null;
    const { batch, publicKey } = await dataOf(
      latido.GET('/v1/audit/proofs/{id}', { params: { path: { id: oldest.id } }, signal }),
    );
    return { kid: batch.kid, publicKey };
  },
  staleTime: 5 * 60_000,
});

/** Null: this browser cannot tell. */
export const checkpointSignatureQuery = ({ id, statement, signature }: Checkpoint, publicKey: string) =>
  queryOptions({
    queryKey: ['audit', 'checkpoint-signature', id, publicKey],
    queryFn: async () => (await signatureHolds(statement, signature, publicKey)) ?? null,
    staleTime: Infinity,
  });
