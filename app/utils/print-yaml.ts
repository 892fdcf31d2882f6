export type Yaml = string | number | boolean | null | readonly Yaml[] | { readonly [name: string]: Yaml }

/** As a file that people read and change: blocks instead of braces. Text is quoted as in JSON, which YAML reads as well. */
export function printYaml(value: { readonly [name: string]: Yaml }): string {
  return `${linesOf(value).join('\n')}\n`
}

const isPlain = (value: Yaml): value is string | number | boolean | null => typeof value !== 'object' || value === null
const isEmpty = (value: Yaml): boolean => isPlain(value) || Object.keys(value).length === 0
const inline = (value: Yaml) => JSON.stringify(value)
const indented = (lines: string[]) => lines.map((line) => `  ${line}`)

function linesOf(value: { readonly [name: string]: Yaml }): string[] {
  return Object.entries(value).flatMap(([name, inner]) => {
    if (isEmpty(inner)) return [`${name}: ${inline(inner)}`]
    if (Array.isArray(inner)) return [`${name}:`, ...indented(inner.map((one: Yaml) => `- ${inline(one)}`))]
    return [`${name}:`, ...indented(linesOf(inner as { readonly [name: string]: Yaml }))]
  })
}
