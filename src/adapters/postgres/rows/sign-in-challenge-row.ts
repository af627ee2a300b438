import type { AuthenticationMethod } from '../../../domain/access/session.ts';
import type { SignInChallenge } from '../../../domain/access/sign-in-challenge.ts';
import type { Columns } from '../columns.ts';

/** A row of `sign_in_challenges`, without what becomes of it. */
export interface SignInChallengeRow {
  readonly uuid: string;
  readonly tenant_uuid: string;
  readonly user_uuid: string;
  readonly amr: readonly AuthenticationMethod[];
  readonly token_epoch: number;
  readonly password_fingerprint: Uint8Array | null;
  readonly legacy_sid: string | null;
  readonly legacy_expires_at: Date | null;
  readonly created_at: Date;
  readonly expires_at: Date;
}

/** The columns of {@link SignInChallengeRow}. */
export const SIGN_IN_CHALLENGE_COLUMNS: Columns<SignInChallengeRow> = {
  uuid: 'uuid',
  tenant_uuid: 'uuid',
  user_uuid: 'uuid',
  amr: 'text[]',
  token_epoch: 'integer',
  password_fingerprint: 'bytea',
  legacy_sid: 'text',
  legacy_expires_at: 'timestamptz',
  created_at: 'timestamptz',
  expires_at: 'timestamptz',
};

/** The row of a challenge. */
export const rowOfSignInChallenge = (challenge: SignInChallenge): SignInChallengeRow => ({
  uuid: challenge.id,
  tenant_uuid: challenge.tenantId,
  user_uuid: challenge.userId,
  amr: challenge.amr,
  token_epoch: challenge.tokenEpoch,
  password_fingerprint: challenge.passwordFingerprint,
  legacy_sid: challenge.legacy?.sid ?? null,
  legacy_expires_at: challenge.legacy?.expiresAt ?? null,
  created_at: challenge.createdAt,
  expires_at: challenge.expiresAt,
});

/** The challenge of a row. */
export const signInChallengeOfRow = (row: SignInChallengeRow): SignInChallenge => ({
  id: row.uuid,
  tenantId: row.tenant_uuid,
  userId: row.user_uuid,
  amr: row.amr,
  tokenEpoch: row.token_epoch,
  passwordFingerprint: row.password_fingerprint,
  legacy:
    row.legacy_sid === null || row.legacy_expires_at === null
      ? null
      : { sid: row.legacy_sid, expiresAt: row.legacy_expires_at },
  createdAt: row.created_at,
  expiresAt: row.expires_at,
});
