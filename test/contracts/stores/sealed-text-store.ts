import { expect } from 'chai';
import type { SealedText } from '../../../src/application/ports/security/text-cipher.ts';
import type {
  KeptText,
  ResealedText,
  SealedColumn,
} from '../../../src/application/ports/stores/sealed-text-store.ts';
import { grantBreakGlass } from '../../../src/domain/cases/break-glass.ts';
import { cancel } from '../../../src/domain/cases/workflow.ts';
import type { User } from '../../../src/domain/identity/user.ts';
import type { CaseId } from '../../../src/domain/shared/ids.ts';
import { newOutboxEntry, newReset, newSealed } from './access-fixtures.ts';
import { newAct, plantStep } from './case-fixtures.ts';
import { atOnce, failureOf } from './expectations.ts';
import { at, newId, newSubmission, NOW, plantDataKey, plantUser } from './fixtures.ts';
import { replaceDataKey, textsUnderRetiredKeys } from './key-fixtures.ts';
import type { OpenWorld, StoreWorld } from './store-world.ts';

type World = Pick<
  StoreWorld,
  'unitOfWork' | 'dataKeyStore' | 'sealedTexts' | 'readOutboxPayload' | 'readResetReason'
>;

/** Somebody whose tenant has texts of several kinds, all under one key. */
interface Texts {
  readonly user: User;
  readonly keyId: string;
  readonly caseId: CaseId;
  readonly pendingTotp: SealedText;
  readonly entry: ReturnType<typeof newOutboxEntry>;
  readonly all: readonly KeptText[];
}

async function plantTexts(world: World): Promise<Texts> {
  const user = await plantUser(world);
  const { tenantId } = user;
  const keyId = await plantDataKey(world, tenantId);
  const stores = world.unitOfWork.stores(tenantId);
  const submission = newSubmission(keyId, { tenantId, patientId: user.id });
  await stores.cases.add(submission);
  const [totp, pendingTotp, reason] = [newSealed(keyId), newSealed(keyId), newSealed(keyId)];
  await stores.secondFactors.putPendingTotp(user.id, totp, NOW);
  await stores.secondFactors.confirmTotp(user.id, totp, 1, NOW);
  await stores.secondFactors.putPendingTotp(user.id, pendingTotp, NOW);
  const reset = newReset(user);
  await stores.mfaResets.add(reset, reason);
  const entry = newOutboxEntry(tenantId, keyId);
  await stores.outbox.add(entry);
  const [why, leave, note] = [newSealed(keyId), newSealed(keyId), newSealed(keyId)];
  const cancelled = cancel(submission.submitted, newAct());
  await plantStep(world, cancelled, { reason: why });
  const owned = { tenantId, caseId: submission.submitted.id, adminId: user.id };
  const grant = grantBreakGlass({ id: newId(), ...owned }, NOW);
  await stores.breakGlass.add(grant, leave);
  await stores.breakGlass.review(grant.id, { reviewerId: user.id, outcome: 'justified', at: at(1) }, note);
  const all: readonly KeptText[] = [
    { column: 'case_reasons.body', tenantId, rowId: cancelled.event.id, sealed: why },
    { column: 'break_glass_grants.reason', tenantId, rowId: grant.id, sealed: leave },
    { column: 'break_glass_grants.note', tenantId, rowId: grant.id, sealed: note },
    {
      column: 'case_messages.body',
      tenantId,
      rowId: submission.question.id,
      sealed: submission.question.body,
    },
    { column: 'totp_factors.secret', tenantId, rowId: user.id, sealed: totp },
    { column: 'totp_factors.pending_secret', tenantId, rowId: user.id, sealed: pendingTotp },
    { column: 'mfa_resets.reason', tenantId, rowId: reset.id, sealed: reason },
    { column: 'outbox.payload', tenantId, rowId: entry.id, sealed: entry.payload },
  ];
  return { user, keyId, caseId: submission.submitted.id, pendingTotp, entry, all };
}

const under = (keyId: string, text: KeptText): ResealedText => ({ ...text, resealed: newSealed(keyId) });

/** What every `SealedTextStore` does. */
export function sealedTextStoreContract(name: string, open: OpenWorld<keyof World>): void {
  describe(`${name} as a SealedTextStore`, () => {
    describe('finding', () => {
      findingContract(open);
    });
    describe('replacing', () => {
      replacingContract(open);
    });
  });
}

function findingContract(open: OpenWorld<keyof World>): void {
  it('finds each text where it is kept once its key was retired, and none before', async () => {
    const world = await open();
    const { user, keyId, all } = await plantTexts(world);
    expect(await textsUnderRetiredKeys(world, user.tenantId)).to.deep.equal([]);
    await replaceDataKey(world, keyId, user.tenantId);
    expect(await textsUnderRetiredKeys(world, user.tenantId)).to.have.deep.members(all);
  });

  it('counts them', async () => {
    const world = await open();
    const before = await world.sealedTexts.countUnderRetiredKeys();
    const { user, keyId, all } = await plantTexts(world);
    expect(await world.sealedTexts.countUnderRetiredKeys()).to.equal(before);
    await replaceDataKey(world, keyId, user.tenantId);
    expect(await world.sealedTexts.countUnderRetiredKeys()).to.equal(before + all.length);
  });

  it('finds nothing of an entry of the outbox that has ended', async () => {
    const world = await open();
    const { user, keyId, entry } = await plantTexts(world);
    await replaceDataKey(world, keyId, user.tenantId);
    await world.unitOfWork.stores(user.tenantId).outbox.settle(entry.id, 'done', at(1));
    const rows = (await textsUnderRetiredKeys(world, user.tenantId)).map(({ rowId }) => rowId);
    expect(rows).to.not.be.empty.and.to.not.include(entry.id);
  });

  it('finds what was sealed late, under the former key', async () => {
    const world = await open();
    const user = await plantUser(world);
    const keyId = await plantDataKey(world, user.tenantId);
    await replaceDataKey(world, keyId, user.tenantId);
    const late = newOutboxEntry(user.tenantId, keyId);
    await world.unitOfWork.stores(user.tenantId).outbox.add(late);
    const found = await textsUnderRetiredKeys(world, user.tenantId);
    expect(found.map(({ rowId }) => rowId)).to.deep.equal([late.id]);
  });
}

function replacingContract(open: OpenWorld<keyof World>): void {
  it('gives each text back to its owner as it was sealed anew', async () => {
    const world = await open();
    const { user, keyId, caseId, all } = await plantTexts(world);
    const { id: current } = await replaceDataKey(world, keyId, user.tenantId);
    const resealed = all.map((text) => under(current, text));
    for (const text of resealed) {
      expect(await world.sealedTexts.replace(text.column, [text])).to.equal(1);
    }
    expect(await textsUnderRetiredKeys(world, user.tenantId)).to.deep.equal([]);
    const now = (column: SealedColumn) => resealed.find((text) => text.column === column)!;
    const { breakGlass, cases, outbox, secondFactors } = world.unitOfWork.stores(user.tenantId);
    const [question] = await cases.listMessages(caseId);
    expect(question?.body).to.deep.equal(now('case_messages.body').resealed);
    const [reason] = await cases.listReasons(caseId);
    expect(reason?.body).to.deep.equal(now('case_reasons.body').resealed);
    const grant = now('break_glass_grants.note');
    expect(await breakGlass.find(grant.rowId)).to.deep.include({
      reason: now('break_glass_grants.reason').resealed,
      note: grant.resealed,
    });
    expect(await secondFactors.findTotp(user.id)).to.deep.equal({
      confirmed: now('totp_factors.secret').resealed,
      pending: now('totp_factors.pending_secret').resealed,
      pendingSince: NOW,
    });
    const reset = now('mfa_resets.reason');
    expect(await world.readResetReason(reset.rowId)).to.deep.equal(reset.resealed);
    const entry = now('outbox.payload');
    expect((await outbox.find(entry.rowId))?.payload).to.deep.equal(entry.resealed);
  });

  it('replaces many of one column in one go', async () => {
    const world = await open();
    const { tenantId } = await plantUser(world);
    const keyId = await plantDataKey(world, tenantId);
    const { outbox } = world.unitOfWork.stores(tenantId);
    const entries = Array.from({ length: 20 }, () => newOutboxEntry(tenantId, keyId));
    for (const entry of entries) await outbox.add(entry);
    const { id: current } = await replaceDataKey(world, keyId, tenantId);
    const texts = (await textsUnderRetiredKeys(world, tenantId)).map((text) => under(current, text));
    expect(await world.sealedTexts.replace('outbox.payload', texts)).to.equal(20);
    for (const { rowId, resealed } of texts) {
      expect(await world.readOutboxPayload(rowId)).to.deep.equal(resealed);
    }
  });

  it('leaves a text that has changed, or that has gone', async () => {
    const world = await open();
    const { user, keyId, pendingTotp, entry, all } = await plantTexts(world);
    const { id: current } = await replaceDataKey(world, keyId, user.tenantId);
    const { outbox, secondFactors } = world.unitOfWork.stores(user.tenantId);
    const changed = newSealed(keyId);
    await secondFactors.putPendingTotp(user.id, changed, at(1));
    await outbox.settle(entry.id, 'done', at(1));
    for (const text of all.filter(({ sealed }) => sealed === pendingTotp || sealed === entry.payload)) {
      expect(await world.sealedTexts.replace(text.column, [under(current, text)])).to.equal(0);
    }
    expect((await secondFactors.findTotp(user.id))?.pending).to.deep.equal(changed);
    expect(await world.readOutboxPayload(entry.id)).to.equal(null);
  });

  it('replaces a text once where several do it at once', async () => {
    await checkParallelReseals(await open());
  });

  it('refuses a key of another tenant', async () => {
    const world = await open();
    const { user, keyId, all } = await plantTexts(world);
    await replaceDataKey(world, keyId, user.tenantId);
    const foreign = await plantDataKey(world, (await plantUser(world)).tenantId);
    for (const text of all) {
      await failureOf(world.sealedTexts.replace(text.column, [under(foreign, text)]));
    }
    expect(await textsUnderRetiredKeys(world, user.tenantId)).to.have.deep.members(all);
  });
}

/** A text is replaced six times at once: one of them does it, and what it wrote stays. */
export async function checkParallelReseals(
  world: Pick<World, 'unitOfWork' | 'dataKeyStore' | 'sealedTexts'>,
): Promise<void> {
  const { tenantId } = await plantUser(world);
  const keyId = await plantDataKey(world, tenantId);
  const entry = newOutboxEntry(tenantId, keyId);
  await world.unitOfWork.stores(tenantId).outbox.add(entry);
  const { id: current } = await replaceDataKey(world, keyId, tenantId);
  const [text] = await textsUnderRetiredKeys(world, tenantId);
  const reseals = Array.from({ length: 6 }, () => under(current, text!));
  const done = await atOnce(6, (index) => world.sealedTexts.replace('outbox.payload', [reseals[index]!]));
  expect(done.reduce((sum, count) => sum + count)).to.equal(1);
  const kept = await world.unitOfWork.stores(tenantId).outbox.find(entry.id);
  expect(kept?.payload).to.deep.equal(reseals[done.indexOf(1)]?.resealed);
}
