/**
 * A form that is sent before the sentences are there that say what is wrong with it waits for them, in the one place
 * through which all of them pass. Where they do not come it is sent without.
 */
export function holdSubmits(areThere: () => boolean, need: () => Promise<void>): void {
  const held = new WeakSet<EventTarget>()
  const freed = new WeakSet<EventTarget>()

  document.addEventListener(
    'submit',
    (event) => {
      const form = event.target
      if (areThere() || !(form instanceof HTMLFormElement) || freed.delete(form)) return
      event.preventDefault()
      event.stopImmediatePropagation()
      if (held.has(form)) return
      held.add(form)

      const { submitter } = event
      const send = () => {
        held.delete(form)
        if (!form.isConnected) return
        if (!areThere()) freed.add(form)
        form.requestSubmit(submitter?.isConnected ? submitter : null)
      }
      void need().then(send, send)
    },
    { capture: true },
  )
}
