import type { MailTexts } from '../mail-texts.ts';

/** Mails in English. */
export const ENGLISH_TEXTS = {
  mails: {
    'verify-email': {
      subject: 'Confirm your e-mail address for Casegate',
      paragraphs: [
        'An account at Casegate was registered with this e-mail address.',
        'Use the link below to confirm that the address is yours.',
      ],
      button: 'Confirm e-mail address',
      closing: 'If this was not you, you can ignore this message; the address stays unconfirmed.',
    },
    'already-registered': {
      subject: 'You already have a Casegate account',
      paragraphs: [
        'Somebody tried to use this e-mail address at Casegate: to register, or to move another account to it. ' +
          'The address belongs to your account already, so nothing was changed.',
        'If it was you, sign in as usual. If you have forgotten your password, ask for a new one on the sign-in page.',
      ],
      closing: 'If this was not you, you need not do anything.',
    },
    'confirm-email-change': {
      subject: 'Confirm your new e-mail address',
      paragraphs: [
        'This address was entered as the new e-mail address of a Casegate account.',
        'Use the link below to confirm the change. Until then the account keeps its former address.',
      ],
      button: 'Confirm new address',
      closing: 'If this was not you, you can ignore this message; nothing will change.',
    },
    'email-change-requested': {
      subject: 'A change of your e-mail address was requested',
      paragraphs: [
        'A new e-mail address was entered for your Casegate account. It takes the place of this one as soon as it is confirmed.',
      ],
      closing: 'If this was not you, change your password at once and contact support.',
    },
    'email-changed': {
      subject: 'Your e-mail address was changed',
      paragraphs: [
        'Your Casegate account has a new e-mail address. From now on messages go there, and you sign in with it.',
      ],
      closing: 'If this was not you, contact support at once.',
    },
    'reset-password': {
      subject: 'Choose a new password',
      paragraphs: [
        'A new password was requested for your Casegate account.',
        'Use the link below to choose one. Afterwards you will be signed out on all devices.',
      ],
      button: 'Choose new password',
      closing: 'If this was not you, you can ignore this message; your password stays as it is.',
    },
    'password-changed': {
      subject: 'Your password was changed',
      paragraphs: [
        'The password of your Casegate account was changed. Sessions on other devices have ended.',
      ],
      closing: 'If this was not you, ask for a new password on the sign-in page at once and contact support.',
    },
    invitation: {
      subject: 'You are invited to Casegate',
      paragraphs: [
        'An account at Casegate was created for you with this e-mail address.',
        'Use the link below to choose a password and begin.',
      ],
      button: 'Accept invitation',
      closing: 'If you did not expect this invitation, you can ignore this message.',
    },
    'account-locked': {
      subject: 'Your account is locked for a while',
      paragraphs: [
        'There were too many failed attempts to sign in to your Casegate account. ' +
          'Each further attempt has to wait. Devices that are signed in stay signed in.',
        'If it was you, use the link below to sign in again without waiting.',
      ],
      button: 'Unlock account',
      closing: 'If this was not you, you need not do anything: the lock keeps others out.',
    },
    'second-factor-added': {
      subject: 'A second factor was added',
      paragraphs: ['A second factor was added to your Casegate account: {factor}.'],
      closing: 'If this was not you, change your password at once and contact support.',
    },
    'second-factor-removed': {
      subject: 'A second factor was removed',
      paragraphs: ['A second factor was removed from your Casegate account: {factor}.'],
      closing: 'If this was not you, change your password at once and contact support.',
    },
    'recovery-code-used': {
      subject: 'A recovery code was used',
      paragraphs: [
        'A recovery code of your Casegate account was used.',
        'Recovery codes that are left: {remaining}.',
      ],
      closing: 'If this was not you, change your password at once and contact support.',
    },
    'mfa-reset-requested': {
      subject: 'Your second factors will be removed',
      paragraphs: [
        'An administrator asked for all second factors to be removed from your Casegate account.',
        'When they will be removed: {dueAt}.',
        'If you did not ask for this, use the link below to stop it.',
      ],
      button: 'Stop the removal',
      closing: 'If you asked for it, you need not do anything.',
    },
    'mfa-reset-cancelled': {
      subject: 'The removal of your second factors was stopped',
      paragraphs: [
        'The removal of the second factors of your Casegate account was stopped. They stay as they are.',
      ],
      closing: 'If this was not you, contact support.',
    },
    'mfa-reset-completed': {
      subject: 'Your second factors were removed',
      paragraphs: [
        'All second factors of your Casegate account were removed, as an administrator asked.',
        'You may have to set up a new one the next time you sign in.',
      ],
      closing: 'If you did not ask for this, change your password at once and contact support.',
    },
    'case-info-requested': {
      subject: 'A question about your case',
      paragraphs: [
        'The physician who reviews your case at Casegate has a question for you.',
        'Open your case in the application to read the question and to reply.',
        'When the case ends without a reply: {expiresAt}.',
      ],
    },
    'case-info-reminder': {
      subject: 'Reminder: a question about your case waits for your reply',
      paragraphs: [
        'The physician who reviews your case at Casegate still waits for your reply to a question.',
        'Open your case in the application to read the question and to reply.',
        'When the case ends without a reply: {expiresAt}.',
      ],
    },
    'case-expired': {
      subject: 'Your case has ended without a reply',
      paragraphs: [
        'Your case at Casegate has ended, because the question of the physician got no reply in time.',
        'If you still want an opinion, submit a new case in the application.',
      ],
    },
    'case-answered': {
      subject: 'There is an answer to your case',
      paragraphs: [
        'An answer to your case at Casegate, or a new version of it, is ready for you.',
        'Open your case in the application to read it.',
      ],
    },
    'case-declined': {
      subject: 'No opinion could be given on your case',
      paragraphs: [
        'The physician could not give an opinion on your case at Casegate, so the case has ended.',
        'If you still want an opinion, submit a new case in the application.',
      ],
    },
    'case-assigned': {
      subject: 'A case was assigned to you',
      paragraphs: [
        'An administrator assigned a case at Casegate to you.',
        'When the answer is due: {dueAt}.',
        'Open the case in the application to begin.',
      ],
    },
    'case-unclaimed': {
      subject: 'A case waits for a physician',
      paragraphs: [
        'No physician has claimed a case at Casegate so far.',
        'When the answer is due: {dueAt}.',
        'Open the case in the application to assign it to a physician.',
      ],
    },
    'case-overdue': {
      subject: 'A case is overdue, and no physician has claimed it',
      paragraphs: [
        'No physician has claimed a case at Casegate, and the time for its answer is over.',
        'When the answer was due: {dueAt}.',
        'Open the case in the application to assign it to a physician.',
      ],
    },
    'case-assignee-away': {
      subject: 'A case is with a physician who is away',
      paragraphs: [
        'A case at Casegate is with a physician who has been away for a day.',
        'Open the case in the application to reassign it.',
      ],
    },
    'break-glass-used': {
      subject: 'An administrator may now read the text of a case',
      paragraphs: [
        'An administrator may now read the text of a case at Casegate, which administrators cannot read otherwise. The reason is on record.',
        'When this access ends: {expiresAt}.',
        'Access: {grantId}.',
      ],
      closing: 'Review this access in the application.',
    },
    'legacy-link-code': {
      subject: 'Your code for adding earlier cases',
      paragraphs: [
        'Somebody asked to add earlier cases, with which this e-mail address is stored, to an account at Casegate.',
        'If it was you, enter this code where you asked for it.',
        'Code: {code}',
        'It is valid for: {validFor}.',
      ],
      closing:
        'If this was not you, you need not do anything. Give the code to nobody: whoever has it can read those cases.',
    },
    'legacy-linked': {
      subject: 'Earlier cases were added to your account',
      paragraphs: [
        'Something that the former service knew you by was linked to your Casegate account. The cases that are stored with it are in your account now.',
      ],
      closing: 'If this was not you, change your password at once and contact support.',
    },
    'legacy-unlinked': {
      subject: 'Earlier cases were taken out of your account',
      paragraphs: [
        'A link of your Casegate account to the former service was removed. The cases that came with it are in your account no longer; nothing was deleted.',
      ],
      closing: 'If this was not you, change your password at once and contact support.',
    },
    'legacy-rival-claim': {
      subject: 'Somebody else asks for earlier cases of your account',
      paragraphs: [
        'Another account claims something that the former service knew you by, and that is linked to your Casegate account.',
        'Nothing was changed: the cases stay with you. The practice will look at the claim and decide.',
      ],
      closing: 'If it was you, from a second account, or if you have questions, contact support.',
    },
    'legacy-claim-approved': {
      subject: 'Your request to add earlier cases was approved',
      paragraphs: [
        'An administrator approved your request. The earlier cases are in your Casegate account now.',
      ],
      closing: 'If you did not ask for this, contact support.',
    },
    'legacy-claim-lost': {
      subject: 'Earlier cases were taken out of your account by a decision',
      paragraphs: [
        'The practice decided that something that the former service knew you by belongs to another account. It is linked to your Casegate account no longer, and the cases that came with it are not in your account any more. Nothing was deleted.',
      ],
      closing: 'If you think that this is a mistake, contact the practice.',
    },
    'legacy-claim-rejected': {
      subject: 'Your request to add earlier cases was not approved',
      paragraphs: [
        'An administrator did not approve your request to add earlier cases to your Casegate account. Nothing was changed.',
      ],
      closing: 'If you think that this is a mistake, contact support.',
    },
  },
  caseLine: 'Case: {caseId}.',
  factors: { totp: 'authenticator app', passkey: 'passkey' },
  oneHour: '1 hour',
  linkLimits: 'The link works once. It is valid for: {validFor}.',
  copyLink: 'If the button does not work, copy this link into your browser:',
  footer: 'This message was sent by Casegate automatically. Please do not reply to it.',
} as const satisfies MailTexts;
