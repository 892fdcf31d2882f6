/** Something that the person who runs the panel can mend. The message says what is wrong and what to do; no stack is shown. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError'
}
