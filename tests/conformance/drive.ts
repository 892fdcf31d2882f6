import { expect, it, vi, type MockInstance } from 'vitest'

// oxlint-disable-next-line typescript/no-explicit-any -- what another package calls its own
type Class = { prototype: any }

/** What a class offers to whoever uses it: methods and getters, without what it marks as its own; its static ones as `Class::name`. */
export function membersOf(classes: Record<string, Class>, owner: string): string[] {
  const offered = classes[owner]
  const isOffered = (name: string) => name !== 'constructor' && !name.startsWith('_')
  const statics = Object.entries(Object.getOwnPropertyDescriptors(offered ?? {})).flatMap(([name, { value }]) =>
    name !== 'prototype' && typeof value === 'function' && isOffered(name) ? [`${owner}::${name}`] : [],
  )
  const own = Object.getOwnPropertyNames(offered?.prototype).filter(isOffered)
  return [...own.map((name) => `${owner}.${name}`), ...statics]
}

/**
 * Tests that name the members of a client's classes that they drive: `UserManager.fetch`, and several where one call
 * takes several. A member that no test names fails, and so does a test that names one and never reaches it.
 */
export function driverOf(classes: Record<string, Class>) {
  const named = new Set<string>()

  function drive(members: string | string[], run: () => Promise<void> | void, remark = ''): void {
    const all = [members].flat()
    for (const member of all) named.add(member)
    it([all.join(', '), remark].filter(Boolean).join(': '), async () => {
      const spies = all.map((member) => [member, spyOn(classes, member)] as const)
      try {
        await run()
        for (const [member, spy] of spies) expect(spy, `${member} was called`).toHaveBeenCalled()
      } finally {
        for (const [, spy] of spies) spy.mockRestore()
      }
    })
  }

  /** Stands last. */
  function leavesNothingOut(): void {
    it('leaves nothing out that the client offers', () => {
      const offered = Object.keys(classes).flatMap((name) => membersOf(classes, name))
      expect(offered.filter((member) => !named.has(member))).toEqual([])
    })
  }

  return { drive, leavesNothingOut }
}

function spyOn(classes: Record<string, Class>, member: string): MockInstance {
  const [owner = '', name = ''] = member.split(/\.|::/)
  if (member.includes('::')) return vi.spyOn(classes[owner] as never, name as never)
  const prototype = classes[owner]?.prototype
  const isGetter = Object.getOwnPropertyDescriptor(prototype, name)?.get !== undefined
  return isGetter ? vi.spyOn(prototype, name, 'get') : vi.spyOn(prototype, name)
}
