import { DEPTH_MAX, UnreadableFile, type Entry, type Tree } from '#shared/utils/tree'

/** JSON with the order of its keys and the places of its values. @throws {UnreadableFile} */
export function readJson(text: string): Tree {
  return new JsonReader(text, text.startsWith('\uFEFF') ? 1 : 0).document()
}

const BLANKS = /[ \t\r\n]*/y
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const WORDS = { true: true, false: false, null: null } as const

class JsonReader {
  private at: number
  private readonly text: string

  constructor(text: string, start: number) {
    this.text = text
    this.at = start
  }

  document(): Tree {
    const tree = this.value(0)
    this.skip()
    if (this.at < this.text.length) throw this.wrong('something follows the end')
    return tree
  }

  private wrong(what: string): UnreadableFile {
    const line = this.text.slice(0, this.at).split('\n').length
    return new UnreadableFile(`${what} (line ${line})`)
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)?.[0] ?? ''
    this.at += found.length
    return found
  }

  private skip(): void {
    this.match(BLANKS)
  }

  private take(char: string): boolean {
    this.skip()
    if (this.text[this.at] !== char) return false
    this.at++
    return true
  }

  private value(depth: number): Tree {
    if (depth > DEPTH_MAX) throw this.wrong('it is nested too deeply')
    this.skip()
    const start = this.at
    switch (this.text[start]) {
      case '{':
        return this.map(depth)
      case '[':
        return this.list(depth)
      case '"': {
        const value = this.string()
        return { kind: 'scalar', value, at: [start, this.at] }
      }
      default:
        return this.plain(start)
    }
  }

  private plain(start: number): Tree {
    for (const [word, value] of Object.entries(WORDS)) {
      if (!this.text.startsWith(word, start)) continue
      this.at += word.length
      return { kind: 'scalar', value, at: [start, this.at] }
    }
    const written = this.match(NUMBER)
    if (!written) throw this.wrong(start >= this.text.length ? 'it ends too early' : 'a value is missing')
    return { kind: 'scalar', value: Number(written), written, at: [start, this.at] }
  }

  private map(depth: number): Tree {
    const entries: Entry[] = []
    const names = new Set<string>()
    this.at++
    if (this.take('}')) return { kind: 'map', entries }
    do {
      this.skip()
      if (this.text[this.at] !== '"') throw this.wrong('the name of a value is missing')
      const key = this.string()
      if (names.has(key)) throw this.wrong(`"${key.slice(0, 40)}" stands there twice`)
      names.add(key)
      if (!this.take(':')) throw this.wrong('a colon is missing')
      entries.push({ key, value: this.value(depth + 1) })
    } while (this.take(','))
    if (!this.take('}')) throw this.wrong('a brace is not closed')
    return { kind: 'map', entries }
  }

  private list(depth: number): Tree {
    const items: Tree[] = []
    this.at++
    if (this.take(']')) return { kind: 'list', items }
    do items.push(this.value(depth + 1))
    while (this.take(','))
    if (!this.take(']')) throw this.wrong('a bracket is not closed')
    return { kind: 'list', items }
  }

  private string(): string {
    const start = this.at
    let end = start + 1
    while (end < this.text.length && this.text[end] !== '"') end += this.text[end] === '\\' ? 2 : 1
    const written = this.text.slice(start, end + 1)
    this.at = end + 1
    try {
      return JSON.parse(written) as string
    } catch {
      this.at = start
      throw this.wrong('a text is not closed, or has a character that has to be escaped')
    }
  }
}
