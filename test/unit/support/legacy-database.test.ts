import { expect } from 'chai';
import { unsign } from 'cookie-signature';
import { isPlaceholder, normalIdentifier } from '../../../src/domain/legacy/legacy-identifier.ts';
import { type LegacyDatabase, makeUpLegacy } from '../../support/legacy-database.ts';
import { otherInstallation } from '../../support/legacy/other-installation.ts';
import { usualInstallation } from '../../support/legacy/usual-installation.ts';
import {
  identifierOf,
  type WrittenKind,
  withCheckDigit,
  writingsOf,
} from '../../support/legacy/written-identifiers.ts';

const NOW = new Date('2026-11-23T12:00:00.000Z');

describe('A made-up database of the legacy service', () => {
  it('is the same for the same seed, and another one for another seed', () => {
    const [first, again] = [makeUpLegacy(usualInstallation, NOW), makeUpLegacy(usualInstallation, NOW)];
    expect(again).to.deep.equal(first);
    expect(makeUpLegacy({ ...usualInstallation, seed: 7 }, NOW).requests[0]).to.not.deep.equal(
      first.requests[0],
    );
  });

  it('gives national ids the check digit that they are known for', () => {
    // Nine digits that every description of the check digit works out, and the placeholder that passes it.
    expect(withCheckDigit('12345678')).to.equal('123456782');
    expect(withCheckDigit('00000000')).to.equal('000000000');
  });

  for (const kind of ['national_id', 'phone', 'email'] as const satisfies readonly WrittenKind[]) {
    it(`makes a ${kind} of each number, all different, and writes it in ways that are all different`, () => {
      const made = Array.from({ length: 5_000 }, (_, number) => identifierOf(kind, number));
      expect(new Set(made).size).to.equal(5_000);
      const written = made.slice(0, 300).flatMap((normal) => writingsOf(kind, normal));
      expect(new Set(written).size).to.equal(written.length);
      expect(() => identifierOf(kind, 500_000)).to.throw('made-up');
    });

    it(`writes a ${kind} in no way that is not told to be the same one`, () => {
      for (let number = 0; number < 2_000; number += 1) {
        const normal = identifierOf(kind, number);
        expect(isPlaceholder(kind, normal), normal).to.equal(false);
        const read = writingsOf(kind, normal).map((written) => normalIdentifier(kind, written));
        expect(new Set(read)).to.deep.equal(new Set([normal]));
      }
    });
  }

  for (const [name, installation] of Object.entries({ usualInstallation, otherInstallation })) {
    describe(name, () => {
      let made: LegacyDatabase;
      before(() => {
        made = makeUpLegacy(installation, NOW);
      });

      it('has as many people, rows, sessions and checks as asked', () => {
        const { cases, checks, people, sessions } = installation;
        const counts = [made.people, made.requests, made.sessions, made.checks].map(({ length }) => length);
        expect(counts).to.deep.equal([people, cases, sessions, checks]);
      });

      it('says of everybody which rows hold his identifier, and which his user id', () => {
        const rows = new Map(made.requests.map((row) => [row.uuid, row]));
        for (const person of made.people) {
          expect(person.byIdentifier).to.not.be.empty;
          for (const uuid of person.byIdentifier) {
            const row = rows.get(uuid)!;
            expect(writingsOf(person.kind, person.identifier)).to.include(row.user_identifier);
            expect((row.vendor_id ?? '').trim().toLowerCase()).to.equal(person.vendorId ?? '');
          }
          for (const uuid of person.byUserId) expect(rows.get(uuid)?.user_id).to.equal(person.userId);
        }
      });

      it('has an identifier at one vendor under several user ids exactly where it says so', () => {
        const keys = Map.groupBy(made.people, ({ identifier, vendorId }) => `${vendorId}|${identifier}`);
        for (const sharing of keys.values()) {
          expect(sharing.every(({ isShared }) => isShared)).to.equal(sharing.length > 1);
        }
        expect(made.people.some(({ isShared }) => isShared)).to.equal(true);
      });

      it('has people with and without a contact and a user id, and rows that are nobody’s', () => {
        const { people, strays } = made;
        for (const key of ['contact', 'userId'] as const) {
          const known = people.filter((person) => person[key] !== null);
          expect(known.length).to.be.greaterThan(0).and.below(people.length);
        }
        expect(strays).to.not.be.empty;
        for (const column of ['user_id', 'user_identifier', 'vendor_id', 'language'] as const) {
          expect(made.requests.some((row) => row[column] === null)).to.equal(true);
        }
      });

      it('has sessions in every state, visitors’ too, and cookies that the service would take', () => {
        const states = new Set(made.sessions.map(({ state }) => state));
        expect([...states]).to.have.members(['live', 'dead', 'dead-by-column', 'dead-by-cookie']);
        expect(made.sessions.some(({ person }) => person === null)).to.equal(true);
        for (const { cookie, expiresAt, sid, state } of made.sessions) {
          const value = decodeURIComponent(cookie).slice('s:'.length);
          expect(installation.sessionSecrets.map((secret) => unsign(value, secret))).to.include(sid);
          expect(expiresAt > NOW).to.equal(state === 'live');
        }
      });
    });
  }
});
