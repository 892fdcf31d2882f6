import type { ScalarTree, Tree } from '#shared/utils/tree'

/** How a file spells JSON; kept, so that a change shows as that change. */
export interface JsonStyle {
  /** Of one level; empty for all on one line. */
  indent: string
  escapesSlashes: boolean
  escapesUnicode: boolean
  lineEnd: '\n' | '\r\n'
  endsWithLine: boolean
}

export const USUAL_STYLE: JsonStyle = {
  indent: '    ',
  escapesSlashes: false,
  escapesUnicode: false,
  lineEnd: '\n',
  endsWithLine: false,
}
export const COMPACT_STYLE: JsonStyle = { ...USUAL_STYLE, indent: '' }

export function styleOf(text: string): JsonStyle {
  const [, lineEnd, indent = ''] = /[{[](\r?\n)([ \t]+)/.exec(text) ?? []
  return {
    indent,
    escapesSlashes: text.includes('\\/'),
    escapesUnicode: /\\u[0-9a-f]{4}/i.test(text) && /^[\0-\x7f]*$/.test(text),
    lineEnd: lineEnd === '\r\n' ? '\r\n' : '\n',
    endsWithLine: text.endsWith('\n'),
  }
}

/** JSON with the keys in their order. */
export function printJson(tree: Tree, style: JsonStyle = USUAL_STYLE): string {
  return print(tree, style, '') + (style.endsWithLine ? style.lineEnd : '')
}

function print(tree: Tree, style: JsonStyle, margin: string): string {
  if (tree.kind === 'scalar') return printScalar(tree, style)

  const inner = margin + style.indent
  const [parts, open, close] =
    tree.kind === 'list'
      ? [tree.items.map((item) => print(item, style, inner)), '[', ']']
      : [
          tree.entries.map(
            ({ key, value }) => `${printText(key, style)}:${style.indent && ' '}${print(value, style, inner)}`,
          ),
          '{',
          '}',
        ]
  if (parts.length === 0) return open + close
  if (!style.indent) return open + parts.join(',') + close
  return `${open}${style.lineEnd}${parts.map((part) => inner + part).join(`,${style.lineEnd}`)}${style.lineEnd}${margin}${close}`
}

/** A number keeps its spelling where JSON knows that one. */
function printScalar({ value, written }: ScalarTree, style: JsonStyle): string {
  if (typeof value === 'string') return printText(value, style)
  if (typeof value !== 'number') return String(value)
  if (written !== undefined && /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(written)) return written
  return Number.isFinite(value) ? String(value) : printText(written ?? String(value), style)
}

function printText(text: string, { escapesSlashes, escapesUnicode }: JsonStyle): string {
  let printed = JSON.stringify(text)
  if (escapesSlashes) printed = printed.replaceAll('/', '\\/')
  if (escapesUnicode)
    printed = printed.replace(/[^\0-\x7f]/g, (char) =>
      [...Array(char.length).keys()].map((at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
    )
  return printed
}
