import type { PasskeyChallenge } from '../../../application/ports/stores/passkey-challenge-store.ts';
import type { Columns } from '../columns.ts';

interface SharedColumns {
  readonly challenge_hash: Uint8Array;
  readonly expires_at: Date;
}

/** A row of `passkey_challenges`. */
export type PasskeyChallengeRow = SharedColumns &
  (
    | {
        readonly kind: 'registration';
        readonly tenant_uuid: string;
        readonly user_uuid: string;
        readonly sign_in_challenge_uuid: null;
      }
    | {
        readonly kind: 'authentication';
        readonly tenant_uuid: null;
        readonly user_uuid: null;
        readonly sign_in_challenge_uuid: string | null;
      }
  );

/** The columns of {@link PasskeyChallengeRow}. */
export const PASSKEY_CHALLENGE_COLUMNS: Columns<PasskeyChallengeRow> = {
  challenge_hash: 'bytea',
  kind: 'text',
  tenant_uuid: 'uuid',
  user_uuid: 'uuid',
  sign_in_challenge_uuid: 'uuid',
  expires_at: 'timestamptz',
};

/** The row of a challenge. */
export function rowOfPasskeyChallenge({ hash, use, expiresAt }: PasskeyChallenge): PasskeyChallengeRow {
  const shared = { challenge_hash: hash, expires_at: expiresAt };
  return use.kind === 'registration'
    ? {
        ...shared,
        kind: use.kind,
        tenant_uuid: use.tenantId,
        user_uuid: use.userId,
        sign_in_challenge_uuid: null,
      }
    : {
        ...shared,
        kind: use.kind,
        tenant_uuid: null,
        user_uuid: null,
        sign_in_challenge_uuid: use.signInChallengeId,
      };
}

/** The challenge of a row. */
export const passkeyChallengeOfRow = (row: PasskeyChallengeRow): PasskeyChallenge => ({
  hash: row.challenge_hash,
  use:
    row.kind === 'registration'
      ? { kind: row.kind, tenantId: row.tenant_uuid, userId: row.user_uuid }
      : { kind: row.kind, signInChallengeId: row.sign_in_challenge_uuid },
  expiresAt: row.expires_at,
});
