import type { Texts } from './mails.ts'

export const de: Texts = {
  'account.setup': {
    subject: 'Dein Konto bei {panel}',
    body: 'Hallo {name},\n\nbei {panel} wurde ein Konto für dich angelegt. Wähle ein Passwort, um dich anzumelden:\n\n{link}\n\nDer Link gilt einmal und 24 Stunden lang.',
  },
  'password.reset': {
    subject: 'Ein neues Passwort für {panel}',
    body: 'Hallo {name},\n\njemand hat ein neues Passwort für dein Konto bei {panel} angefordert. Wenn du es warst, wähle es hier:\n\n{link}\n\nDer Link gilt einmal und {minutes} Minuten lang. Wenn du es nicht warst, hat sich nichts geändert.',
  },
  'server.installed': {
    subject: '{server} ist installiert',
    body: 'Hallo {name},\n\n{server} ist installiert und kann gestartet werden:\n\n{link}',
  },
}
