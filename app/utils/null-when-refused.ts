/** Null where the panel refused for a reason that the page has a state of its own for; whatever else went wrong goes on. */
export const nullWhenRefused =
  (...reasons: string[]) =>
  (error: unknown): null => {
    if (reasons.includes(failuresOf(error)[0].meta.reason ?? '')) return null
    throw error
  }
