import { flushPromises } from '@vue/test-utils'
import { mountSuspended } from '@nuxt/test-utils/runtime'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { h } from 'vue'
import { PanelApp, USlideover } from '#components'

const settle = async () => {
  await flushPromises()
  await new Promise((resolve) => setTimeout(resolve, 0))
  await flushPromises()
}
const sides = () => document.querySelector('ol[data-slot="viewport"]')?.className ?? ''

describe('where toasts stand', () => {
  const isOpen = ref(false)
  let leave = () => {}
  beforeEach(async () => {
    isOpen.value = false
    const app = await mountSuspended({
      setup: () => () =>
        h(PanelApp, () =>
          h(USlideover, { open: isOpen.value, title: 'Edit', transition: false }, { body: () => 'A form' }),
        ),
    })
    leave = () => app.unmount()
  })
  afterEach(() => {
    useToast().clear()
    leave()
  })

  it('leaves the side on which a slideover has its buttons, and comes back once nothing is told', async () => {
    expect(sides()).toContain('right-4')

    isOpen.value = true
    await settle()
    useToast().add({ id: 'told', title: 'It was refused.' })
    await settle()
    expect(sides()).toContain('left-4')

    isOpen.value = false
    await settle()
    expect(sides()).toContain('left-4')

    useToast().clear()
    await settle()
    expect(sides()).toContain('right-4')
  })
})
