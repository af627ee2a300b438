import type { PageTexts } from '../page-texts.ts';

/** The pages in English. */
export const en: PageTexts = {
  language: 'en',
  direction: 'ltr',
  name: 'English',
  languages: 'Language',
  noScript: 'This page needs JavaScript. Turn it on in your browser, then open the link in the mail again.',
  linkIncomplete:
    'Open the link in the mail again: this page works only when it is opened from there. If you have already finished here, there is nothing more to do.',
  underWay: 'One moment, please…',
  newPassword: 'New password',
  showPassword: 'Show password',
  passwordRejected:
    'This password was not accepted. Choose another one: long, not in common use, and not made from your e-mail address.',
  tooMany: 'There were too many attempts. Try again {when}.',
  busy: 'The service is busy at the moment. Try again {when}.',
  taken:
    'By now this e-mail address belongs to another account, so the change cannot be completed. Nothing was changed.',
  unreachable: 'The service could not be reached. Check your connection, then try again.',
  failed: 'Something went wrong on our side. Try again later.',
  pages: {
    'verify-email': {
      title: 'Confirm your e-mail address',
      intro: 'Press the button to confirm that this e-mail address is yours.',
      button: 'Confirm address',
      done: 'Your e-mail address is confirmed. You can close this page.',
      linkInvalid:
        'This link is no longer valid: it was used already, it has expired, or a newer mail was sent. If the address is not confirmed yet, ask for a new mail and use the link in that one.',
    },
    'reset-password': {
      title: 'Choose a new password',
      intro: 'This replaces your password and signs you out on every device.',
      button: 'Change password',
      done: 'Your password was changed. You can close this page and sign in with the new password.',
      linkInvalid:
        'This link is no longer valid: it was used already, it has expired, or a newer mail was sent. If you still cannot sign in, ask for a new mail where you sign in, and use the link in that one.',
    },
    'accept-invitation': {
      title: 'Accept the invitation',
      intro: 'An account was created for you. Choose a password to start using it.',
      button: 'Set password',
      done: 'Your password is set. You can close this page and sign in.',
      linkInvalid:
        'This link is no longer valid: it was used already, it has expired, or a newer invitation was sent. If you have not chosen a password yet, ask the person who invited you for a new invitation.',
    },
    unlock: {
      title: 'Unlock your account',
      intro:
        'Your account was locked for a while after too many failed attempts to sign in. Press the button to unlock it now.',
      button: 'Unlock account',
      done: 'Your account is unlocked. You can close this page and sign in.',
      linkInvalid:
        'This link is no longer valid: it was used already, it has expired, or a newer mail was sent. A lock also ends by itself: wait a few minutes, then try to sign in.',
    },
    'cancel-mfa-reset': {
      title: 'Stop the removal of your second factors',
      intro:
        'An administrator has started to remove the second factors of your account: authenticator app, passkeys and recovery codes. If you did not ask for this, press the button to stop it.',
      button: 'Stop the removal',
      done: 'The removal was stopped. Your second factors stay as they are. You can close this page.',
      linkInvalid:
        'This link is no longer valid: the removal was stopped already, or it has been carried out. If you did not ask for it, contact your administrator at once.',
    },
  },
};
