import { expect } from 'chai';
import {
  AUTHENTICATION_METHODS,
  type AuthenticationMethod,
  joinMethods,
} from '../../../src/domain/access/session.ts';
import type { User } from '../../../src/domain/identity/user.ts';
import { atOnce, undo } from './expectations.ts';
import { at, newId, NOW, plantSession, plantUser } from './fixtures.ts';
import type { OpenWorld, StoreWorld } from './store-world.ts';

type World = Pick<StoreWorld, 'unitOfWork'>;

const sessionsOf = ({ unitOfWork }: World, user: User) => unitOfWork.stores(user.tenantId).sessions;

/** Proofs of who somebody is, as they are given at one moment. */
const PROOFS: readonly (readonly AuthenticationMethod[])[] = [
  ['pwd'],
  ['otp'],
  ['pwd', 'otp', 'mfa'],
  ['hwk'],
  ['swk', 'user', 'mfa'],
  ['legacy_session'],
];

/** What a `SessionStore` keeps of further proofs. */
export function elevatingContract(open: OpenWorld<keyof World>): void {
  it('joins the methods by the rule of the domain, and the proof is of now', async () => {
    const world = await open();
    const user = await plantUser(world);
    const { sessions } = world.unitOfWork.stores(user.tenantId);
    for (const before of PROOFS) {
      for (const added of PROOFS) {
        const session = await plantSession(world, user, { amr: before, authTime: at(-600) });
        const amr = joinMethods(before, added);
        expect(await sessions.elevate(user.id, session.id, added, at(5))).to.deep.equal(amr);
        expect(await sessions.find(session.id)).to.deep.equal({ ...session, amr, authTime: at(5) });
      }
    }
  });

  it('elevates nothing that is not a live session of this user in this tenant', async () => {
    const world = await open();
    const user = await plantUser(world);
    const session = await plantSession(world, user);
    const over = [
      await plantSession(world, user, { idleExpiresAt: at(5) }),
      await plantSession(world, user, { expiresAt: at(5) }),
      await plantSession(world, user, { endedAt: at(1), endReason: 'revoked' }),
    ];
    const colleague = await plantUser(world, { tenantId: user.tenantId });
    const sessions = sessionsOf(world, user);
    for (const { id } of over) expect(await sessions.elevate(user.id, id, ['otp'], at(5))).to.equal(null);
    expect(await sessions.elevate(user.id, newId(), ['otp'], at(5))).to.equal(null);
    expect(await sessions.elevate(colleague.id, session.id, ['otp'], at(5))).to.equal(null);
    const foreign = sessionsOf(world, await plantUser(world));
    expect(await foreign.elevate(user.id, session.id, ['otp'], at(5))).to.equal(null);
    for (const same of [session, ...over]) expect(await sessions.find(same.id)).to.deep.equal(same);
    expect(await sessions.elevate(user.id, over[0]!.id, ['pwd'], at(4.999))).to.deep.equal(['pwd']);
  });

  it('loses no proof of many that are given at once', async () => {
    const world = await open();
    const user = await plantUser(world);
    const { id } = await plantSession(world, user, { amr: [] });
    await atOnce(AUTHENTICATION_METHODS.length, (index) =>
      sessionsOf(world, user).elevate(user.id, id, [AUTHENTICATION_METHODS[index]!], NOW),
    );
    expect((await sessionsOf(world, user).find(id))?.amr).to.deep.equal(AUTHENTICATION_METHODS);
  });

  it('leaves a session as it was where the unit of work failed', async () => {
    const world = await open();
    const user = await plantUser(world);
    const session = await plantSession(world, user);
    await undo(world, user.tenantId, ({ sessions }) => sessions.elevate(user.id, session.id, ['otp'], at(5)));
    expect(await sessionsOf(world, user).find(session.id)).to.deep.equal(session);
  });
}
