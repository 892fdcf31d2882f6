export type Ignores = (path: string, isDirectory?: boolean) => boolean

interface Rule {
  expression: RegExp
  isNegated: boolean
  isForDirectories: boolean
}

/** Patterns in the syntax of .gitignore, as eggs refuse files and backups leave them out. */
export function gitignore(patterns: string[]): Ignores {
  const rules = patterns.flatMap(ruleOf)

  const isIgnored = (path: string, isDirectory: boolean) =>
    rules.reduce((held, rule) => {
      const applies = rule.expression.test(path) && (isDirectory || !rule.isForDirectories)
      return applies ? !rule.isNegated : held
    }, false)

  return (path, isDirectory = false) => {
    const parts = path.split('/').filter(Boolean)
    // What lies in an ignored folder is ignored with it.
    return parts.some((_, index) =>
      isIgnored(parts.slice(0, index + 1).join('/'), index < parts.length - 1 || isDirectory),
    )
  }
}

function ruleOf(line: string): Rule[] {
  const trimmed = line.trim()
  if (trimmed === '' || trimmed.startsWith('#')) return []
  const isNegated = trimmed.startsWith('!')
  const isForDirectories = trimmed.endsWith('/')
  const body = trimmed.replace(/^!/, '').replace(/\/$/, '')
  const isAnchored = body.includes('/')
  return [
    {
      expression: new RegExp(`^${isAnchored ? '' : '(?:.*/)?'}${globOf(body.replace(/^\//, ''))}$`),
      isNegated,
      isForDirectories,
    },
  ]
}

function globOf(pattern: string): string {
  return pattern.replace(/\*\*\/|\/\*\*$|\*\*|\*|\?|\[[^\]]+\]|[.+^${}()|\\]/g, (sign) => {
    if (sign === '**/') return '(?:.*/)?'
    if (sign === '/**') return '/.*'
    if (sign === '**') return '.*'
    if (sign === '*') return '[^/]*'
    if (sign === '?') return '[^/]'
    return sign.startsWith('[') ? sign.replace('[!', '[^') : `\\${sign}`
  })
}
