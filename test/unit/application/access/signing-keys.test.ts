import { expect } from 'chai';
import { NOW, SYSTEM } from '../../../support/builders.ts';
import { AUDIT_FAULT } from '../../../support/failing-audit.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { type World, world } from '../../../support/world.ts';

describe('The signing keys', () => {
  let here: World;

  beforeEach(async () => {
    here = world();
    await here.adapters.signingKeys.ensure(NOW);
  });

  const list = () => here.app.access.listSigningKeys.execute();
  const rotate = () => here.app.access.rotateSigningKeys.execute({ actor: SYSTEM });

  it('are listed with their public halves, and nothing of the private ones', async () => {
    const { keys, publicKeys } = await list();
    expect(keys).to.have.length(1);
    expect(publicKeys.map(({ kid }) => kid)).to.deep.equal(keys.map(({ kid }) => kid));
    for (const key of publicKeys) {
      expect(Object.keys(key)).to.have.members(['kty', 'crv', 'x', 'kid', 'alg', 'use']);
    }
  });

  it('are two after a rotation, the new one first, until tokens of the former one are over', async () => {
    const [former] = (await list()).keys;
    here.clock.advance(60);
    const added = await rotate();
    expect((await list()).keys).to.deep.equal([
      added,
      { ...former, acceptedUntil: new Date(here.clock.now().getTime() + 600_000) },
    ]);
    here.clock.advance(600);
    expect((await list()).keys).to.deep.equal([added]);
    expect((await list()).publicKeys).to.have.length(1);
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

  it('are not rotated where that cannot be audited', async () => {
    const { rotateSigningKeys } = here.unauditedApp.access;
    const fault = await faultOf(rotateSigningKeys.execute({ actor: SYSTEM }));
    expect(fault).to.have.property('message', AUDIT_FAULT);
    expect((await list()).keys).to.have.length(1);
  });
});
