import type { StreamParser } from '@codemirror/language'
import type { Extension } from '@codemirror/state'

/** Names a person knows; `text` is none. */
export const EDITOR_LANGUAGES = [
  'text',
  'json',
  'yaml',
  'javascript',
  'properties',
  'toml',
  'shell',
  'xml',
  'lua',
  'python',
  'dockerfile',
] as const
export type EditorLanguage = (typeof EDITOR_LANGUAGES)[number]

const BY_ENDING: Record<string, EditorLanguage> = {
  json: 'json',
  json5: 'json',
  mcmeta: 'json',
  yml: 'yaml',
  yaml: 'yaml',
  js: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  ts: 'javascript',
  properties: 'properties',
  ini: 'properties',
  cfg: 'properties',
  conf: 'properties',
  env: 'properties',
  toml: 'toml',
  sh: 'shell',
  bash: 'shell',
  xml: 'xml',
  html: 'xml',
  lua: 'lua',
  py: 'python',
}

export function editorLanguageOf(name: string): EditorLanguage {
  if (/^dockerfile/i.test(name)) return 'dockerfile'
  return BY_ENDING[name.slice(name.lastIndexOf('.') + 1).toLowerCase()] ?? 'text'
}

/** Each language comes when a file of it is opened. */
export async function loadEditorLanguage(language: EditorLanguage): Promise<Extension> {
  switch (language) {
    case 'json':
      return (await import('@codemirror/lang-json')).json()
    case 'yaml':
      return (await import('@codemirror/lang-yaml')).yaml()
    case 'javascript':
      return (await import('@codemirror/lang-javascript')).javascript({ typescript: true })
    case 'properties':
      return legacy(import('@codemirror/legacy-modes/mode/properties'), 'properties')
    case 'toml':
      return legacy(import('@codemirror/legacy-modes/mode/toml'), 'toml')
    case 'shell':
      return legacy(import('@codemirror/legacy-modes/mode/shell'), 'shell')
    case 'xml':
      return legacy(import('@codemirror/legacy-modes/mode/xml'), 'xml')
    case 'lua':
      return legacy(import('@codemirror/legacy-modes/mode/lua'), 'lua')
    case 'python':
      return legacy(import('@codemirror/legacy-modes/mode/python'), 'python')
    case 'dockerfile':
      return legacy(import('@codemirror/legacy-modes/mode/dockerfile'), 'dockerFile')
    case 'text':
      return []
  }
}

async function legacy<Name extends string>(
  load: Promise<Record<Name, StreamParser<unknown>>>,
  name: Name,
): Promise<Extension> {
  const [{ StreamLanguage }, mode] = await Promise.all([import('@codemirror/language'), load])
  return StreamLanguage.define(mode[name])
}
