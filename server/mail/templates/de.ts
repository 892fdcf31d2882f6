import type { Texts } from './mails.ts'

export const de: Texts = {
  'account.created': {
    subject: 'Dein Konto bei {panel}',
    body: 'Hallo {name},\n\nbei {panel} wurde ein Konto mit dem Benutzernamen {username} für dich angelegt. Melde dich mit dem Passwort an, das du bekommen hast:\n\n{link}',
  },
  'account.setup': {
    subject: 'Dein Konto bei {panel}',
    body: 'Hallo {name},\n\nbei {panel} wurde ein Konto für dich angelegt. Wähle ein Passwort, um dich anzumelden:\n\n{link}\n\nDer Link gilt einmal und 24 Stunden lang.',
  },
  'password.reset': {
    subject: 'Ein neues Passwort für {panel}',
    body: 'Hallo {name},\n\njemand hat ein neues Passwort für dein Konto bei {panel} angefordert. Wenn du es warst, wähle es hier:\n\n{link}\n\nDer Link gilt einmal und {minutes} Minuten lang. Wenn du es nicht warst, hat sich nichts geändert.',
  },
  'two-factor.enabled': {
    subject: 'Dein zweiter Faktor bei {panel} ist an',
    body: 'Hallo {name},\n\nder zweite Faktor deines Kontos bei {panel} wurde eingeschaltet. Zum Anmelden gehört ab jetzt ein Code aus deiner Authenticator-App. Bewahre die Ersatzcodes so auf, dass du sie ohne dein Telefon findest.\n\nWenn du es nicht warst, sprich mit dem, der das Panel betreibt.',
  },
  'two-factor.disabled': {
    subject: 'Dein zweiter Faktor bei {panel} ist aus',
    body: 'Hallo {name},\n\nder zweite Faktor deines Kontos bei {panel} wurde ausgeschaltet. Zum Anmelden genügt jetzt dein Passwort.\n\nWenn du es nicht warst, ändere sofort dein Passwort und schalte den zweiten Faktor wieder ein.',
  },
  'two-factor.reset': {
    subject: 'Dein zweiter Faktor bei {panel} ist aus',
    body: 'Hallo {name},\n\nbei {panel} wurde der zweite Faktor deines Kontos von der Verwaltung ausgeschaltet. Zum Anmelden genügt jetzt dein Passwort, und jeder Browser wurde abgemeldet. Richte den zweiten Faktor so bald wie möglich neu ein.\n\nWenn du nicht darum gebeten hast, sprich mit dem, der das Panel betreibt.',
  },
  'server.added': {
    subject: '{server} wird mit dir geteilt',
    body: 'Hallo {name},\n\njemand teilt bei {panel} den Server {server} mit dir. Was du dort darfst, zeigt seine Seite:\n\n{link}',
  },
  'server.removed': {
    subject: '{server} wird nicht mehr mit dir geteilt',
    body: 'Hallo {name},\n\nder Server {server} bei {panel} wird nicht mehr mit dir geteilt.',
  },
  'panel.test': {
    subject: '{panel} kann Mails senden',
    body: 'Diese Mail wurde gesendet, um zu sehen, ob {panel} welche senden kann. Es geht.\n',
  },
  'server.installed': {
    subject: '{server} ist installiert',
    body: 'Hallo {name},\n\n{server} ist installiert und kann gestartet werden:\n\n{link}',
  },
}
