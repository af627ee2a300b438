import { expect } from 'chai';
import type { LegacyLinkDirectory } from '../../../../src/application/ports/stores/legacy-link-directory.ts';
import { Unavailable } from '../../../../src/domain/access/errors.ts';
import { compose } from '../../../../src/main/compose.ts';
import { legacyDesk } from '../../../support/legacy-desk.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { withMethods } from '../../../support/with-methods.ts';
import { world } from '../../../support/world.ts';

/** Somebody who has claimed an identifier, and the code that proves it. */
async function overtakenDesk() {
  const w = world();
  const desk = legacyDesk(w);
  const row = await desk.request();
  const patient = await w.patient();
  const { link } = await desk.claim(patient);
  const proof = { method: 'code', code: await desk.codeTo('dana@records.example') } as const;
  const { legacyLinkDirectory } = w.adapters;
  /** Proves it, while something happens each time after all was looked at, and before it is decided. */
  const proveWhile = (happens: () => Promise<unknown>) => {
    const overtaken = withMethods<LegacyLinkDirectory>(legacyLinkDirectory, {
      findLinked: async (hashes) => {
        const found = await legacyLinkDirectory.findLinked(hashes);
        await happens();
        return found;
      },
    });
    const app = compose({ ...w.adapters, legacyLinkDirectory: overtaken });
    return app.legacy.proveLegacyLink.execute({ actor: patient.actor, linkId: link.id, proof });
  };
  return { w, desk, row, patient, link, proof, proveWhile };
}

const once = (happens: () => Promise<unknown>) => {
  let isOver = false;
  return async () => {
    if (isOver) return;
    isOver = true;
    await happens();
  };
};

describe('A proof of a legacy identifier that something gets ahead of', () => {
  it('links where the claim was made again meanwhile', async () => {
    const { desk, patient, proveWhile, row } = await overtakenDesk();
    expect(await proveWhile(once(() => desk.claim(patient)))).to.deep.equal({ status: 'linked', cases: 1 });
    expect(await desk.ownerOf(row)).to.equal(patient.user.id);
  });

  it('waits for an admin where somebody else got the identifier meanwhile, and leaves it to him', async () => {
    const { desk, proveWhile, row, w } = await overtakenDesk();
    const rival = await w.patient();
    const outcome = await proveWhile(once(() => desk.grant(rival)));
    expect(outcome).to.deep.equal({ status: 'waiting-for-admin' });
    expect(await desk.ownerOf(row)).to.equal(rival.user.id);
    await w.mailTo(rival.user.email, 'legacy-rival-claim');
  });

  it('tells what an equal one came to, which counts once', async () => {
    const { desk, link, patient, proof, proveWhile, w } = await overtakenDesk();
    const outcome = await proveWhile(once(() => desk.prove(patient, link.id, proof)));
    expect(outcome).to.deep.equal({ status: 'linked', cases: 1 });
    expect(await w.audited('legacy.linked')).to.have.length(1);
  });

  it('comes to nothing where the claim was given up meanwhile, or does not come to rest', async () => {
    const givenUp = await overtakenDesk();
    const { app } = givenUp.w;
    const command = { actor: givenUp.patient.actor, linkId: givenUp.link.id };
    const ended = givenUp.proveWhile(once(() => app.legacy.unlinkLegacyIdentifier.execute(command)));
    expect(await refusalOf(ended)).to.be.instanceOf(Unavailable);
    const restless = await overtakenDesk();
    const { desk, patient } = restless;
    expect(await refusalOf(restless.proveWhile(() => desk.claim(patient)))).to.be.instanceOf(Unavailable);
    for (const { desk: of, row } of [givenUp, restless]) expect(await of.ownerOf(row)).to.equal(null);
  });
});
