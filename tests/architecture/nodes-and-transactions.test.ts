import { readFileSync } from 'node:fs'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { sources } from '../support/tools'

interface Unit {
  /** `file#name`, or the file alone for what stands outside of functions. */
  id: string
  /** Ids, or plain names where nothing of that name was found. */
  calls: string[]
  /** Of those, what is called from inside a transaction, with the line. */
  inTransaction: { callee: string; line: number }[]
}

/** Whoever calls one of these speaks to another machine. */
const DOORS = ['wings', 'objectStore']

/**
 * A node or a store may hang, and a node may call back while we ask it: a transaction that waits for it holds its locks and its connection
 * of the pool for as long. Followed through functions of ours, by name.
 */
describe('no node and no object store is asked inside a transaction', () => {
  it('in the server', () => {
    const files = sources('server/{services,jobs,auth,relay}/**/*.ts')

    expect(violationsIn(files.map((file) => [file, readFileSync(file, 'utf8')]))).toEqual([])
  })

  it('is noticed, however many functions lie between', () => {
    const found = violationsIn([
      [
        'server/services/a.ts',
        `import { tell } from './b'\nexport const run = () => db.transaction(async (tx) => {\n  await tell(tx)\n})`,
      ],
      [
        'server/services/b.ts',
        `import { wings } from '#server/wings/client'\nexport async function tell() {\n  await ask()\n}\nconst ask = () => wings(node).system.get()`,
      ],
    ])

    expect(found).toEqual(['server/services/a.ts:3 calls tell'])
  })

  it('is noticed of an object store too', () => {
    const found = violationsIn([
      [
        'server/services/a.ts',
        `import { objectStore } from '#server/object-store/client'\nexport const run = () => db.transaction(async (tx) => {\n  await objectStore(bucket).remove(key)\n})`,
      ],
    ])

    expect(found).toEqual(['server/services/a.ts:3 calls objectStore'])
  })

  it('leaves alone what comes after it', () => {
    const found = violationsIn([
      [
        'server/services/a.ts',
        `import { wings } from '#server/wings/client'\nexport async function run() {\n  await db.transaction(async (tx) => save(tx))\n  await wings(node).servers.sync()\n}`,
      ],
    ])

    expect(found).toEqual([])
  })
})

function violationsIn(files: [file: string, text: string][]): string[] {
  const units = files.flatMap(([file, text]) => unitsOf(file, text))
  const speaking = new Set(DOORS)
  for (let grew = true; grew;) {
    const more = units.filter(({ id, calls }) => !speaking.has(id) && calls.some((callee) => speaking.has(callee)))
    more.forEach(({ id }) => speaking.add(id))
    grew = more.length > 0
  }

  return units.flatMap(({ id, inTransaction }) =>
    inTransaction
      .filter(({ callee }) => speaking.has(callee))
      .map(({ callee, line }) => `${id.split('#')[0]}:${line} calls ${callee.split('#').at(-1)}`),
  )
}

function unitsOf(file: string, text: string): Unit[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  const imported = importsOf(file, source)
  const declared = new Set<string>()
  source.forEachChild((node) => namesOf(node).forEach((name) => declared.add(name)))
  const idOf = (name: string) => imported.get(name) ?? (declared.has(name) ? `${file}#${name}` : name)

  return source.statements.map((statement) => {
    const unit: Unit = { id: [file, ...namesOf(statement).slice(0, 1)].join('#'), calls: [], inTransaction: [] }
    const visit = (node: ts.Node, isInside: boolean) => {
      if (ts.isCallExpression(node)) {
        const callee = ts.isIdentifier(node.expression) ? idOf(node.expression.text) : ''
        if (callee) {
          unit.calls.push(callee)
        }
        if (callee && isInside) {
          const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1
          unit.inTransaction.push({ callee, line })
        }
        const opens = ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === 'transaction'
        visit(node.expression, isInside)
        node.arguments.forEach((argument) => visit(argument, isInside || opens))
        return
      }
      node.forEachChild((child) => visit(child, isInside))
    }
    visit(statement, false)

    return unit
  })
}

function importsOf(file: string, source: ts.SourceFile): Map<string, string> {
  const names = new Map<string, string>()
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) {
      continue
    }
    const bindings = statement.importClause?.namedBindings
    for (const one of bindings && ts.isNamedImports(bindings) ? bindings.elements : []) {
      const name = (one.propertyName ?? one.name).text
      names.set(one.name.text, DOORS.includes(name) ? name : `${pathOf(file, statement.moduleSpecifier.text)}#${name}`)
    }
  }

  return names
}

function pathOf(file: string, specifier: string): string {
  const path = specifier.startsWith('#') ? specifier.slice(1) : new URL(specifier, `file:///${file}`).pathname.slice(1)

  return path.endsWith('.ts') ? path : `${path}.ts`
}

function namesOf(node: ts.Node): string[] {
  if (ts.isFunctionDeclaration(node) && node.name) {
    return [node.name.text]
  }
  if (ts.isVariableStatement(node)) {
    return node.declarationList.declarations.flatMap(({ name }) => (ts.isIdentifier(name) ? [name.text] : []))
  }

  return []
}
