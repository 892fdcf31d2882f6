import { mountSuspended } from '@nuxt/test-utils/runtime'
import { defineComponent, h, nextTick, shallowReactive, type Component, type Slots } from 'vue'
import { UApp } from '#components'

interface Scene {
  props?: Record<string, unknown>
  slots?: Record<string, () => unknown>
  /** The address it stands at. */
  route?: string
}

/** Mounts a component as the layouts do: inside the providers that tooltips and overlays need. */
export async function stage(component: Component, { props = {}, slots = {}, route = '/' }: Scene = {}) {
  const current = shallowReactive({ ...props })
  const whole = await mountSuspended(
    defineComponent({
      setup: () => () => h(UApp, null, { default: () => h(component, { ...current }, slots as unknown as Slots) }),
    }),
    { route },
  )
  const shown = whole.findComponent(component)

  return Object.assign(shown, {
    async change(next: Record<string, unknown>) {
      Object.assign(current, next)
      await nextTick()
    },
    leave: () => whole.unmount(),
  })
}

/** What a setup function returns, called where composables may be. */
export async function within<Result>(setup: () => Result): Promise<Result> {
  let result: Result | undefined
  await mountSuspended(defineComponent({ setup: () => ((result = setup()), () => h('div')) }))
  return result as Result
}
