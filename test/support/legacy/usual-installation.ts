import type { LegacyInstallation } from './legacy-installation.ts';

/** As most are: vendors by the kind of identifier, hardly an oddity in the tables, sessions in UTC. */
export const usualInstallation: LegacyInstallation = {
  seed: 1,
  people: 120,
  cases: 400,
  sessions: 40,
  checks: 60,
  vendors: [
    { vendorId: 'fund', writings: ['fund'], kind: 'national_id', weight: 5 },
    { vendorId: 'second-fund', writings: ['second-fund'], kind: 'national_id', weight: 2 },
    { vendorId: 'text-line', writings: ['text-line'], kind: 'phone', weight: 2 },
    { vendorId: 'web', writings: ['web'], kind: 'email', weight: 3 },
    { vendorId: null, writings: [null], kind: null, weight: 1 },
  ],
  shares: {
    withoutUserId: 0.2,
    shared: 0.04,
    elsewhere: 0.04,
    lost: 0.1,
    odd: 0.25,
    strays: 0.06,
    guests: 0.2,
  },
  columns: { language: 'text', question: 'text', status: 'text', created_at: 'timestamptz' },
  extraColumns: [],
  sessionType: 'json',
  sessionSecrets: ['what the legacy service signs with'],
  sessionTimeZone: 'UTC',
  sessionSubject: { pointer: '/passport/user', holds: 'person' },
};
