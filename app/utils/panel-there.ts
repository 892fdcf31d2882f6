/** Whether the panel works, its database with it. */
export async function isPanelThere(): Promise<boolean> {
  try {
    return (await fetch('/api/health')).ok
  } catch {
    return false
  }
}
