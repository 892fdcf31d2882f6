import type { VueWrapper } from '@vue/test-utils'
import axe from 'axe-core'

/** What cannot be judged without a real layout is judged end to end. */
const WITHOUT_LAYOUT = { 'color-contrast': { enabled: false }, region: { enabled: false } }

/** The rules that a component breaks, each with the element that does. */
export async function faultsOf(wrapper: VueWrapper): Promise<string[]> {
  const stage = document.createElement('div')
  stage.innerHTML = wrapper.element.outerHTML ?? wrapper.element.parentElement?.innerHTML ?? ''
  document.body.append(stage)
  const { violations } = await axe.run(stage, { rules: WITHOUT_LAYOUT })
  stage.remove()
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}
