/** What a preview says in the place of what only a real mail knows. */
export const MAIL_SAMPLES: Readonly<Record<string, string>> = {
  name: 'Alexis',
  username: 'alexis',
  server: 'Survival',
  node: 'fra-1',
  minutes: '60',
  code: '123456',
  email: 'alexis@example.com',
  link: 'https://panel.example.com/…',
}
