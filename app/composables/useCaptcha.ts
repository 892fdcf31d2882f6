import { signIn } from '#shared/contracts/client/sign-in'

type Challenge = Awaited<ReturnType<typeof askForWork>>

const askForWork = () => api(signIn.captcha)

/** Proof of work instead of pictures: nothing to look at, and nothing that is asked of anybody else. */
export function useCaptcha() {
  const { session } = useSession()
  const isWorking = ref(false)

  async function solve(): Promise<string> {
    isWorking.value = true
    try {
      const challenge = await askForWork()
      return JSON.stringify({ challenge, solution: await solvedBeside(challenge) })
    } finally {
      isWorking.value = false
    }
  }

  /** Calls with the work done where it is wanted: from the start, or once the panel asks for it. */
  async function withCaptcha<Answer>(
    call: (captcha?: string) => Promise<Answer>,
    { inForm = false } = {},
  ): Promise<Answer> {
    const mode = session.value?.sign_in?.captcha ?? 'off'
    if (mode === 'always' || (mode !== 'off' && inForm)) return call(await solve())
    try {
      return await call()
    } catch (error) {
      if (failuresOf(error)[0].meta.reason !== 'captcha.required') throw error
      return call(await solve())
    }
  }

  return { withCaptcha, isWorking: readonly(isWorking) }
}

async function solvedBeside(challenge: Challenge): Promise<unknown> {
  const { default: Worker } = await import('~/workers/captcha?worker')
  const worker = new Worker()
  try {
    return await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data)
      worker.onerror = () => reject(new Error('The captcha could not be solved.'))
      worker.postMessage(challenge)
    })
  } finally {
    worker.terminate()
  }
}
