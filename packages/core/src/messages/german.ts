import type { Language } from './language.ts'

const IGNORE = 'Wenn Sie das nicht waren, können Sie diese Nachricht ignorieren.'
const ALARM = 'Wenn Sie das nicht waren, setzen Sie jetzt Ihr Passwort zurück.'

/** German. */
export const german: Language = {
  locale: 'de',
  linkExpiry: 'Der Link gilt {duration} lang.',
  orCode: 'Oder geben Sie diesen Code ein: {code} (er gilt {duration} lang)',
  messages: {
    activate: {
      subject: 'Aktivieren Sie Ihr Konto',
      lines: ['Willkommen. Bitte bestätigen Sie, dass diese Adresse Ihnen gehört.'],
      action: 'Konto aktivieren',
      footer: IGNORE,
      sms: '{code} aktiviert Ihr Konto. Der Code gilt {duration} lang.',
    },
    activate_again: {
      subject: 'Diese Adresse wurde noch einmal registriert',
      lines: [
        'Jemand hat diese Adresse noch einmal registriert, obwohl sie schon auf ihre Aktivierung wartet.',
        'Dieser Link aktiviert das Konto mit dem Passwort der letzten Registrierung. Öffnen Sie ihn nur, wenn Sie das waren. Wenn Sie nicht sicher sind, wählen Sie stattdessen mit "Passwort vergessen" ein Passwort.',
      ],
      action: 'Konto aktivieren',
      footer: IGNORE,
      sms: 'Diese Nummer wurde noch einmal registriert. Nur wenn Sie das waren: {link}',
    },
    already_registered: {
      subject: 'Sie haben schon ein Konto',
      lines: [
        'Jemand wollte sich mit dieser Adresse registrieren, die schon ein Konto hat.',
        'Wenn Sie das waren, melden Sie sich wie gewohnt an, oder setzen Sie Ihr Passwort zurück, falls Sie es vergessen haben.',
      ],
      footer: IGNORE,
      sms: 'Sie haben schon ein Konto. Melden Sie sich an, oder setzen Sie Ihr Passwort zurück.',
    },
    reset_password: {
      subject: 'Wählen Sie ein neues Passwort',
      lines: ['Jemand hat für das Konto mit dieser Adresse ein neues Passwort angefordert.'],
      action: 'Neues Passwort wählen',
      footer: IGNORE,
      sms: '{code} setzt ein neues Passwort. Der Code gilt {duration} lang.',
    },
    password_changed: {
      subject: 'Ihr Passwort wurde geändert',
      lines: [
        'Das Passwort Ihres Kontos wurde geändert, und Sie wurden überall abgemeldet.',
        ALARM,
      ],
      sms: `Ihr Passwort wurde geändert. ${ALARM}`,
    },
    password_locked: {
      subject: 'Ihr Passwort wurde gesperrt',
      lines: [
        'Für Ihr Konto wurden zu viele falsche Passwörter versucht, und sein Passwort gilt nicht mehr. Wer angemeldet ist, bleibt es.',
        'Wählen Sie über „Passwort vergessen“ ein neues, dann können Sie sich wieder anmelden.',
      ],
      sms: 'Zu viele falsche Passwörter wurden versucht, und Ihres gilt nicht mehr. Wählen Sie über „Passwort vergessen“ ein neues.',
    },
    login_after_failures: {
      subject: 'Eine Anmeldung nach mehreren Fehlversuchen',
      lines: [
        'Jemand hat sich nach mehreren falschen Passwörtern an Ihrem Konto angemeldet.',
        ALARM,
      ],
      sms: `Eine Anmeldung nach mehreren falschen Passwörtern. ${ALARM}`,
    },
    refresh_reuse: {
      subject: 'Wir haben eine Ihrer Sitzungen beendet',
      lines: [
        'Zwei Geräte haben dieselbe Sitzung Ihres Kontos benutzt. Das kann heißen, dass sie kopiert wurde. Wir haben sie beendet.',
        'Bitte melden Sie sich neu an. Wenn Sie das nicht erwartet haben, ändern Sie auch Ihr Passwort.',
      ],
      sms: 'Eine Ihrer Sitzungen wurde vielleicht kopiert und deshalb beendet. Bitte melden Sie sich neu an.',
    },
    change_email: {
      subject: 'Bestätigen Sie Ihre neue E-Mail-Adresse',
      lines: [
        'Jemand möchte diese Adresse für sein Konto benutzen. Bitte bestätigen Sie, dass sie Ihnen gehört.',
      ],
      action: 'Adresse bestätigen',
      footer: IGNORE,
    },
    email_change_requested: {
      subject: 'Ihre E-Mail-Adresse soll geändert werden',
      lines: [
        'Jemand möchte die E-Mail-Adresse Ihres Kontos ändern. Bis die neue bestätigt ist, bleibt alles, wie es ist.',
        ALARM,
      ],
      sms: `Ihre E-Mail-Adresse soll geändert werden. ${ALARM}`,
    },
    email_changed: {
      subject: 'Ihre E-Mail-Adresse wurde geändert',
      lines: [
        'Die E-Mail-Adresse Ihres Kontos wurde durch eine andere ersetzt.',
        'Wenn Sie das waren, ist nichts zu tun. Wenn nicht, machen Sie die Änderung jetzt rückgängig.',
      ],
      action: 'Änderung rückgängig machen',
      sms: `Ihre E-Mail-Adresse wurde geändert. ${ALARM}`,
    },
    change_phone: {
      subject: 'Bestätigen Sie Ihre neue Telefonnummer',
      lines: ['Jemand möchte diese Telefonnummer für sein Konto benutzen.'],
      footer: IGNORE,
      sms: '{code} bestätigt Ihre neue Nummer. Der Code gilt {duration} lang.',
    },
    phone_changed: {
      subject: 'Ihre Telefonnummer wurde geändert',
      lines: ['Die Telefonnummer Ihres Kontos wurde geändert.', ALARM],
      sms: `Ihre Telefonnummer wurde geändert. ${ALARM}`,
    },
    username_changed: {
      subject: 'Ihr Benutzername wurde geändert',
      lines: ['Der Benutzername Ihres Kontos wurde geändert.', ALARM],
      sms: `Ihr Benutzername wurde geändert. ${ALARM}`,
    },
    invitation: {
      subject: 'Sie sind eingeladen',
      lines: ['Für Sie wurde ein Konto angelegt. Wählen Sie ein Passwort, und es gehört Ihnen.'],
      action: 'Einladung annehmen',
      footer: 'Wenn Sie das nicht erwartet haben, können Sie diese Nachricht ignorieren.',
      sms: 'Sie sind eingeladen. Wählen Sie ein Passwort: {link}',
    },
    account_approved: {
      subject: 'Ihr Konto ist offen',
      lines: ['Ihr Konto wurde freigegeben: Sie können sich jetzt anmelden.'],
      sms: 'Ihr Konto wurde freigegeben: Sie können sich jetzt anmelden.',
    },
    deletion_scheduled: {
      subject: 'Ihr Konto wird gelöscht',
      lines: [
        'Ihr Konto wird gelöscht, wie Sie es gewünscht haben. Sie haben {duration} Zeit, es sich anders zu überlegen: melden Sie sich an, und es bleibt.',
        ALARM,
      ],
      sms: 'Ihr Konto wird gelöscht. Sie haben {duration} Zeit, es sich anders zu überlegen: melden Sie sich an, und es bleibt.',
    },
    deletion_cancelled: {
      subject: 'Ihr Konto wird nicht gelöscht',
      lines: ['Sie haben sich angemeldet, und so bleibt Ihr Konto, wie es war.', ALARM],
      sms: `Sie haben sich angemeldet, und so bleibt Ihr Konto bestehen. ${ALARM}`,
    },
    account_deleted: {
      subject: 'Ihr Konto wurde gelöscht',
      lines: ['Ihr Konto wurde gelöscht. Niemand kann sich mehr daran anmelden.'],
      sms: 'Ihr Konto wurde gelöscht. Niemand kann sich mehr daran anmelden.',
    },
  },
}
