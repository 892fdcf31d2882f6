import type { FormErrorEvent } from '@nuxt/ui'

/** After a refused submit the reader stands at the first field that is wrong. */
export function focusFirstFault({ errors }: FormErrorEvent): void {
  const fields = errors
    .map(({ id }) => id && document.getElementById(id))
    .filter((field) => field instanceof HTMLElement)
  const [first] = fields.toSorted((one, other) =>
    one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1,
  )
  // Its sentence is not on the page yet.
  if (first) void nextTick(() => standAt(first))
}

/** Also where it has the focus already: its sentence is to be seen, whatever stands at the foot of the page. */
export function standAt(field: HTMLElement): void {
  field.focus({ preventScroll: true })
  field.scrollIntoView({ block: 'nearest' })
}
