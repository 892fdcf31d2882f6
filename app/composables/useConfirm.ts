import { LazyPanelConfirmModal } from '#components'

export interface Confirmation {
  /** Asks with the name: "Delete Survival?" */
  title: string
  /** What is lost and what stays. */
  body?: string
  /** Verb and object, as on the button that was pressed. */
  action: string
  icon?: string
  /** What cannot be taken back. */
  destructive?: boolean
  /** Where data is lost for good: the name that has to be typed. */
  typed?: string
}

/** Asks before something is done: `if (await confirm({ title, body, action })) …`. Answers false when the person thinks better of it. */
export function useConfirm(): (question: Confirmation) => Promise<boolean> {
  const overlay = useOverlay()
  // Each question is a modal of its own: one that was closed cannot be opened again.
  return async (question) => {
    const modal = overlay.create(LazyPanelConfirmModal, { destroyOnClose: true })
    return (await modal.open({ ...question, open: true }).result) === true
  }
}
