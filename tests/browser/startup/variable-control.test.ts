import { mountSuspended } from '@nuxt/test-utils/runtime'
import { describe, expect, it } from 'vitest'
import { StartupVariableControl } from '#components'

const mount = (rules: string, modelValue: string, like?: string) =>
  mountSuspended(StartupVariableControl, { props: { rules, modelValue, like, label: 'Setting' } })

describe('StartupVariableControl', () => {
  it('asks yes or no with a switch, and answers in the words of the rules', async () => {
    const control = await mount('required|in:yes,no', 'no')
    await control.get('[role=switch][aria-label=Setting]').trigger('click')
    expect(control.emitted('update:modelValue')).toEqual([['yes']])
  })

  it('offers what the rules list', async () => {
    const control = await mount('required|in:easy,hard', 'easy')
    expect(control.get('[role=combobox]').attributes('aria-label')).toBe('Setting')
  })

  it('counts within the bounds of the rules', async () => {
    const control = await mount('required|integer|between:1,10', '4')
    const input = control.get('input')
    expect([input.attributes('aria-valuemin'), input.attributes('aria-valuemax')]).toEqual(['1', '10'])
  })

  it('takes text no longer than the rules let it be', async () => {
    const control = await mount('nullable|string|max:20', 'text')
    expect(control.get('input').attributes('maxlength')).toBe('20')
    await control.get('input').setValue('other')
    expect(control.emitted('update:modelValue')).toEqual([['other']])
  })
})
