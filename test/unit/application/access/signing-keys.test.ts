import { expect } from 'chai';
import { NOW, someActors, SYSTEM } from '../../../support/builders.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { Forbidden, Unauthenticated } from '../../../../src/domain/access/errors.ts';
import { type World, world } from '../../../support/world.ts';

describe('The signing keys', () => {
  let here: World;

  beforeEach(async () => {
    here = world();
    await here.adapters.signingKeys.ensure(NOW);
  });

  const list = () => here.app.access.listSigningKeys.execute();
  const rotate = () => here.app.access.rotateSigningKeys.execute({ actor: SYSTEM });

  const publicKeys = () => here.app.access.listPublicKeys.execute();

  it('are published by their public halves, and nothing of the private ones', async () => {
    const keys = await list();
    expect(keys).to.have.length(1);
    expect((await publicKeys()).map(({ kid }) => kid)).to.deep.equal(keys.map(({ kid }) => kid));
    for (const key of await publicKeys()) {
      expect(Object.keys(key)).to.have.members(['kty', 'crv', 'x', 'kid', 'alg', 'use']);
    }
  });

  it('are rotated by nobody but the installation itself', async () => {
    for (const actor of Object.values(someActors()).filter(({ kind }) => kind !== 'system')) {
      const refusal = await refusalOf(here.app.access.rotateSigningKeys.execute({ actor }));
      expect(refusal).to.be.instanceOf(actor.kind === 'user' ? Forbidden : Unauthenticated);
    }
    expect(await list()).to.have.length(1);
  });

  it('are two after a rotation, the new one first, until tokens of the former one are over', async () => {
    const [former] = await list();
    here.clock.advance(60);
    const added = await rotate();
    expect(await list()).to.deep.equal([
      added,
      { ...former, acceptedUntil: new Date(here.clock.now().getTime() + 600_000) },
    ]);
    here.clock.advance(600);
    expect(await list()).to.deep.equal([added]);
    expect(await publicKeys()).to.have.length(1);
  });

  it('are rotated with a line in the trail', async () => {
    await rotate();
    expect(await here.audited()).to.deep.equal([
      {
        id: (await here.audited())[0]?.id,
        tenantId: SYSTEM.tenantId,
        actor: { kind: 'system' },
        action: 'access.signing-keys-rotated',
        subject: null,
        at: NOW,
        details: {},
      },
    ]);
  });
});
