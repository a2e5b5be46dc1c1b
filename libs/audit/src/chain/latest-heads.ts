/** Where chains end, in SQL: rows of HeadReference in the order of the chains. */

/** @param condition on `shards` and on `latest`, the last batch of each; left out, all that have one */
export function latestHeads(condition = ''): string {
  return `
    SELECT shards.id AS shard, latest.seq::float8 AS seq, encode(latest.head, 'hex') AS head
      FROM audit_shards AS shards
     CROSS JOIN LATERAL (
       SELECT seq, head FROM audit_batches WHERE shard = shards.id ORDER BY seq DESC LIMIT 1
     ) AS latest
     ${condition}
     ORDER BY shards.id`;
}
