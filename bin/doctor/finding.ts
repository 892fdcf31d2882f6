/** One line of what the doctor says. */
export interface Finding {
  name: string
  isGood: boolean
  /** What is so, and where it is wrong, what to do. */
  says: string
}

export const good = (name: string, says: string): Finding => ({ name, isGood: true, says })
export const wrong = (name: string, says: string): Finding => ({ name, isGood: false, says })
