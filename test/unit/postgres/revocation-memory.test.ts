import { expect } from 'chai';
import { setTimeout } from 'node:timers/promises';
import { RevocationMemory } from '../../../src/adapters/postgres/revocation-memory.ts';

const token = { sessionId: 's', userId: 'u', epoch: 3 };

describe('The memory of revocations', () => {
  it('knows ended sessions, and tokens of an epoch that is past', () => {
    const memory = new RevocationMemory(60);
    expect(memory.isRevoked(token)).to.equal(false);
    memory.raiseEpoch('u', 3);
    expect(memory.isRevoked(token)).to.equal(false);
    memory.raiseEpoch('u', 4);
    expect(memory.isRevoked(token)).to.equal(true);
    expect(memory.isRevoked({ ...token, userId: 'other' })).to.equal(false);
    memory.endSession('s');
    expect(memory.isRevoked({ ...token, userId: 'other' })).to.equal(true);
  });

  it('never goes back to an earlier epoch, in whatever order news come', () => {
    const memory = new RevocationMemory(60);
    memory.raiseEpoch('u', 5);
    memory.raiseEpoch('u', 2);
    expect(memory.isRevoked({ ...token, epoch: 4 })).to.equal(true);
  });

  it('forgets what no token can outlive', async () => {
    const memory = new RevocationMemory(0.02);
    const sessions = Array.from({ length: 100 }, (_, n) => ({ ...token, sessionId: `s${n}` }));
    for (const { sessionId } of sessions) memory.endSession(sessionId);
    memory.raiseEpoch('u', 4);
    expect(sessions.every((session) => memory.isRevoked(session))).to.equal(true);
    await setTimeout(40);
    memory.endSession('last');
    memory.raiseEpoch('v', 4);
    expect(sessions.some((session) => memory.isRevoked(session))).to.equal(false);
    expect(memory.isRevoked({ ...token, sessionId: 'last' })).to.equal(true);
    expect(memory.isRevoked({ ...token, userId: 'v' })).to.equal(true);
  });
});
