import { expect } from 'chai';
import { hash, verify } from '@node-rs/argon2';
import {
  type Argon2Engine,
  Argon2PasswordHasher,
} from '../../../src/adapters/crypto/argon2-password-hasher.ts';
import { Unavailable } from '../../../src/domain/access/errors.ts';
import { passwordHasherContract } from '../../contracts/security/password-hasher-contract.ts';
import { rejectionOf } from '../../contracts/security/rejection-of.ts';

const SMALL = { memoryKib: 64, passes: 1, threads: 2 };
const PREFIX = '$argon2id$v=19$m=64,t=1,p=1$';

/** The real engine; notes the parameters of each hashing that was carried out, and how many ran at the same time. */
class CountingEngine implements Argon2Engine {
  readonly work: string[] = [];
  running = 0;
  mostRunning = 0;

  readonly hash: typeof hash = async (...given) =>
    this.#count(async () => {
      const made = await hash(...given);
      this.work.push(parametersOf(made));
      return made;
    });

  readonly verify: typeof verify = async (hashed, ...given) =>
    this.#count(async () => {
      const matches = await verify(hashed, ...given);
      this.work.push(parametersOf(hashed.toString()));
      return matches;
    });

  async #count<T>(job: () => Promise<T>): Promise<T> {
    this.running += 1;
    this.mostRunning = Math.max(this.mostRunning, this.running);
    try {
      return await job();
    } finally {
      this.running -= 1;
    }
  }
}

const parametersOf = (phc: string): string => phc.split('$').slice(0, 4).join('$') + '$';

passwordHasherContract('Argon2PasswordHasher', () => new Argon2PasswordHasher(SMALL));

describe('Argon2PasswordHasher', () => {
  let engine: CountingEngine;
  let hasher: Argon2PasswordHasher;

  beforeEach(() => {
    engine = new CountingEngine();
    hasher = new Argon2PasswordHasher(SMALL, engine);
  });

  it('makes argon2id of 19 MiB, two passes and one lane unless told otherwise', async () => {
    expect(await new Argon2PasswordHasher().hash('password')).to.match(
      /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/,
    );
  });

  it('makes argon2id of the parameters that it is given', async () => {
    const made = new Argon2PasswordHasher({ memoryKib: 128, passes: 3 }).hash('password');
    expect(parametersOf(await made)).to.equal('$argon2id$v=19$m=128,t=3,p=1$');
  });

  const outdated = {
    'less memory': { memoryCost: 32, timeCost: 1, parallelism: 1 },
    'more memory': { memoryCost: 128, timeCost: 1, parallelism: 1 },
    'more passes': { memoryCost: 64, timeCost: 2, parallelism: 1 },
    'more lanes': { memoryCost: 64, timeCost: 1, parallelism: 2 },
    'another algorithm': { memoryCost: 64, timeCost: 1, parallelism: 1, algorithm: 1 },
    'an older version': { memoryCost: 64, timeCost: 1, parallelism: 1, version: 0 },
  };
  for (const [what, options] of Object.entries(outdated)) {
    it(`recognises a password hashed with ${what}, and calls the hash outdated`, async () => {
      const stored = await hash('password', options);
      expect(await hasher.verify('password', stored)).to.deep.equal({ matches: true, outdated: true });
      expect((await hasher.verify('passwore', stored)).matches).to.equal(false);
      // The time of a hash of the present parameters is spent as well, as for nobody at all.
      expect(engine.work).to.include(PREFIX);
    });
  }

  it('does the same work whether the password matches, does not, or there is no hash, from the first time on', async () => {
    const stored = await hash('password', { memoryCost: 64, timeCost: 1, parallelism: 1 });
    for (const [password, hashed] of [
      ['password', null],
      ['password', stored],
      ['passwore', stored],
      ['password', null],
    ] as const) {
      engine.work.length = 0;
      await hasher.verify(password, hashed);
      expect(engine.work).to.deep.equal([PREFIX]);
    }
  });

  const malformed = [
    '',
    'password',
    '$',
    '$argon2id$',
    PREFIX,
    `${PREFIX}c29tZXNhbHQ`,
    `${PREFIX}c2FsdA$aGFzaA`,
    '$argon2id$v=19$m=1,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$u4zKVxVKOG76aExD+siL+dZHJGq/FAEuQJgaUAdWQLA',
    '$argon2id$v=19$m=64,t=0,p=1$c29tZXNhbHRzb21lc2FsdA$u4zKVxVKOG76aExD+siL+dZHJGq/FAEuQJgaUAdWQLA',
    '$2b$10$abcdefghijklmnopqrstuuAbCdEfGhIjKlMnOpQrStUvWxYz01234',
    '\0',
  ];
  for (const hashed of malformed) {
    it(`finds that nothing matches ${JSON.stringify(hashed)}, with the same work`, async () => {
      expect((await hasher.verify('password', hashed)).matches).to.equal(false);
      expect(engine.work).to.deep.equal([PREFIX]);
    });
  }

  it('never has more than one job beyond the threads in the pool', async () => {
    await Promise.all(Array.from({ length: 40 }, () => hasher.hash('password')));
    expect(engine.mostRunning).to.equal(3);
  });

  it('lets 64 wait and refuses the next, whatever it asks for, without any work', async () => {
    const taken = Array.from({ length: 3 + 64 }, (_, index) =>
      index % 2 ? hasher.hash('password') : hasher.verify('password', null),
    );
    const refused = [
      hasher.hash('password'),
      hasher.verify('password', null),
      hasher.verify('password', 'x'),
    ];
    for (const refusal of await Promise.all(refused.map(rejectionOf))) {
      expect(refusal).to.be.instanceOf(Unavailable).and.to.have.property('retryAfterSeconds', 1);
    }
    expect(engine.work).to.have.length.below(67);
    await Promise.all(taken);
    expect(engine.work).to.have.length(67);
  });

  it('lets as many wait as it is told', async () => {
    const strict = new Argon2PasswordHasher({ ...SMALL, threads: 1, maxWaiting: 1 }, engine);
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => strict.hash('password')));
    expect(results.map(({ status }) => status)).to.deep.equal([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
    ]);
  });
});
