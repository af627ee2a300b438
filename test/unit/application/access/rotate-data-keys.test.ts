import { expect } from 'chai';
import { NOW, someActors, SYSTEM } from '../../../support/builders.ts';
import { enrolTotp } from '../../../support/enrol-totp.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import type { RotateDataKeysCommand } from '../../../../src/application/access/rotate-data-keys.ts';
import type { KeptText } from '../../../../src/application/ports/stores/sealed-text-store.ts';
import { placeOf } from '../../../../src/application/steps/sealed-places.ts';
import { Forbidden, Unauthenticated, Unavailable } from '../../../../src/domain/access/errors.ts';
import { SEALED_COLUMNS, sealedTextsIn } from '../../../../src/adapters/memory/sealed-texts.ts';
import { compose } from '../../../../src/main/compose.ts';
import { type Member, type World, world } from '../../../support/world.ts';

const HOUR = 3600;
const DAY = 86_400;

describe('The rotation of data keys', () => {
  let here: World;
  let person: Member;
  let waited: number[];

  beforeEach(async () => {
    here = world();
    waited = [];
    person = await here.patient();
    await enrolTotp(here, person.actor);
    const elsewhere = await here.tenant();
    await here.patient({ tenant: elsewhere });
    await here.app.access.beginTotpEnrolment.execute({
      actor: (await here.patient({ tenant: elsewhere })).actor,
    });
  });

  const rotate = (given: Partial<RotateDataKeysCommand> = {}) =>
    here.app.access.rotateDataKeys.execute({
      actor: SYSTEM,
      wait: (seconds) => Promise.resolve(void waited.push(seconds)),
      ...given,
    });

  const texts = (): Promise<readonly KeptText[]> =>
    here.adapters.database.read((tables) =>
      SEALED_COLUMNS.flatMap((column) => sealedTextsIn(tables, column)),
    );

  const opened = async (): Promise<readonly string[]> => {
    const all = await texts();
    return Promise.all(all.map((text) => here.adapters.textCipher.open(placeOf(text), text.sealed)));
  };

  const keys = async () => {
    const rows = await here.rows('dataKeys');
    return {
      current: rows.filter(({ retiredAt }) => retiredAt === null).map(({ id }) => id),
      retired: rows.filter(({ retiredAt }) => retiredAt !== null).map(({ id }) => id),
    };
  };

  /** Spoils a text, and says where it is. */
  const spoil = async (): Promise<KeptText> => {
    const text = (await texts()).find(({ column }) => column === 'totp_factors.secret')!;
    await here.adapters.database.write((tables) => {
      const row = tables.totpSecrets.get(text.rowId)!;
      const bytes = new Uint8Array(text.sealed.bytes.length);
      tables.totpSecrets.set(text.rowId, { ...row, confirmed: { ...text.sealed, bytes } });
    });
    return text;
  };

  it('gives every tenant a new key and seals every text anew, which says what it said', async () => {
    const [before, said] = [await texts(), await opened()];
    const { current: former } = await keys();
    expect(await rotate()).to.deep.equal({
      isResumed: false,
      tenants: 2,
      texts: before.length,
      destroyedKeys: 0,
      unopened: 0,
      firstUnopened: [],
    });
    const { current, retired } = await keys();
    expect(retired).to.have.members(former);
    expect(current).to.have.length(2);
    expect(await opened()).to.deep.equal(said);
    for (const { sealed } of await texts()) expect(current).to.include(sealed.keyId);
  });

  it('is nothing that anybody does but the installation itself', async () => {
    for (const actor of Object.values(someActors()).filter(({ kind }) => kind !== 'system')) {
      const refusal = await refusalOf(rotate({ actor }));
      expect(refusal).to.be.instanceOf(actor.kind === 'user' ? Forbidden : Unauthenticated);
    }
    expect((await keys()).retired).to.deep.equal([]);
  });

  it('leaves a line in the trail, and one for each key that is destroyed', async () => {
    const { current } = await keys();
    await rotate();
    expect(await here.audited('access.data-keys-rotated')).to.have.length(1);
    expect((await here.audited('access.data-keys-rotated'))[0]).to.deep.include({
      tenantId: SYSTEM.tenantId,
      actor: { kind: 'system' },
      subject: null,
      at: NOW,
    });
    here.clock.advance(DAY + 1);
    expect(await rotate()).to.include({ destroyedKeys: 2 });
    const destroyed = await here.audited('access.data-key-destroyed');
    expect(destroyed.map(({ subject }) => subject)).to.have.deep.members(
      current.map((id) => ({ type: 'data-key', id })),
    );
  });

  it('keeps former keys for a day, and destroys them in a later run', async () => {
    const { current: first } = await keys();
    await rotate();
    here.clock.advance(DAY);
    expect(await rotate()).to.include({ destroyedKeys: 0 });
    expect((await keys()).retired).to.have.length(4);
    here.clock.advance(1);
    expect(await rotate()).to.include({ destroyedKeys: 2 });
    for (const key of first) expect((await keys()).retired).to.not.include(key);
    expect(await opened()).to.not.be.empty;
  });

  it('tells how far it has come, from nothing to everything', async () => {
    const shown: (readonly [number, number])[] = [];
    const { texts: count } = await rotate({ onProgress: ({ done, total }) => shown.push([done, total]) });
    expect(shown[0]).to.deep.equal([0, count]);
    expect(shown.at(-1)).to.deep.equal([count, count]);
    for (const [index, [done]] of shown.entries()) expect(done).to.be.at.least(shown[index - 1]?.[0] ?? 0);
  });

  it('makes no further keys where one was broken off, and finishes it', async () => {
    const said = await opened();
    await here.adapters.dataKeyRotation.rotate(NOW, { ...(await here.audited())[0]!, id: 'rotated' });
    const { current } = await keys();
    expect(await rotate()).to.deep.include({ isResumed: true, tenants: 0, texts: said.length });
    expect((await keys()).current).to.deep.equal(current);
    expect(await opened()).to.deep.equal(said);
    expect(await rotate()).to.deep.include({ isResumed: false, tenants: 2 });
  });

  it('tells the trail of texts that a run sealed anew which made no keys', async () => {
    await here.adapters.dataKeyRotation.rotate(NOW, { ...(await here.audited())[0]!, id: 'rotated' });
    here.clock.advance(HOUR);
    const { texts: count } = await rotate();
    const entries = await here.audited('access.data-keys-resealed');
    expect(entries).to.have.length(1);
    expect(entries[0]).to.deep.include({
      tenantId: SYSTEM.tenantId,
      actor: { kind: 'system' },
      subject: null,
      at: here.clock.now(),
      details: { texts: count },
    });
    await rotate();
    expect(await here.audited('access.data-keys-resealed')).to.have.length(1);
  });

  it('finishes an earlier one, and makes new keys too, where the last were made over an hour ago', async () => {
    const said = await opened();
    await here.adapters.dataKeyRotation.rotate(NOW, { ...(await here.audited())[0]!, id: 'rotated' });
    const { current } = await keys();
    here.clock.advance(HOUR + 0.001);
    const rotated = { isResumed: false, tenants: 2, texts: 2 * said.length };
    expect(await rotate()).to.deep.include(rotated);
    expect((await keys()).retired).to.include.members(current);
    expect(await opened()).to.deep.equal(said);
    for (const { sealed } of await texts()) expect((await keys()).current).to.include(sealed.keyId);
    expect(await here.audited('access.data-keys-resealed')).to.deep.equal([]);
  });

  it('looks again, and again, for texts that were sealed just before', async () => {
    const { tenantId } = person.user;
    const entry = (await here.rows('outboxEntries')).find((row) => row.tenantId === tenantId)!;
    const late = await Promise.all(
      ['late-1', 'late-2'].map(async (id) => {
        const place = placeOf({ column: 'outbox.payload', tenantId, rowId: id });
        const payload = await here.adapters.textCipher.seal(place, 'late');
        return { ...entry, id, payload, outcome: null, settledAt: null };
      }),
    );
    const { texts: count } = await rotate({
      wait: async (seconds) => {
        waited.push(seconds);
        const row = late.shift();
        if (row) await here.adapters.database.write((tables) => tables.outboxEntries.add(row.id, row));
      },
    });
    expect(waited).to.deep.equal([2, 2, 2]);
    expect(count).to.equal((await texts()).length);
    const { current } = await keys();
    for (const { sealed } of await texts()) expect(current).to.include(sealed.keyId);
  });

  it('names a text that does not open, rotates all others, and is not held up by it the next time', async () => {
    const { column, tenantId, rowId, sealed } = await spoil();
    const others = (await texts()).length - 1;
    const done = { unopened: 1, firstUnopened: [{ column, tenantId, rowId }], texts: others };
    expect(await rotate()).to.deep.include({ ...done, isResumed: false });
    here.clock.advance(DAY + 1);
    expect(await rotate()).to.deep.include({ ...done, isResumed: false, tenants: 2, destroyedKeys: 1 });
    expect((await keys()).retired).to.include(sealed.keyId);
  });

  it('stops where keys cannot be had, without calling any text broken', async () => {
    const unavailable = () => Promise.reject(new Unavailable());
    const textCipher = { seal: unavailable, open: unavailable };
    const app = compose({ ...here.adapters, textCipher });
    const act = app.access.rotateDataKeys.execute({ actor: SYSTEM, wait: () => Promise.resolve() });
    expect(await faultOf(act)).to.be.instanceOf(Unavailable);
    expect(await rotate()).to.deep.include({ isResumed: true, unopened: 0 });
  });

  it('does nothing where no tenant has a key yet', async () => {
    const empty = world();
    const act = { actor: SYSTEM, wait: () => Promise.reject(new Error('There is nothing to wait for.')) };
    expect(await empty.app.access.rotateDataKeys.execute(act)).to.deep.include({ tenants: 0, texts: 0 });
    expect(await empty.audited()).to.deep.equal([]);
  });
});
