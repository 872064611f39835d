import type { Language } from './language.ts'

const IGNORE = 'If this was not you, you can ignore this message.'
const ALARM = 'If this was not you, reset your password now.'

/** English. Every text message with a code fits into one of 160 characters (GSM 03.38). */
export const english: Language = {
  locale: 'en',
  linkExpiry: 'The link works for {duration}.',
  orCode: 'Or enter this code: {code} (it works for {duration})',
  messages: {
    activate: {
      subject: 'Activate your account',
      lines: ['Welcome. Please confirm that this address is yours.'],
      action: 'Activate the account',
      footer: IGNORE,
      sms: '{code} activates your account. It works for {duration}.',
    },
    activate_again: {
      subject: 'This address was registered again',
      lines: [
        'Somebody registered this address once more, though it waits to be activated already.',
        'This link activates the account with the password of the latest registration. Use it only if that was you. If you are not sure, choose a password with "Forgot password" instead.',
      ],
      action: 'Activate the account',
      footer: IGNORE,
      sms: 'This number was registered again. Only if that was you: {link}',
    },
    already_registered: {
      subject: 'You already have an account',
      lines: [
        'Somebody tried to register with this address, which has an account already.',
        'If this was you, log in as usual, or reset your password if you have forgotten it.',
      ],
      footer: IGNORE,
      sms: 'You already have an account. Log in, or reset your password.',
    },
    reset_password: {
      subject: 'Choose a new password',
      lines: ['Somebody asked for a new password for the account with this address.'],
      action: 'Choose a new password',
      footer: IGNORE,
      sms: '{code} sets a new password. It works for {duration}.',
    },
    password_changed: {
      subject: 'Your password was changed',
      lines: [
        'The password of your account was changed, and you were logged out everywhere.',
        ALARM,
      ],
      sms: `Your password was changed. ${ALARM}`,
    },
    password_locked: {
      subject: 'Your password was locked',
      lines: [
        'Too many wrong passwords were tried for your account, and its password works no more. Whoever is logged in stays logged in.',
        'Choose a new password with "Forgot password", and you can log in again.',
      ],
      sms: 'Too many wrong passwords were tried, and yours works no more. Choose a new one with "Forgot password".',
    },
    login_after_failures: {
      subject: 'A login after several failed attempts',
      lines: ['Somebody logged in to your account after several wrong passwords.', ALARM],
      sms: `A login after several wrong passwords. ${ALARM}`,
    },
    refresh_reuse: {
      subject: 'We ended one of your sessions',
      lines: [
        'Two devices used the same session of your account, which may mean that it was copied. We ended it.',
        'Please log in again. If you did not expect this, also change your password.',
      ],
      sms: 'One of your sessions may have been copied, and was ended. Please log in again.',
    },
    change_email: {
      subject: 'Confirm your new e-mail address',
      lines: [
        'Somebody asked to use this address for their account. Please confirm that it is yours.',
      ],
      action: 'Confirm the address',
      footer: IGNORE,
    },
    email_change_requested: {
      subject: 'A change of your e-mail address was asked for',
      lines: [
        'Somebody asked to change the e-mail address of your account. Nothing changes until the new one is confirmed.',
        ALARM,
      ],
      sms: `A change of your e-mail address was asked for. ${ALARM}`,
    },
    email_changed: {
      subject: 'Your e-mail address was changed',
      lines: [
        'The e-mail address of your account was changed to another one.',
        'If this was you, there is nothing to do. If it was not, undo the change now.',
      ],
      action: 'Undo the change',
      sms: `Your e-mail address was changed. ${ALARM}`,
    },
    change_phone: {
      subject: 'Confirm your new phone number',
      lines: ['Somebody asked to use this phone number for their account.'],
      footer: IGNORE,
      sms: '{code} confirms your number. It works for {duration}.',
    },
    phone_changed: {
      subject: 'Your phone number was changed',
      lines: ['The phone number of your account was changed.', ALARM],
      sms: `Your phone number was changed. ${ALARM}`,
    },
    username_changed: {
      subject: 'Your username was changed',
      lines: ['The username of your account was changed.', ALARM],
      sms: `Your username was changed. ${ALARM}`,
    },
    invitation: {
      subject: 'You are invited',
      lines: ['An account was made for you. Choose a password, and it is yours.'],
      action: 'Accept the invitation',
      footer: 'If you did not expect this, you can ignore this message.',
      sms: 'You are invited. Choose a password: {link}',
    },
    account_approved: {
      subject: 'Your account is open',
      lines: ['Your account was approved: you can log in now.'],
      sms: 'Your account was approved: you can log in now.',
    },
    deletion_scheduled: {
      subject: 'Your account will be deleted',
      lines: [
        'Your account will be deleted, as you asked. You have {duration} to change your mind: log in, and it stays.',
        ALARM,
      ],
      sms: 'Your account will be deleted. You have {duration} to change your mind: log in, and it stays.',
    },
    deletion_cancelled: {
      subject: 'Your account will not be deleted',
      lines: ['You logged in, and so your account stays as it was.', ALARM],
      sms: `You logged in, and so your account will not be deleted. ${ALARM}`,
    },
    account_deleted: {
      subject: 'Your account was deleted',
      lines: ['Your account was deleted. Nobody can log in to it any more.'],
      sms: 'Your account was deleted. Nobody can log in to it any more.',
    },
  },
}
