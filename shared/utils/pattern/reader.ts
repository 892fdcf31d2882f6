/** What a character is asked. */
export type Test = (char: string) => boolean

export type Node =
  | { kind: 'char'; test: Test }
  | { kind: 'place'; test: (text: readonly string[], at: number) => boolean }
  | { kind: 'look'; body: Node; isBehind: boolean; isNegative: boolean }
  | { kind: 'sequence'; parts: Node[] }
  | { kind: 'choice'; branches: Node[] }
  | { kind: 'repeat'; body: Node; min: number; max: number }

/** What cannot be decided in linear time, and what is no pattern at all. */
export class NotUnderstood extends Error {}

const POSIX: Record<string, RegExp> = {
  alpha: /[a-z]/i,
  digit: /[0-9]/,
  alnum: /[a-z0-9]/i,
  upper: /[A-Z]/,
  lower: /[a-z]/,
  space: /[\t-\r ]/,
  blank: /[\t ]/,
  punct: /[!-/:-@[-`{-~]/,
  xdigit: /[0-9a-f]/i,
  word: /\w/,
  cntrl: /[\0-\x1f\x7f]/,
  print: /[ -~]/,
  graph: /[!-~]/,
  ascii: /[\0-\x7f]/,
}

const CONTROLS: Record<string, string> = { t: '\t', n: '\n', r: '\r', f: '\f', e: '\x1b', a: '\x07', 0: '\0' }

const codeOf = (char: string) => char.codePointAt(0) ?? 0

const isWord = (char: string | undefined) => char !== undefined && /\w/.test(char)

/** Reads a pattern, outermost first: choice, sequence, repetition, atom. */
export class Reader {
  private readonly source: readonly string[]
  private at = 0
  private flags: Set<string>
  private depth = 0

  constructor(source: string, flags: string) {
    this.source = [...source]
    this.flags = new Set(flags)
  }

  read(): Node {
    const node = this.choice()
    if (this.at < this.source.length) throw new NotUnderstood('an unmatched bracket')
    return node
  }

  private peek(text: string): boolean {
    return [...text].every((char, index) => this.source[this.at + index] === char)
  }

  private take(text: string): boolean {
    if (!this.peek(text)) return false
    this.at += text.length
    return true
  }

  private next(): string {
    const char = this.source[this.at++]
    if (char === undefined) throw new NotUnderstood('an open end')
    return char
  }

  private until(end: string): string {
    const start = this.at
    while (this.at < this.source.length && !this.peek(end)) this.at++
    const text = this.source.slice(start, this.at).join('')
    if (!this.take(end)) throw new NotUnderstood('an open end')
    return text
  }

  private choice(): Node {
    if (++this.depth > 200) throw new NotUnderstood('nested too deeply')
    const first = this.sequence()
    const branches = [first]
    while (this.take('|')) branches.push(this.sequence())
    this.depth--
    return branches.length === 1 ? first : { kind: 'choice', branches }
  }

  private sequence(): Node {
    const parts: Node[] = []
    while (this.at < this.source.length && !this.peek('|') && !this.peek(')')) {
      if (this.flags.has('x') && this.skipsBlank()) continue
      if (this.take('\\Q')) {
        while (this.at < this.source.length && !this.peek('\\E')) parts.push(this.literal(this.next()))
        this.take('\\E')
        continue
      }
      const atom = this.atom()
      if (atom) parts.push(this.repeated(atom))
    }
    const [first, ...rest] = parts
    return first && rest.length === 0 ? first : { kind: 'sequence', parts }
  }

  private skipsBlank(): boolean {
    if (/\s/.test(this.source[this.at] ?? '')) {
      this.at++
      return true
    }
    if (!this.peek('#')) return false
    while (this.at < this.source.length && !this.peek('\n')) this.at++
    return true
  }

  private repeated(body: Node): Node {
    const times = this.times()
    if (!times) return body
    // Lazy and possessive forms differ in what is caught, hardly ever in whether it fits.
    if (!this.take('?')) this.take('+')
    if (times.min > times.max || times.min > 1000 || (times.max > 1000 && times.max !== Number.POSITIVE_INFINITY))
      throw new NotUnderstood('a repetition')
    return this.repeated({ kind: 'repeat', body, ...times })
  }

  private times(): { min: number; max: number } | null {
    if (this.take('*')) return { min: 0, max: Number.POSITIVE_INFINITY }
    if (this.take('+')) return { min: 1, max: Number.POSITIVE_INFINITY }
    if (this.take('?')) return { min: 0, max: 1 }
    const [whole, min, comma, max] =
      /^\{(\d{1,5})(,?)(\d{0,5})\}/.exec(this.source.slice(this.at, this.at + 14).join('')) ?? []
    if (whole === undefined) return null
    this.at += whole.length
    return { min: Number(min), max: comma ? (max ? Number(max) : Number.POSITIVE_INFINITY) : Number(min) }
  }

  private atom(): Node | null {
    const char = this.next()
    switch (char) {
      case '(':
        return this.group()
      case '[':
        return { kind: 'char', test: this.charClass() }
      case '.': {
        const isAll = this.flags.has('s')
        return { kind: 'char', test: (one) => isAll || one !== '\n' }
      }
      case '^': {
        const isMulti = this.flags.has('m')
        return { kind: 'place', test: (text, at) => at === 0 || (isMulti && text[at - 1] === '\n') }
      }
      case '$': {
        // PHP lets a line break follow; a value that is checked should not end in one.
        const isMulti = this.flags.has('m')
        return { kind: 'place', test: (text, at) => at === text.length || (isMulti && text[at] === '\n') }
      }
      case '\\':
        return this.escape()
      case '*':
      case '+':
      case '?':
        throw new NotUnderstood('a repetition of nothing')
      default:
        return this.literal(char)
    }
  }

  private literal(char: string): Node {
    return { kind: 'char', test: this.same(char) }
  }

  private same(char: string): Test {
    if (!this.flags.has('i')) return (one) => one === char
    const [lower, upper] = [char.toLowerCase(), char.toUpperCase()]
    return (one) => one === char || one === lower || one === upper
  }

  private group(): Node | null {
    const outer = new Set(this.flags)
    const inside = (): Node => {
      const body = this.choice()
      if (!this.take(')')) throw new NotUnderstood('an open bracket')
      this.flags = outer
      return body
    }
    if (!this.take('?')) {
      if (this.peek('*')) throw new NotUnderstood('a verb')
      return inside()
    }
    if (this.take('#')) {
      this.until(')')
      return null
    }
    for (const [opening, isBehind, isNegative] of [
      ['<=', true, false],
      ['<!', true, true],
      ['=', false, false],
      ['!', false, true],
    ] as const) {
      if (this.take(opening)) return { kind: 'look', body: inside(), isBehind, isNegative }
    }
    if (this.take(':') || this.take('>') || this.take('|')) return inside()
    if (this.take('P<') || this.take('<')) {
      this.until('>')
      return inside()
    }
    if (this.take("'")) {
      this.until("'")
      return inside()
    }

    const [whole, on = '', off = '', end] =
      /^([imsxU]*)(?:-([imsxU]+))?([:)])/.exec(this.source.slice(this.at, this.at + 14).join('')) ?? []
    if (whole === undefined) throw new NotUnderstood('a kind of group')
    this.at += whole.length
    this.flags = new Set([...this.flags, ...on].filter((flag) => !off.includes(flag)))
    return end === ':' ? inside() : null
  }

  private escape(): Node {
    const char = this.source[this.at] ?? ''
    const place = (test: (text: readonly string[], at: number) => boolean): Node => {
      this.at++
      return { kind: 'place', test }
    }
    switch (char) {
      case 'b':
        return place((text, at) => isWord(text[at - 1]) !== isWord(text[at]))
      case 'B':
        return place((text, at) => isWord(text[at - 1]) === isWord(text[at]))
      case 'A':
      case 'G':
        return place((_, at) => at === 0)
      case 'z':
      case 'Z':
        return place((text, at) => at === text.length)
      case 'R':
        this.at++
        return {
          kind: 'choice',
          branches: [
            { kind: 'sequence', parts: [this.literal('\r'), this.literal('\n')] },
            { kind: 'char', test: (one) => /[\n-\r\x85\u2028\u2029]/.test(one) },
          ],
        }
      default:
        return { kind: 'char', test: this.escapedTest() }
    }
  }

  /** What follows a backslash and stands for one character. */
  private escapedTest(): Test {
    const char = this.next()
    const isUnicode = this.flags.has('u')
    const not =
      (test: Test): Test =>
      (one) =>
        !test(one)
    const of =
      (pattern: RegExp): Test =>
      (one) =>
        pattern.test(one)
    switch (char) {
      case 'd':
        return of(isUnicode ? /\p{Nd}/u : /[0-9]/)
      case 'D':
        return not(of(isUnicode ? /\p{Nd}/u : /[0-9]/))
      case 'w':
        return of(isUnicode ? /[\p{L}\p{N}_]/u : /\w/)
      case 'W':
        return not(of(isUnicode ? /[\p{L}\p{N}_]/u : /\w/))
      case 's':
        return of(isUnicode ? /\s/ : /[\t-\r ]/)
      case 'S':
        return not(of(isUnicode ? /\s/ : /[\t-\r ]/))
      case 'h':
        return of(/[\t \xa0]/)
      case 'H':
        return not(of(/[\t \xa0]/))
      case 'N':
        return (one) => one !== '\n'
      case 'v':
        return of(/[\n-\r\x85\u2028\u2029]/)
      case 'V':
        return not(of(/[\n-\r\x85\u2028\u2029]/))
      case 'p':
      case 'P':
        return this.property(char === 'P')
      case 'x':
        return this.same(this.codePoint())
      default:
        break
    }
    const control = CONTROLS[char]
    if (control !== undefined) return this.same(control)
    if (/[a-z0-9]/i.test(char)) throw new NotUnderstood(`\\${char}`)
    return this.same(char)
  }

  private property(isNegative: boolean): Test {
    const name = this.take('{') ? this.until('}') : this.next()
    const negated = name.startsWith('^') !== isNegative
    try {
      const pattern = new RegExp(`\\p{${name.replace(/^\^/, '')}}`, 'u')
      return (one) => pattern.test(one) !== negated
    } catch {
      throw new NotUnderstood(`\\p{${name}}`)
    }
  }

  private codePoint(): string {
    const digits = this.take('{') ? this.until('}') : this.source.slice(this.at, (this.at += 2)).join('')
    const number = Number.parseInt(digits, 16)
    if (!/^[0-9a-f]{1,6}$/i.test(digits) || number > 0x10ffff) throw new NotUnderstood('a code point')
    return String.fromCodePoint(number)
  }

  /** After the opening bracket. */
  private charClass(): Test {
    const isNegative = this.take('^')
    const tests: Test[] = []
    for (let isFirst = true; ; isFirst = false) {
      if (this.at >= this.source.length) throw new NotUnderstood('an open class')
      if (this.peek(']') && !isFirst) break
      tests.push(this.classPart())
    }
    this.at++
    return (one) => tests.some((test) => test(one)) !== isNegative
  }

  private classPart(): Test {
    if (this.peek('[:')) {
      const [whole, not, name = ''] =
        /^\[:(\^?)([a-z]+):\]/.exec(this.source.slice(this.at, this.at + 14).join('')) ?? []
      const pattern = Object.hasOwn(POSIX, name) ? POSIX[name] : undefined
      if (whole && pattern) {
        this.at += whole.length
        return (one) => pattern.test(one) !== (not === '^')
      }
    }

    const from = this.classChar()
    if (typeof from !== 'string') return from
    const isRange = this.peek('-') && this.source[this.at + 1] !== ']' && this.source[this.at + 1] !== undefined
    if (!isRange) return this.same(from)
    this.at++
    const to = this.classChar()
    if (typeof to !== 'string') {
      const first = this.same(from)
      return (one) => first(one) || one === '-' || to(one)
    }
    return this.between(codeOf(from), codeOf(to))
  }

  private classChar(): string | Test {
    const char = this.next()
    if (char !== '\\') return char
    if (this.take('b')) return '\b'
    if (this.take('x')) return this.codePoint()
    const next = this.source[this.at] ?? ''
    const literal = CONTROLS[next] ?? (/[a-z0-9]/i.test(next) || next === '' ? undefined : next)
    if (literal === undefined) return this.escapedTest()
    this.at++
    return literal
  }

  private between(low: number, high: number): Test {
    if (low > high) throw new NotUnderstood('a range')
    const holds = (one: string) => {
      const code = codeOf(one)
      return code >= low && code <= high
    }
    return this.flags.has('i') ? (one) => holds(one) || holds(one.toLowerCase()) || holds(one.toUpperCase()) : holds
  }
}
