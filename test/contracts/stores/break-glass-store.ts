import { expect } from 'chai';
import type { SealedText } from '../../../src/application/ports/security/text-cipher.ts';
import type { StoredGrant } from '../../../src/application/ports/stores/break-glass-store.ts';
import {
  BREAK_GLASS_SECONDS,
  type BreakGlassGrant,
  grantBreakGlass,
  type GrantReview,
} from '../../../src/domain/cases/break-glass.ts';
import type { User } from '../../../src/domain/identity/user.ts';
import type { CaseId, TenantId } from '../../../src/domain/shared/ids.ts';
import { newSealed } from './access-fixtures.ts';
import { plantCase } from './case-fixtures.ts';
import { atOnce, everyPage, failureOf, inOrder, undo } from './expectations.ts';
import { at, newId, NOW, plantDataKey, plantUser } from './fixtures.ts';
import type { OpenWorld, StoreWorld } from './store-world.ts';

type World = Pick<StoreWorld, 'unitOfWork' | 'dataKeyStore'>;

const ALL = { limit: 100, after: null };

/** A tenant with a case, of which an admin may want to know more. */
interface Practice {
  readonly tenantId: TenantId;
  readonly keyId: string;
  readonly caseId: CaseId;
  readonly admin: User;
}

const grantsOf = ({ unitOfWork }: World, tenantId: TenantId) => unitOfWork.stores(tenantId).breakGlass;

async function plantPractice(world: World): Promise<Practice> {
  const admin = await plantUser(world, { role: 'admin' });
  const { tenantId } = admin;
  const keyId = await plantDataKey(world, tenantId);
  const { id: caseId } = await plantCase(world, keyId, { id: null, tenantId });
  return { tenantId, keyId, caseId, admin };
}

/** A grant that is not stored yet. */
const newGrant = (
  { tenantId, caseId, admin }: Practice,
  given: Partial<BreakGlassGrant> = {},
  now = NOW,
): BreakGlassGrant => ({
  ...grantBreakGlass({ id: newId(), tenantId, caseId, adminId: admin.id }, now),
  ...given,
});

/** Stores a grant; gives it as it is to be found. */
async function plantGrant(
  world: World,
  practice: Practice,
  given: Partial<BreakGlassGrant> = {},
  now = NOW,
): Promise<StoredGrant> {
  const grant = newGrant(practice, given, now);
  const reason = newSealed(practice.keyId);
  await grantsOf(world, practice.tenantId).add(grant, reason);
  return { ...grant, reason, note: null };
}

/** The grant without its texts. */
const withoutTexts = ({ reason: _, note: __, ...grant }: StoredGrant): BreakGlassGrant => grant;

const newReview = ({ admin }: Pick<Practice, 'admin'>, given: Partial<GrantReview> = {}): GrantReview => ({
  reviewerId: admin.id,
  outcome: 'justified',
  at: at(7200),
  ...given,
});

/** What every `BreakGlassStore` keeps. */
export function breakGlassStoreContract(name: string, open: OpenWorld<keyof World>): void {
  describe(`${name} as a BreakGlassStore`, () => {
    describe('adding', () => {
      addingContract(open);
    });
    describe('finding what lets an admin read', () => {
      liveContract(open);
    });
    describe('listing', () => {
      listingContract(open);
    });
    describe('reviewing', () => {
      reviewingContract(open);
    });
    describe('among tenants', () => {
      tenantContract(open);
    });
  });
}

function addingContract(open: OpenWorld<keyof World>): void {
  it('gives back exactly what was added, with its reason and without a review', async () => {
    const world = await open();
    const practice = await plantPractice(world);
    const grants = grantsOf(world, practice.tenantId);
    const [first, second] = [await plantGrant(world, practice), await plantGrant(world, practice, {}, at(1))];
    expect(await grants.find(first.id)).to.deep.equal(first);
    expect(await grants.find(second.id)).to.deep.equal(second);
    expect(await grants.find(newId())).to.equal(null);
  });

  it('adds none for a case, an admin or a key of another tenant, nor for those that never were', async () => {
    const world = await open();
    const [practice, other] = [await plantPractice(world), await plantPractice(world)];
    const grants = grantsOf(world, practice.tenantId);
    const foreign: readonly (readonly [BreakGlassGrant, SealedText])[] = [
      [newGrant(practice, { caseId: other.caseId }), newSealed(practice.keyId)],
      [newGrant(practice, { caseId: newId() }), newSealed(practice.keyId)],
      [newGrant(practice, { adminId: other.admin.id }), newSealed(practice.keyId)],
      [newGrant(practice, { adminId: newId() }), newSealed(practice.keyId)],
      [newGrant(practice), newSealed(other.keyId)],
      [newGrant(practice, { tenantId: other.tenantId }), newSealed(practice.keyId)],
    ];
    for (const [grant, reason] of foreign) await failureOf(grants.add(grant, reason));
    for (const { tenantId } of [practice, other]) {
      expect(await grantsOf(world, tenantId).list(ALL)).to.deep.equal({ items: [], next: null });
    }
  });

  it('keeps none of a unit of work that failed', async () => {
    const world = await open();
    const practice = await plantPractice(world);
    const grant = newGrant(practice);
    await undo(world, practice.tenantId, async ({ breakGlass }) => {
      await breakGlass.add(grant, newSealed(practice.keyId));
      expect(await breakGlass.findLive(grant.caseId, grant.adminId, NOW)).to.deep.equal(grant);
    });
    const grants = grantsOf(world, practice.tenantId);
    expect(await grants.find(grant.id)).to.equal(null);
    expect(await grants.findLive(grant.caseId, grant.adminId, NOW)).to.equal(null);
  });
}

function liveContract(open: OpenWorld<keyof World>): void {
  it('finds a grant until the very moment when it ends, reviewed or not', async () => {
    const world = await open();
    const practice = await plantPractice(world);
    const { admin, caseId, keyId, tenantId } = practice;
    const grants = grantsOf(world, tenantId);
    const stored = await plantGrant(world, practice);
    const grant = withoutTexts(stored);
    const live = (seconds: number) => grants.findLive(caseId, admin.id, at(seconds));
    expect(await live(0)).to.deep.equal(grant);
    expect(await live(BREAK_GLASS_SECONDS - 0.001)).to.deep.equal(grant);
    expect(await live(BREAK_GLASS_SECONDS)).to.equal(null);
    const review = newReview(practice);
    await grants.review(grant.id, review, newSealed(keyId));
    expect(await live(0)).to.deep.equal({ ...grant, review });
  });

  it('finds the one that lasts longest', async () => {
    const world = await open();
    const practice = await plantPractice(world);
    const grants = grantsOf(world, practice.tenantId);
    await plantGrant(world, practice);
    const longest = await plantGrant(world, practice, {}, at(120));
    await plantGrant(world, practice, {}, at(60));
    const found = await grants.findLive(practice.caseId, practice.admin.id, at(130));
    expect(found).to.deep.equal(withoutTexts(longest));
  });

  it('finds none of a colleague, nor for another case', async () => {
    const world = await open();
    const practice = await plantPractice(world);
    const { admin, caseId, keyId, tenantId } = practice;
    const grants = grantsOf(world, tenantId);
    await plantGrant(world, practice);
    const colleague = await plantUser(world, { tenantId, role: 'admin' });
    const another = await plantCase(world, keyId, { id: null, tenantId });
    expect(await grants.findLive(caseId, colleague.id, NOW)).to.equal(null);
    expect(await grants.findLive(another.id, admin.id, NOW)).to.equal(null);
  });
}

function listingContract(open: OpenWorld<keyof World>): void {
  it('lists all, newest first and page by page, also those of one moment', async () => {
    const world = await open();
    const practice = await plantPractice(world);
    const planted: StoredGrant[] = [];
    for (const seconds of [0, 0, 0, 60, 120]) {
      planted.push(await plantGrant(world, practice, {}, at(seconds)));
    }
    const grants = grantsOf(world, practice.tenantId);
    for (const limit of [2, 5, 100]) {
      const listed = await everyPage((request) => grants.list(request), limit);
      expect(listed).to.deep.equal(inOrder(planted));
    }
  });

  it('lists none where there are none', async () => {
    const world = await open();
    const { tenantId } = await plantPractice(world);
    expect(await grantsOf(world, tenantId).list(ALL)).to.deep.equal({ items: [], next: null });
  });
}

function reviewingContract(open: OpenWorld<keyof World>): void {
  it('keeps a review with its note, once', async () => {
    const world = await open();
    const practice = await plantPractice(world);
    const { keyId, tenantId } = practice;
    const colleague = await plantUser(world, { tenantId, role: 'admin' });
    const grants = grantsOf(world, tenantId);
    const [stored, other] = [await plantGrant(world, practice), await plantGrant(world, practice)];
    const [review, note] = [newReview({ admin: colleague }), newSealed(keyId)];
    expect(await grants.review(stored.id, review, note)).to.equal(true);
    expect(await grants.review(stored.id, newReview(practice), newSealed(keyId))).to.equal(false);
    expect(await grants.find(stored.id)).to.deep.equal({ ...stored, review, note });
    expect(await grants.find(other.id)).to.deep.equal(other);
    expect(await grants.review(newId(), review, note)).to.equal(false);
  });

  it('keeps one of many reviews at once', async () => {
    await checkParallelReviews(await open());
  });

  it('takes no reviewer and no key of another tenant', async () => {
    const world = await open();
    const [practice, other] = [await plantPractice(world), await plantPractice(world)];
    const stored = await plantGrant(world, practice);
    const grants = grantsOf(world, practice.tenantId);
    await failureOf(grants.review(stored.id, newReview(other), newSealed(practice.keyId)));
    await failureOf(grants.review(stored.id, newReview(practice), newSealed(other.keyId)));
    expect(await grants.find(stored.id)).to.deep.equal(stored);
  });

  it('lets a grant wait where the unit of work failed', async () => {
    const world = await open();
    const practice = await plantPractice(world);
    const stored = await plantGrant(world, practice);
    await undo(world, practice.tenantId, async ({ breakGlass }) => {
      const note = newSealed(practice.keyId);
      expect(await breakGlass.review(stored.id, newReview(practice), note)).to.equal(true);
    });
    expect(await grantsOf(world, practice.tenantId).find(stored.id)).to.deep.equal(stored);
  });
}

function tenantContract(open: OpenWorld<keyof World>): void {
  it('neither finds, lists nor reviews what is of another tenant', async () => {
    const world = await open();
    const [practice, other] = [await plantPractice(world), await plantPractice(world)];
    const stored = await plantGrant(world, practice);
    const grants = grantsOf(world, other.tenantId);
    expect(await grants.find(stored.id)).to.equal(null);
    expect(await grants.findLive(stored.caseId, stored.adminId, NOW)).to.equal(null);
    expect(await grants.list(ALL)).to.deep.equal({ items: [], next: null });
    expect(await grants.review(stored.id, newReview(other), newSealed(other.keyId))).to.equal(false);
    expect(await grantsOf(world, practice.tenantId).find(stored.id)).to.deep.equal(stored);
  });
}

/** Twenty review one grant at once: one of the reviews is kept, whole. */
export async function checkParallelReviews(world: World): Promise<void> {
  const practice = await plantPractice(world);
  const stored = await plantGrant(world, practice);
  const grants = grantsOf(world, practice.tenantId);
  const reviews = Array.from({ length: 20 }, (_, index) => ({
    review: newReview(practice, { outcome: `outcome ${String(index)}`, at: at(index) }),
    note: newSealed(practice.keyId),
  }));
  const kept = await atOnce(reviews.length, (index) => {
    const { review, note } = reviews[index]!;
    return grants.review(stored.id, review, note);
  });
  expect(kept.filter(Boolean)).to.have.length(1);
  expect(await grants.find(stored.id)).to.deep.equal({ ...stored, ...reviews[kept.indexOf(true)] });
}
