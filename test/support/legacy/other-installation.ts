import type { LegacyInstallation } from './legacy-installation.ts';
import { usualInstallation } from './usual-installation.ts';

/** Another one: vendors written in several ways or not at all, other columns and types, an older secret, sessions in local time. */
export const otherInstallation: LegacyInstallation = {
  ...usualInstallation,
  seed: 2,
  vendors: [
    { vendorId: 'northern', writings: ['NORTHERN', 'Northern', ' northern'], kind: 'national_id', weight: 3 },
    { vendorId: 'harbour clinic', writings: ['Harbour Clinic  '], kind: 'phone', weight: 2 },
    { vendorId: 'portal', writings: ['portal', 'PORTAL'], kind: 'email', weight: 2 },
    { vendorId: null, writings: [null, '', '  '], kind: null, weight: 4 },
  ],
  shares: { ...usualInstallation.shares, withoutUserId: 0.35, odd: 0.5, strays: 0.12 },
  columns: { language: null, question: 'text', status: 'smallint', created_at: 'timestamp' },
  extraColumns: [`clinic_code varchar(8) NOT NULL DEFAULT 'main'`, 'score numeric'],
  sessionType: 'jsonb',
  sessionSecrets: ['another secret; with = and %2C', 'the one before it'],
  sessionTimeZone: 'America/New_York',
  sessionSubject: { pointer: '/auth/accountId', holds: 'user-id' },
};
