import { expect } from 'chai';
import { Cursors } from '../../../src/adapters/http/cursors.ts';
import { queuePositions } from '../../../src/adapters/http/queue-positions.ts';
import { CASE_PRIORITIES } from '../../../src/domain/cases/case.ts';
import { DEFAULT_TENANT_ID } from '../../../src/domain/shared/ids.ts';
import { anId, NOW } from '../../support/builders.ts';

const LIST = { route: '/things', tenantId: DEFAULT_TENANT_ID };

describe('Cursors', () => {
  const cursors = new Cursors(new Uint8Array(32));

  it('carry a position of a list that has the newest first', () => {
    const next = { createdAt: NOW, id: anId() };
    const cursor = cursors.nextOf(LIST, { next }) ?? undefined;
    expect(cursors.pageOf(LIST, { limit: 7, cursor })).to.deep.equal({ limit: 7, after: next });
  });

  it('carry a place in the queue, of every priority', () => {
    for (const priority of CASE_PRIORITIES) {
      const place = { priority, dueAt: new Date(NOW.getTime() + 1), createdAt: NOW, id: anId() };
      const cursor = cursors.make(LIST, queuePositions, place) ?? undefined;
      expect(cursors.read(LIST, queuePositions, cursor)).to.deep.equal(place);
    }
  });

  it('are none at the end, and begin where there is none', () => {
    expect(cursors.nextOf(LIST, { next: null })).to.be.null;
    expect(cursors.make(LIST, queuePositions, null)).to.be.null;
    expect(cursors.read(LIST, queuePositions, undefined)).to.be.null;
  });

  it('count for their list only, with their key, whole, and in their format', () => {
    const cursor = cursors.nextOf(LIST, { next: { createdAt: NOW, id: anId() } })!;
    const read = (scope = LIST, given = cursor, by = cursors) =>
      by.pageOf(scope, { limit: 1, cursor: given });
    expect(() => read()).to.not.throw();
    for (const refused of [
      () => read({ ...LIST, route: '/others' }),
      () => read({ ...LIST, tenantId: anId() }),
      () => read(LIST, cursor.slice(0, -1)),
      () => read(LIST, `${cursor}=`),
      () => read(LIST, ''),
      () => read(LIST, cursor, new Cursors(new Uint8Array(32).fill(1))),
      () => cursors.read(LIST, queuePositions, cursor),
    ]) {
      expect(refused).to.throw().with.property('code', 'request.invalid');
    }
  });

  it('of the queue name a priority that there is', () => {
    for (const text of [`soon.1.1.${anId()}`, `asap.1.${anId()}`, 'asap.1.1.', '']) {
      expect(queuePositions.read(text), text).to.be.null;
    }
  });
});
