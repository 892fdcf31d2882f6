const ESCAPE = String.fromCharCode(27)
const SGR = new RegExp(`^\\${ESCAPE}?\\[[\\d;:]*m$`)

/** CSI, then strings (OSC, DCS, APC, PM, SOS, a title of screen) with their end, then two-character escapes; 8-bit forms too. */
const SEQUENCES = new RegExp(
  [
    '(?:\\x1b\\[|\\x9b)[0-?]*[ -/]*[@-~]',
    '(?:\\x1b[\\]PX^_k]|[\\x9d\\x90\\x98\\x9e\\x9f])[^\\x07\\x1b\\x9c]*(?:\\x07|\\x1b\\\\|\\x9c)?',
    '\\x1b[ -/]*[0-~]?',
  ].join('|'),
  'g',
)

const CONTROLS = new RegExp('[\\x00-\\x08\\x0b-\\x1a\\x1c-\\x1f\\x7f-\\x9f]', 'g')

/**
 * One line as a terminal may see it: its text and its colours. Whatever moves, asks, titles, copies or resets is taken
 * out, since a game prints what its players type. Of a line that was written over itself the last writing stays.
 */
export function consoleLine(raw: string): string {
  const line = raw.replace(/[\r\n]+$/, '')
  const last = line.slice(line.lastIndexOf('\r') + 1)
  const coloured = last.replace(SEQUENCES, (sequence) => (SGR.test(sequence) ? sequence : ''))
  return coloured.replace(CONTROLS, '')
}

/** The same without colours, for a file, a search or a reader. */
export const plainLine = (line: string): string => line.replace(SEQUENCES, '').replace(CONTROLS, '')
