import { PASSWORD, done, type Row } from './row'

/** As mobile apps and browsers sign in. */
export const SIGN_IN: Row[] = [
  // 10
  { endpoint: 'GET /sanctum/csrf-cookie', as: 'guest', status: done },
  {
    endpoint: 'POST /auth/login',
    as: 'guest',
    body: ({ guest }) => ({ user: guest, password: PASSWORD }),
    answers: '{}',
    beside: ['data.complete', 'data.intended', 'data.user.uuid', 'data.user.use_totp'],
  },
  { endpoint: 'POST /auth/logout', as: 'guest', status: done },
  {
    endpoint: 'POST /auth/login/checkpoint',
    as: 'guest',
    before: (known, stage) => stage.secondFactor(known),
    body: ({ confirmation, code }) => ({ confirmation_token: confirmation, authentication_code: code }),
    answers: '{}',
    beside: ['data.complete', 'data.user.uuid'],
  },
  {
    endpoint: 'POST /auth/password',
    body: () => ({ email: 'nobody@example.test' }),
    answers: '{}',
    beside: ['status'],
  },
  {
    endpoint: 'POST /auth/password/reset',
    before: async (known, stage) => void (known.token = await stage.resetToken()),
    body: ({ token, guestEmail }) => ({
      token,
      email: guestEmail,
      password: `${PASSWORD} 2`,
      password_confirmation: `${PASSWORD} 2`,
    }),
    answers: '{}',
    beside: ['success', 'redirect_to', 'send_to_login'],
  },
]
