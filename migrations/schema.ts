/** All migrations, in order, the tables that make up the record, and those that migrations fill. Named one by one: a glob would find other files in dist. */
import { Accounts1763700000001 } from './1763700000001-accounts.js';
import { Plans1763700000002 } from './1763700000002-plans.js';
import { ModelRegistry1763700000003 } from './1763700000003-model-registry.js';
import { Predictions1763700000004 } from './1763700000004-predictions.js';
import { Audit1763700000005 } from './1763700000005-audit.js';
import { SealedRecord1763700000006 } from './1763700000006-sealed-record.js';
import { Outcomes1763700000007 } from './1763700000007-outcomes.js';
import { ModelGovernance1763700000008 } from './1763700000008-model-governance.js';
import { ArtifactChunks1763700000009 } from './1763700000009-artifact-chunks.js';
import { Batches1763700000010, JOBS_SCHEMA } from './1763700000010-batches.js';
import { JobsOnce1763700000011 } from './1763700000011-jobs-once.js';
import { ReusableRefreshTokens1763700000012 } from './1763700000012-reusable-refresh-tokens.js';
import { LegacyPredictionNumbers1763700000013 } from './1763700000013-legacy-prediction-numbers.js';
import { LegacyLabPointer1763700000014 } from './1763700000014-legacy-lab-pointer.js';
import { FirstStart1763700000015 } from './1763700000015-first-start.js';
import { BatchesOfUsers1763700000016 } from './1763700000016-batches-of-users.js';
import { ListIndexes1763700000017 } from './1763700000017-list-indexes.js';
import { VersionExamples1763700000018 } from './1763700000018-version-examples.js';
import { PredictionTallies1763700000019 } from './1763700000019-prediction-tallies.js';

export const schema = {
  migrations: [
    Accounts1763700000001,
    Plans1763700000002,
    ModelRegistry1763700000003,
    Predictions1763700000004,
    Audit1763700000005,
    SealedRecord1763700000006,
    Outcomes1763700000007,
    ModelGovernance1763700000008,
    ArtifactChunks1763700000009,
    Batches1763700000010,
    JobsOnce1763700000011,
    ReusableRefreshTokens1763700000012,
    LegacyPredictionNumbers1763700000013,
    LegacyLabPointer1763700000014,
    FirstStart1763700000015,
    BatchesOfUsers1763700000016,
    ListIndexes1763700000017,
    VersionExamples1763700000018,
    PredictionTallies1763700000019,
  ],
  appendOnlyTables: [
    'provenances',
    'predictions',
    'prediction_contents',
    'prediction_subjects',
    'outcomes',
    'audit_keys',
    'audit_shards',
    'audit_batches',
    'audit_events',
    'audit_event_seals',
    'audit_checkpoints',
    'request_log',
    'activations',
    'traffic_changes',
  ],
  seededTables: ['plans'],
  otherSchemas: [JOBS_SCHEMA],
};
