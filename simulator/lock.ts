/** What keeps two power actions of one server apart. */
export class Lock {
  #held = false
  #waiting: (() => void)[] = []

  get isHeld(): boolean {
    return this.#held
  }

  /** @throws {Error} when it is still held after `waitMs` */
  async acquire(waitMs: number): Promise<() => void> {
    if (this.#held && !(await this.#turn(waitMs)))
      throw new Error('another power action is being processed for this server')
    this.#held = true
    return () => {
      this.#held = false
      this.#waiting.shift()?.()
    }
  }

  #turn(waitMs: number): Promise<boolean> {
    if (waitMs <= 0) return Promise.resolve(false)
    return new Promise((resolve) => {
      const mine = () => {
        clearTimeout(timer)
        this.#held = true // before anybody else asks
        resolve(true)
      }
      const timer = setTimeout(() => {
        this.#waiting = this.#waiting.filter((one) => one !== mine)
        resolve(false)
      }, waitMs)
      this.#waiting.push(mine)
    })
  }
}
