const DIALOG = '[role="dialog"], [role="alertdialog"]'

/** What stands for an element when it is gone: for an item of a menu the button that opened it. */
function placeOf(element: Element): Element {
  const trigger = element.closest('[role="menu"]')?.getAttribute('aria-labelledby')
  return (trigger && document.getElementById(trigger)) || element
}

const canHold = (element: Element | null): element is HTMLElement =>
  !!element?.isConnected && !element.matches(':disabled')

/**
 * Nobody loses his place. Who stood at what is taken away, or switched off for a moment, stands there again once it is
 * back, else at what opened the dialog around it, else at the title of the page. An open dialog keeps the focus itself.
 */
export default defineNuxtPlugin(() => {
  let last: Element | null = null
  /** Outside of every dialog. */
  let outside: Element | null = null

  document.addEventListener('focusin', ({ target }) => {
    last = placeOf(target as Element)
    if (!last.closest(DIALOG)) outside = last
  })
  // After a click beside everything there is no place to keep.
  document.addEventListener('pointerdown', ({ target }) => {
    const { activeElement, body } = document
    if (activeElement === body || !activeElement?.contains(target as Node)) last = null
  })

  new MutationObserver(() => {
    if (!last || document.activeElement !== document.body) return
    if (last.isConnected && !canHold(last)) return
    const place = canHold(last) ? last : document.querySelector(DIALOG) ? null : canHold(outside) ? outside : title()
    if (!place) return
    last = null
    place.focus({ preventScroll: true })
  }).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ['disabled'] })
})

const title = () => document.querySelector<HTMLElement>('h1')
