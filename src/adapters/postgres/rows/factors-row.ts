import type { FactorSummary } from '../../../domain/access/second-factor.ts';

/** What {@link SELECT_FACTORS} selects. */
export interface FactorsRow {
  readonly has_totp: boolean;
  readonly passkeys: number;
  readonly recovery_codes: number;
}

/** SQL that tells which second factors an account of `users` has, each looked up by an index: columns of a SELECT. */
export const SELECT_FACTORS = `EXISTS (
        SELECT FROM totp_factors WHERE totp_factors.user_uuid = users.uuid AND totp_factors.secret IS NOT NULL
      ) AS has_totp,
      (SELECT count(*)::integer FROM passkeys WHERE passkeys.user_uuid = users.uuid) AS passkeys,
      coalesce((SELECT cardinality(recovery_codes.code_hashes) FROM recovery_codes
        WHERE recovery_codes.user_uuid = users.uuid), 0) AS recovery_codes`;

/** The factors of a row. */
export const factorsOfRow = (row: FactorsRow): FactorSummary => ({
  totp: row.has_totp,
  passkeys: row.passkeys,
  recoveryCodes: row.recovery_codes,
});
