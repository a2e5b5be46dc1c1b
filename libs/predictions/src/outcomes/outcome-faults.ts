/**
 * Outcomes against their audit events, for those who verify the record: the events are sealed, and each bears the digest of one
 * outcome. Sentences, as `LeafSource.besides` takes them.
 */

const MOST_FAULTS = 100;

/** As in `record/content.ts`: length, salt and JSON, or 0 and the digest; null where the bytes are neither. */
const DIGEST = `
  CASE substring(o.content FOR 4)
    WHEN int4send(octet_length(o.content) - 20) THEN encode(sha256(substring(o.content FROM 5)), 'hex')
    WHEN int4send(0) THEN encode(substring(o.content FROM 5), 'hex')
  END`;

/** Null for anything else: whoever forges an event must not end the verifier by it. */
const ifArray = (json: string): string => `CASE json_typeof(${json}) WHEN 'array' THEN ${json} END`;

/** What is gone with the prediction itself is told of the prediction. */
export const OUTCOME_FAULTS = `
  WITH events AS MATERIALIZED (
    SELECT details ->> 'outcome' AS outcome_id, target_id, actor_id, details ->> 'row' AS row_index,
           details ->> 'revision' AS revision, details ->> 'digest' AS digest
      FROM audit_events WHERE action = 'prediction.outcome-recorded'
  ), erased AS MATERIALIZED (
    SELECT prediction ->> 0 AS prediction_id, row_index
      FROM audit_events
     CROSS JOIN LATERAL json_array_elements(${ifArray("details -> 'rows'")}) AS prediction
     CROSS JOIN LATERAL json_array_elements_text(${ifArray('prediction -> 1')}) AS row_index
     WHERE action = 'subject.erased'
  )
  SELECT 'The outcome ' || o.id || ' was inserted: no audit event tells of it.' AS fault
    FROM outcomes AS o WHERE NOT EXISTS (SELECT FROM events AS e WHERE e.outcome_id = o.id::text)
  UNION ALL
  SELECT 'The outcome ' || o.id || ' was altered: its audit event tells of another one.'
    FROM outcomes AS o
    JOIN events AS e ON e.outcome_id = o.id::text
   WHERE (e.target_id, e.actor_id, e.row_index, e.revision, e.digest)
         IS DISTINCT FROM (o.prediction_id::text, o.user_id, o.row_index::text, o.revision::text, ${DIGEST})
  UNION ALL
  SELECT 'What the outcome ' || o.id || ' says is gone, and no recorded act erased it.'
    FROM outcomes AS o
   WHERE substring(o.content FOR 4) = int4send(0)
     AND NOT EXISTS (
       SELECT FROM erased AS a WHERE a.prediction_id = o.prediction_id::text AND a.row_index = o.row_index::text)
  UNION ALL
  SELECT 'The outcome ' || e.outcome_id || ' was deleted: only its audit event is there.'
    FROM events AS e
   WHERE NOT EXISTS (SELECT FROM outcomes AS o WHERE o.id::text = e.outcome_id)
     AND EXISTS (
       SELECT FROM predictions AS p WHERE p.id = CASE WHEN e.target_id ~ '^[0-9a-f-]{36}$' THEN e.target_id::uuid END)
  LIMIT ${MOST_FAULTS}`;
