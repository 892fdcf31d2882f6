import type { Challenge } from 'altcha-lib'
import { solveCaptcha } from '../../app/workers/solve-captcha'
import { request } from './api'

/** What a browser sends that has done the work. */
export async function solvedCaptcha(): Promise<string> {
  const { body: challenge } = await request('GET /auth/captcha')
  return JSON.stringify({ challenge: challenge as Challenge, solution: await solveCaptcha(challenge as Challenge) })
}
