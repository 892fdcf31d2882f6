import { vi } from 'vitest'
import { usePool, useReader } from '#server/database/client'

/** The statements that an action sends outside of transactions, 200 characters of each. */
export async function statementsOf(action: () => Promise<unknown>): Promise<string[]> {
  const spies = [vi.spyOn(usePool(), 'query'), vi.spyOn(useReader(), 'query')]
  try {
    await action()
    const sent = spies.flatMap(({ mock }): unknown[][] => mock.calls).map(([given]) => given as { text?: string })
    return sent.map((given) => String(given.text ?? given).slice(0, 200))
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
}
