/** What a preview says in the place of what only a real mail knows. */
export const MAIL_SAMPLES: Readonly<Record<string, string>> = {
  name: 'Alexis',
  passkey: 'iPhone',
  username: 'alexis',
  server: 'Survival',
  node: 'fra-1',
  minutes: '60',
  hours: '24',
  code: '123456',
  email: 'alexis@example.com',
  backup: 'Nightly',
  schedule: 'Nightly restart',
  browser: 'Firefox 131, Windows 11',
  ip: '198.51.100.9',
  job: 'mail.send',
  link: 'https://panel.example.com/…',
}
