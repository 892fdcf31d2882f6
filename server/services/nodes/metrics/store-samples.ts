import type pg from 'pg'
import type { Sample } from './read-sample'
import { WINDOWS } from './windows'

const KEPT = Object.values(WINDOWS)
  .map(({ seconds, slots }) => `(${seconds}, ${slots})`)
  .join(', ')

/** A mean that counts one more: where nothing was known before or now, what is known stands. */
const joined = (column: string) =>
  `coalesce(m.${column} + (excluded.${column} - m.${column}) / (m.samples + 1), excluded.${column}, m.${column})`
const MEANS = ['cpu_mean', 'memory_mean', 'received_per_second', 'sent_per_second']
const HIGHEST = ['cpu_max', 'memory_max']
/** What is known of the newest sample stands for the bucket. */
const NEWEST = ['disk_bytes', 'running_servers']

const kept = [
  ...MEANS.map(
    (column) =>
      `${column} = case when m.bucket_at = excluded.bucket_at then ${joined(column)} else excluded.${column} end`,
  ),
  ...HIGHEST.map(
    (column) =>
      `${column} = case when m.bucket_at = excluded.bucket_at then greatest(m.${column}, excluded.${column}) else excluded.${column} end`,
  ),
  ...NEWEST.map(
    (column) =>
      `${column} = case when m.bucket_at = excluded.bucket_at then coalesce(excluded.${column}, m.${column}) else excluded.${column} end`,
  ),
].join(', ')

// A node that was deleted while it was asked has no row any more. What an older clock says of a newer bucket is left out.
const STORE = `insert into node_metrics as m (node_id, resolution, slot, bucket_at, samples,
    cpu_mean, cpu_max, memory_mean, memory_max, disk_bytes, received_per_second, sent_per_second, running_servers)
  select s.node_id, r.seconds, ($1::bigint / r.seconds) % r.slots,
    to_timestamp(($1::bigint / r.seconds) * r.seconds) at time zone 'utc', 1,
    s.cpu, s.cpu, s.memory, s.memory, s.disk, s.received, s.sent, s.running
  from unnest($2::text[], $3::real[], $4::bigint[], $5::bigint[], $6::real[], $7::real[], $8::smallint[])
    as s(node_id, cpu, memory, disk, received, sent, running)
  inner join wings_nodes node on node.id = s.node_id
  cross join (values ${KEPT}) as r(seconds, slots)
  on conflict (node_id, resolution, slot) do update set
    ${kept}, samples = case when m.bucket_at = excluded.bucket_at then m.samples + 1 else 1 end, bucket_at = excluded.bucket_at
  where m.bucket_at <= excluded.bucket_at`

/** Puts samples of one second into all three rings, in one statement. */
export async function storeSamples(client: pg.ClientBase, second: number, samples: readonly Sample[]): Promise<void> {
  if (samples.length === 0) return
  const column = <Name extends keyof Sample>(name: Name) => samples.map((sample) => sample[name])
  const whole = (values: readonly (number | null)[]) => values.map((value) => value && Math.round(value))
  await client.query({
    name: 'store_node_samples',
    text: STORE,
    values: [
      second,
      column('nodeId'),
      column('cpuPercent'),
      whole(column('memoryBytes')),
      whole(column('diskBytes')),
      column('receivedPerSecond'),
      column('sentPerSecond'),
      column('runningServers'),
    ],
  })
}
