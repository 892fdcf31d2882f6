import { CST, isMap, isScalar, isSeq, Lexer, parseDocument, type Node, type Scalar } from 'yaml'
import { DEPTH_MAX, UnreadableFile, type Entry, type Tree } from '#shared/utils/tree'

/**
 * YAML with the order of its keys and the places of its values. References to other places of the file are refused: a
 * few lines of them can stand for more than memory holds, and no panel writes them.
 *
 * @throws {UnreadableFile}
 */
export function readYaml(text: string): Tree {
  assertHarmless(text)
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    uniqueKeys: true,
    merge: false,
    logLevel: 'silent',
    prettyErrors: true,
  })
  const [problem] = [...document.errors, ...document.warnings]
  if (problem) throw new UnreadableFile(firstLine(problem.message))
  return treeOf(document.contents as Node | null, 0)
}

const firstLine = (message: string) =>
  (message.split('\n', 1)[0] ?? '').replace(/:$/, '').replace(/^(.{0,160}).*$/s, '$1')

/** Far beyond any egg: the parser compares each name of a map with all others. */
const PARTS_MAX = 60_000
const INDENT_MAX = 400

/**
 * Looks at the parts of the text before they are put together: the parser goes down with every bracket, and a megabyte of
 * them ends the process, not only the request.
 */
function assertHarmless(text: string): void {
  let [count, brackets, marks] = [0, 0, 0]
  let isText = false
  for (const part of new Lexer().lex(text)) {
    if (++count > PARTS_MAX) throw new UnreadableFile('it has too many parts')
    if (isText || part === CST.SCALAR) {
      isText = !isText
      continue
    }
    switch (CST.tokenType(part)) {
      case 'flow-map-start':
      case 'flow-seq-start':
        if (++brackets > DEPTH_MAX) throw new UnreadableFile('it is nested too deeply')
        break
      case 'flow-map-end':
      case 'flow-seq-end':
        brackets--
        break
      case 'newline':
        marks = 0
        break
      case 'seq-item-ind':
      case 'explicit-key-ind':
      case 'map-value-ind':
        if (brackets === 0 && ++marks > DEPTH_MAX) throw new UnreadableFile('it is nested too deeply')
        break
      case 'space':
        if (part.length > INDENT_MAX) throw new UnreadableFile('it is nested too deeply')
        break
      case 'anchor':
      case 'alias':
        throw new UnreadableFile('it refers to other places of itself')
      default:
        break
    }
  }
}

function treeOf(node: Node | null, depth: number): Tree {
  if (node === null) return { kind: 'scalar', value: null }
  if (depth > DEPTH_MAX) throw new UnreadableFile('it is nested too deeply')
  if (isScalar(node)) return scalarOf(node)
  if (isSeq(node)) return { kind: 'list', items: node.items.map((item) => treeOf(item as Node | null, depth + 1)) }
  if (!isMap(node)) throw new UnreadableFile('it holds something that is no value')

  const entries = node.items.map<Entry>(({ key, value }) => {
    if (!isScalar(key)) throw new UnreadableFile('a name is no text')
    return {
      key: typeof key.value === 'string' ? key.value : (key.source ?? String(key.value)),
      value: treeOf(value as Node | null, depth + 1),
    }
  })
  return { kind: 'map', entries }
}

function scalarOf({ value, source, range }: Scalar): Tree {
  const at: [number, number] | undefined = range ? [range[0], range[1]] : undefined
  if (typeof value === 'number') return { kind: 'scalar', value, written: source, at }
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return { kind: 'scalar', value, at }
  throw new UnreadableFile('it holds something that is no value')
}
