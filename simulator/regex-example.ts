const CLASSES: Record<string, string> = {
  d: '1',
  w: 'a',
  s: ' ',
  D: 'a',
  W: ' ',
  S: 'a',
  b: '',
  B: '',
  t: '\t',
  n: '\n',
}

/**
 * A text that a start-up expression of an egg matches. Groups give their first branch, sets their first member,
 * repetitions the fewest; look-arounds and back references, which RE2 does not have either, are not understood.
 */
export function exampleOf(expression: string): string {
  return branch({ source: expression.replace(/^\(\?[a-z]+\)/, ''), at: 0 })
}

interface Cursor {
  source: string
  at: number
}

/** Up to the end of the group; branches after the first are read over. */
function branch(cursor: Cursor): string {
  let example = ''
  let isFirst = true
  while (cursor.at < cursor.source.length && cursor.source[cursor.at] !== ')') {
    if (cursor.source[cursor.at] === '|') {
      isFirst = false
      cursor.at += 1
      continue
    }
    const one = repeated(cursor, atom(cursor))
    if (isFirst) example += one
  }
  return example
}

function atom(cursor: Cursor): string {
  const sign = cursor.source[cursor.at++] ?? ''
  if (sign === '^' || sign === '$') return ''
  if (sign === '.') return 'x'
  if (sign === '\\') return escaped(cursor)
  if (sign === '[') return member(cursor)
  if (sign !== '(') return sign

  const opened = /^\?(?:P?<\w+>|[a-z]*:)/.exec(cursor.source.slice(cursor.at))
  cursor.at += opened?.[0].length ?? 0
  const inner = branch(cursor)
  cursor.at += 1
  return inner
}

function escaped(cursor: Cursor): string {
  const sign = cursor.source[cursor.at++] ?? ''
  return CLASSES[sign] ?? sign
}

function member(cursor: Cursor): string {
  const end = cursor.source.indexOf(']', cursor.at + 1)
  const set = cursor.source.slice(cursor.at, end)
  cursor.at = end + 1
  if (!set.startsWith('^')) return set.startsWith('\\') ? (CLASSES[set[1] ?? ''] ?? set[1] ?? '') : (set[0] ?? '')

  const isIn = new RegExp(`[${set.slice(1)}]`)
  return [...'a1 x-_'].find((one) => !isIn.test(one)) ?? '~'
}

function repeated(cursor: Cursor, one: string): string {
  const sign = /^(?:[*+?]|\{(\d+)(?:,\d*)?\})\??/.exec(cursor.source.slice(cursor.at))
  if (!sign) return one
  cursor.at += sign[0].length
  if (sign[1] !== undefined) return one.repeat(Number(sign[1]))
  return sign[0].startsWith('+') ? one : ''
}
