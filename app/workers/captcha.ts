import type { Challenge } from 'altcha-lib'
import { solveCaptcha } from './solve-captcha'

// Beside the page, which stays usable meanwhile.
self.onmessage = async ({ data }: MessageEvent<Challenge>) => {
  self.postMessage(await solveCaptcha(data))
}
