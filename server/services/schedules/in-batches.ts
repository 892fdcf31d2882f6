/**
 * One statement for what many ask at nearly the same moment: whoever comes while a batch is under way is part of the next.
 * Alone, nobody waits.
 */
export function inBatches<Item, Result>(
  most: number,
  flush: (items: Item[]) => Promise<(item: Item) => Result>,
): (item: Item) => Promise<Result> {
  let waiting: { item: Item; resolve: (result: Result) => void; reject: (error: unknown) => void }[] = []
  let isFlushing = false

  async function flushAll(): Promise<void> {
    isFlushing = true
    while (waiting.length > 0) {
      const batch = waiting.slice(0, most)
      waiting = waiting.slice(most)
      try {
        const resultOf = await flush(batch.map(({ item }) => item))
        for (const { item, resolve } of batch) resolve(resultOf(item))
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    isFlushing = false
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (!isFlushing) void flushAll()
    })
}
