let count = 1

/** How many panel processes share this database, as last seen. */
export const liveProcesses = (): number => count

export function setLiveProcesses(live: number): void {
  count = Math.max(1, live)
}
