import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { partOf } from '../../../modules/lean-libraries'

const address = import.meta.resolve('reka-ui/namespaced')
const library = readFileSync(fileURLToPath(address), 'utf8')

describe('a part of the library of components', () => {
  it('is the one object, with the components it is made of', () => {
    expect(partOf(library, 'Popover')).toMatch(
      /^import \{ PopoverRoot, .*PopoverContent.* \} from 'reka-ui'\nexport const Popover = \{\n {2}Root: PopoverRoot,/,
    )
  })

  it('that is a component itself is that component', () => {
    expect(partOf(library, 'FocusScope')).toBe("export { FocusScope } from 'reka-ui'")
  })

  it('brings every member that the library gives it', async () => {
    const whole: Record<string, object> = await import(address)
    for (const name of ['DropdownMenu', 'ContextMenu', 'Combobox', 'HoverCard']) {
      const [, members = ''] = /export const \w+ = \{([^}]*)\}/.exec(partOf(library, name)) ?? []
      expect([...members.matchAll(/(\w+): /g)].map(([, member]) => member)).toEqual(Object.keys(whole[name]!))
    }
  })
})
