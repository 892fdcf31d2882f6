/** As a text field of a browser holds it: LF only. */
export const lines = (text: string | null): string => (text ?? '').replaceAll('\r\n', '\n')

/** Back in the line ends that the text had before somebody edited it. */
export const inLineEndsOf = (before: string | null, text: string): string =>
  before?.includes('\r\n') ? text.replaceAll('\n', '\r\n') : text
