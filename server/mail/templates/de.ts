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
  'registration.confirm': {
    subject: 'Bestätige dein Konto bei {panel}',
    body: 'Hallo {name},\n\njemand möchte mit dieser Adresse ein Konto bei {panel}. Wenn du es warst, bestätige es hier:\n\n{link}\n\nDer Link gilt einmal und {hours} Stunden lang. Wenn du es nicht warst, geschieht nichts.',
  },
  'registration.known': {
    subject: 'Du hast ein Konto bei {panel}',
    body: 'Hallo {name},\n\njemand wollte mit deiner Adresse ein neues Konto bei {panel}. Du hast schon eines; der Benutzername ist {username}. Wenn du das Passwort vergessen hast, wähle hier ein neues:\n\n{link}\n\nWenn du es nicht warst, hat sich nichts geändert.',
  },
  'password.reset': {
    subject: 'Ein neues Passwort für {panel}',
    body: 'Hallo {name},\n\njemand hat ein neues Passwort für dein Konto bei {panel} angefordert. Wenn du es warst, wähle es hier:\n\n{link}\n\nDer Link gilt einmal und {minutes} Minuten lang. Wenn du es nicht warst, hat sich nichts geändert.',
  },
  'passkey.added': {
    subject: 'Ein neuer Passkey für {panel}',
    body: 'Hallo {name},\n\ndeinem Konto bei {panel} wurde der Passkey {passkey} hinzugefügt. Wer ihn hat, kann sich als du anmelden.\n\nWenn du es nicht warst, entferne ihn unter Sicherheit, ändere sofort dein Passwort und beende alle anderen Sitzungen.',
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
  'server.reinstalled': {
    subject: '{server} ist neu installiert',
    body: 'Hallo {name},\n\n{server} wurde neu installiert und kann gestartet werden:\n\n{link}',
  },
  'server.install-failed': {
    subject: '{server} konnte nicht installiert werden',
    body: 'Hallo {name},\n\ndie Installation von {server} ist fehlgeschlagen. Seine Seite zeigt die letzten Zeilen des Installationsskripts:\n\n{link}',
  },
  'server.backup-completed': {
    subject: 'Ein Backup von {server} ist fertig',
    body: 'Hallo {name},\n\ndas Backup {backup} von {server} ist fertig:\n\n{link}',
  },
  'server.backup-failed': {
    subject: 'Ein Backup von {server} ist fehlgeschlagen',
    body: 'Hallo {name},\n\ndas Backup {backup} von {server} ist fehlgeschlagen. Die Seite sagt, warum:\n\n{link}',
  },
  'server.schedule-failed': {
    subject: 'Ein Zeitplan von {server} ist fehlgeschlagen',
    body: 'Hallo {name},\n\nein Lauf des Zeitplans {schedule} von {server} ist fehlgeschlagen. Die Seite sagt, welche Aufgabe und warum:\n\n{link}',
  },
  'server.transferred': {
    subject: '{server} ist umgezogen',
    body: 'Hallo {name},\n\n{server} ist auf einen anderen Node umgezogen. Seine Adresse kann sich geändert haben:\n\n{link}',
  },
  'server.transfer-failed': {
    subject: '{server} konnte nicht umziehen',
    body: 'Hallo {name},\n\n{server} konnte nicht auf einen anderen Node umziehen. Er bleibt mit allen Dateien, wo er war:\n\n{link}',
  },
  'server.suspended': {
    subject: '{server} ist gesperrt',
    body: 'Hallo {name},\n\n{server} bei {panel} wurde gesperrt. Bis das aufgehoben ist, können ihn nur Administratoren benutzen. Wer das Panel betreibt, kann dir sagen, warum.',
  },
  'server.unsuspended': {
    subject: '{server} ist nicht mehr gesperrt',
    body: 'Hallo {name},\n\ndie Sperre von {server} ist aufgehoben. Du kannst ihn wieder benutzen:\n\n{link}',
  },
  'account.new-browser': {
    subject: 'Eine neue Anmeldung bei {panel}',
    body: 'Hallo {name},\n\njemand hat sich bei deinem Konto bei {panel} mit einem Browser angemeldet, der dort noch nicht bekannt war: {browser}, von {ip}.\n\nWenn du es warst, ist nichts zu tun. Wenn nicht, ändere dein Passwort und beende die anderen Sitzungen:\n\n{link}',
  },
  'account.identity-linked': {
    subject: '{provider} ist mit deinem Konto bei {panel} verbunden',
    body: 'Hallo {name},\n\nbei deinem Konto bei {panel} kann man sich jetzt mit {provider} anmelden, als {label}.\n\nWenn du es nicht warst, trenne die Verbindung, ändere dein Passwort und beende die anderen Sitzungen:\n\n{link}',
  },
  'account.password-changed': {
    subject: 'Dein Passwort bei {panel} wurde geändert',
    body: 'Hallo {name},\n\ndas Passwort deines Kontos bei {panel} wurde geändert, und jeder andere Browser wurde abgemeldet.\n\nWenn du es nicht warst, wende dich sofort an den Betreiber des Panels.',
  },
  'email.confirm': {
    subject: 'Bestätige deine neue E-Mail-Adresse',
    body: 'Hallo {name},\n\ndein Konto bei {panel} soll die Adresse {email} bekommen. Öffne diesen Link, um sie zu bestätigen:\n\n{link}\n\nEr gilt einmal und {minutes} Minuten lang. Wenn du es nicht warst, hat sich nichts geändert.',
  },
  'email.requested': {
    subject: 'Deine E-Mail-Adresse bei {panel} soll geändert werden',
    body: 'Hallo {name},\n\njemand, der dein Passwort kennt, will die Adresse deines Kontos bei {panel} zu {email} ändern. Sie ändert sich, wenn der Link geöffnet wird, der dorthin geschickt wurde.\n\nWenn du es nicht warst, ändere dein Passwort und brich die Änderung ab:\n\n{link}',
  },
  'email.changed': {
    subject: 'Deine E-Mail-Adresse bei {panel} wurde geändert',
    body: 'Hallo {name},\n\ndein Konto bei {panel} hat jetzt die Adresse {email}. An die Adresse, unter der du das liest, geht keine Mail dieses Kontos mehr.\n\nWenn du es nicht warst, wende dich sofort an den Betreiber des Panels.',
  },
  'node.silent': {
    subject: '{node} antwortet nicht',
    body: 'Hallo {name},\n\nder Node {node} hat seit 2 Minuten nicht geantwortet. Seine Server laufen vielleicht noch. Seine Seite zeigt, wie weit der Weg zu ihm führt:\n\n{link}',
  },
  'node.back': {
    subject: '{node} antwortet wieder',
    body: 'Hallo {name},\n\nder Node {node} antwortet wieder:\n\n{link}',
  },
  'job.failed': {
    subject: 'Ein Auftrag von {panel} ist fehlgeschlagen',
    body: 'Hallo {name},\n\nder Auftrag {job} ist fehlgeschlagen und wird nicht von selbst noch einmal versucht. Das Protokoll des Panels sagt, warum.\n\n{link}',
  },
}
