import type { PanelClient } from './panel-client.ts'

export interface Activity {
  user: string | null
  server: string
  event: string
  metadata: Record<string, unknown>
  ip: string
  timestamp: string
}

interface ActivityQueueOptions {
  panel: PanelClient
  now: () => number
}

const MOST_AT_ONCE = 100

/** What people did here without the panel. Rows that the panel refuses are sent again, for ever. */
export class ActivityQueue {
  rows: Activity[] = []
  #panel: PanelClient
  #sending: Promise<void> | null = null
  #now: () => number

  constructor({ panel, now }: ActivityQueueOptions) {
    this.#panel = panel
    this.#now = now
  }

  record(activity: Omit<Activity, 'timestamp' | 'metadata'> & { metadata?: Record<string, unknown> }): void {
    const nanoseconds = String(process.hrtime.bigint() % 1_000_000n).padStart(6, '0')
    const timestamp = new Date(this.#now()).toISOString().replace('Z', `${nanoseconds}Z`)
    this.rows.push({ ...activity, metadata: activity.metadata ?? {}, timestamp })
  }

  /** One request for what was done over SFTP, one for the rest. */
  send(): Promise<void> {
    // A batch that is still being repeated would be sent twice.
    this.#sending ??= this.#sendAll().finally(() => (this.#sending = null))
    return this.#sending
  }

  async #sendAll(): Promise<void> {
    const isOverSftp = ({ event }: Activity) => event.startsWith('server:sftp.')
    await Promise.all([this.#sendSome((row) => !isOverSftp(row)), this.#sendSome(isOverSftp)])
  }

  async #sendSome(belongs: (row: Activity) => boolean): Promise<void> {
    const batch = this.rows.filter(belongs).slice(0, MOST_AT_ONCE)
    if (batch.length === 0) return
    await this.#panel.post('/activity', { data: batch })
    this.rows = this.rows.filter((row) => !batch.includes(row))
  }
}
