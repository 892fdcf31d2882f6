const SECOND_MS = 1000
const FORGET_AFTER_MS = 5 * SECOND_MS

/** When a node last took that somebody's tokens no longer count, by his id. */
const denials = new Map<string, number>()

/** A node was told, by this process or another one. */
export function noteDenial(userId: string, atMs = Date.now()): void {
  for (const [other, ms] of denials) if (atMs - ms > FORGET_AFTER_MS) denials.delete(other)
  denials.set(userId, atMs)
}

/**
 * Waits until what is signed for somebody now counts. Tokens say the second of their signing and a node knows the moment
 * from which it refuses, so one of the same second is refused too. A token that named a later second would outlive the
 * next denial.
 */
export async function untilTokensCount(userId: string): Promise<void> {
  const deniedAt = denials.get(userId)
  if (deniedAt === undefined) return
  const countsFrom = (Math.floor(deniedAt / SECOND_MS) + 1) * SECOND_MS
  // A timer may run out a moment before the clock says so.
  while (Date.now() < countsFrom) await new Promise((resolve) => setTimeout(resolve, countsFrom - Date.now()))
}
