import { describe, expect, it, vi } from 'vitest'
import { AccountOwned } from '#components'
import { stage } from '../panel/stage'
import { signIn } from '../signed-in'
import type { SessionState } from '#shared/contracts/client/session'

const act = (username: string | null) => {
  signIn()
  const session = useState<SessionState>('session')
  session.value = { ...session.value, impersonator: username ? { username } : null }
}
const show = () => stage(AccountOwned, { slots: { default: () => h('button', 'Change') } })

describe('what its owner alone changes', () => {
  it('is closed to whoever acts as him, who is told why', async () => {
    act('root')
    const shown = await show()
    expect(shown.get('button').element.closest('fieldset')?.disabled).toBe(true)
    expect(shown.html()).toContain('Only they themselves can do this.')
  })

  it('is open to himself', async () => {
    act(null)
    const shown = await show()
    expect(shown.get('button').element.closest('fieldset')?.disabled).toBe(false)
    expect(shown.html()).not.toContain('Only they')
  })

  it('how he likes the panel is not sent for him', async () => {
    act('root')
    const sent = vi.spyOn(globalThis, 'fetch')
    await useSession().prefer({ shortcuts: false })
    expect(useSession().preferences.value.shortcuts).toBe(false)
    expect(sent).not.toHaveBeenCalled()
  })
})
