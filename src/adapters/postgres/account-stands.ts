/**
 * A query that gives a row while an account is active and is what a sign-in stands on. Its parameters are the tenant, the account, and
 * the epoch and the password hash of the basis. The account is held: a change of it that is under way is waited for, and then counts;
 * one that comes later waits, and then sees what was added. The lock has to be stronger than the foreign key's, which a change of other
 * columns passes by.
 *
 * @param first the number of its first parameter
 */
export const accountStands = (first: number): string => `SELECT FROM users
    WHERE tenant_uuid = $${String(first)}::uuid AND uuid = $${String(first + 1)}::uuid AND is_active
      AND token_epoch = $${String(first + 2)}::integer
      AND ($${String(first + 3)}::text IS NULL OR password_hash = $${String(first + 3)}::text)
    FOR SHARE`;
