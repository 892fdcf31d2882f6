/** Always the same numbers for the same seed: what failed once can be looked at again. */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state % below
  }
}

/** What gives a text of JSON or YAML another meaning, or none. */
const INSERTS = [
  '"',
  '{',
  '}',
  '[',
  ']',
  ':',
  ',',
  '\n',
  '  ',
  '\\',
  '\0',
  '|',
  '&a ',
  '*a',
  'null',
  '-',
  '%',
  '\u2028',
  '\ud800',
  '9'.repeat(400),
  '!!str ',
  '---\n',
  '\t',
  '{{config.token}}',
]

/** The text with pieces cut out and others put in. */
export function broken(
  text: string,
  { random, times, cut }: { random: (below: number) => number; times: number; cut: number },
): string {
  let result = text
  for (let count = 0; count < times; count++) {
    const at = random(result.length)
    result = result.slice(0, at) + INSERTS[random(INSERTS.length)] + result.slice(at + random(cut))
  }
  return result
}
