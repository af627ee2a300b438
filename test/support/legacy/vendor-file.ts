import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { LegacyInstallation } from './legacy-installation.ts';

/** The vendors of an installation as an operator lists them, and what each of them signs. */
export interface VendorFile {
  /** Path of the file that `VENDORS` names. */
  readonly path: string;
  /** A statement of a vendor (in normal form) that counts for five minutes. */
  readonly sign: (vendorId: string, claims: Readonly<Record<string, string>>) => Promise<string>;
}

/**
 * Writes the file into a folder.
 *
 * @param tenantOf slug of the tenant that a vendor belongs to
 */
export async function writeVendorFile(
  folder: string,
  { vendors }: LegacyInstallation,
  tenantOf: (vendorId: string) => string = () => 'default',
): Promise<VendorFile> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'first', alg: 'ES256', use: 'sig' };
  writeFileSync(join(folder, 'vendor-keys.json'), JSON.stringify({ keys: [jwk] }));
  const listed = vendors.flatMap(({ kind, vendorId }) =>
    vendorId === null
      ? []
      : [
          {
            vendorId,
            tenant: tenantOf(vendorId),
            jwksFile: 'vendor-keys.json',
            ...(kind !== null && { identifierKind: kind }),
          },
        ],
  );
  const path = join(folder, 'vendors.json');
  writeFileSync(path, JSON.stringify(listed));
  return {
    path,
    sign: (vendorId, claims) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'ES256', kid: 'first', typ: 'JWT' })
        .setIssuer(vendorId)
        .setAudience('casegate')
        .setJti(randomUUID())
        .setIssuedAt()
        .setExpirationTime('5m')
        .sign(privateKey),
  };
}
