import { expect } from 'chai';
import { Argon2PasswordHasher } from '../../../src/adapters/crypto/argon2-password-hasher.ts';

const PASSWORD = 'correct horse battery staple';
const HEBREW = 'סיסמה ארוכה 🔑';

/** Hashes that others made: published vectors, and what the named libraries gave. */
const KNOWN: readonly (readonly [of: string, password: string, hash: string])[] = [
  ['bcrypt', PASSWORD, '$2b$04$M3KRAKkYG.cco6Ze.L2/Wem5p3t1CbCwWl6cyIoCXGVt2CddE9T82'],
  ['bcrypt of its former mark', PASSWORD, '$2a$04$sZpGyWBn024wH6fLpm4MVeBHMdLdUv6lQBvxRi8UxIUf9TM3u48Rq'],
  ['bcrypt of PHP', PASSWORD, '$2y$04$M3KRAKkYG.cco6Ze.L2/Wem5p3t1CbCwWl6cyIoCXGVt2CddE9T82'],
  ['bcrypt of another script', HEBREW, '$2b$04$ueJXodc3HpwKkuch7U/ICeo8vhlxffFU.K6l5yAA/3eP6iKaogF6a'],
  [
    'bcrypt of all octets that it reads',
    'x'.repeat(72),
    '$2b$04$ACnb3Xp7R7vv/sflyTboIujThdsvays.ty18x6PfZj34xJqjRYWLq',
  ],
  ['bcrypt of Django', PASSWORD, 'bcrypt$$2b$04$eSIFf08cXpYiF10xpnbRmO2EkVlG0NjADXF6aYabWhCrvt.Z9BoAS'],
  [
    'scrypt (RFC 7914, section 12)',
    'password',
    '$scrypt$ln=10,r=8,p=16$TmFDbA$/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWIurzDZLiKjiG/xCSedmDDaxyevuUqD7m2DYMvfoswGQA',
  ],
  [
    'scrypt of a higher cost (RFC 7914, section 12)',
    'pleaseletmein',
    '$scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU$cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofLVQylVYT8Pz2LUlwUkKpr55h6F3A1lHkDfzwF7RVdYhw',
  ],
  [
    'scrypt by its cost itself',
    'pleaseletmein',
    '$scrypt$n=16384,r=8,p=1$U29kaXVtQ2hsb3JpZGU$cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofLVQylVYT8Pz2LUlwUkKpr55h6F3A1lHkDfzwF7RVdYhw',
  ],
  [
    'scrypt of passlib',
    PASSWORD,
    '$scrypt$ln=10,r=8,p=1$5jznPOf8HwPAWEuptZZSag$EjLJxjHJq9F095lkFqHRZ2K64nJ/Ld4dx6EFkjGcJtI',
  ],
  [
    'scrypt of passlib, of more lanes',
    HEBREW,
    '$scrypt$ln=10,r=4,p=2$uFdK6Z1T6j0HwDjnPEfI2Q$V/z0bR7xp5JlX8c1A1PUgGzNrqmaxlAd0a8Id1eqqk0',
  ],
  [
    'scrypt of Django',
    PASSWORD,
    'scrypt$1024$seasalt2seasalt2$8$5$SB+t556J5w45eqD8NxF1KJwHP+lAxQ9AlLvc36bDdAZyFtZ9AMEPjoXWnFOIWzzQYJ9MiOG+riB6AmCUM/E7FQ==',
  ],
  [
    'scrypt of Werkzeug',
    PASSWORD,
    'scrypt:1024:8:1$1Rz2Ihbbuvxr5gMi$2f64b7636434f4c83f69fa9526101c606f2cbf9419b2cd731b15c59e0d11b8f17f7f46a29c13e378c08187fe14110e149d5d58eb3309d32280c9b1562149923f',
  ],
  [
    'PBKDF2 (RFC 7914, section 11)',
    'passwd',
    '$pbkdf2-sha256$i=1,l=64$c2FsdA$VawEblbjCJ/sFpHCJUS2BflBhSFt3gRl5oudV8INrLxJypzM8Xm2RZkWZLOdd+8xfHG4RbHjC9UJESBB06GXgw',
  ],
  [
    'PBKDF2 of more iterations (RFC 7914, section 11)',
    'Password',
    '$pbkdf2-sha256$i=80000,l=64$TmFDbA$TdzY9guYviGDDO5e8icB+WQaRBjQTAQUrv8Ih2s0q1ah1CWhIlgzVJrbhBtRybMXaicr3ruh0HhHj2Kzl/M8jQ',
  ],
  ['PBKDF2 by SHA-1 (RFC 6070)', 'password', '$pbkdf2-sha1$i=4096,l=20$c2FsdA$SwB5AbdlSJq+rUnZJvch0GWkKcE'],
  [
    'PBKDF2 of passlib',
    PASSWORD,
    '$pbkdf2-sha256$29000$lnIO4TxnDEHoPQdACEGIMQ$SiVdxX43fVmGpcG8FItHJvqcJat7/m81hE0IMzN/7Xk',
  ],
  [
    'PBKDF2 of passlib, by SHA-512',
    HEBREW,
    '$pbkdf2-sha512$25000$a43RWgsBQAihFOIcY.wdIw$M.8PwpqDi9S95WJ7X3drBgiQFMG4tPPal3moA429wu7CGvCC9xA8rymKNVRBEumNT/LlulY1x4s6W3.55Ja4kA',
  ],
  [
    'PBKDF2 of passlib, by SHA-1',
    PASSWORD,
    '$pbkdf2$1000$K4UwBsB4DwHg/D9nDCEk5A$zdGZAGjKvCPNPb/kgBypQvztwKc',
  ],
  [
    'PBKDF2 of Django',
    PASSWORD,
    'pbkdf2_sha256$1000$seasalt2seasalt2$zU5AZO+q3BQs8wjYk63K6MkmzA8pgpmxuE/RgiDJYnM=',
  ],
  ['PBKDF2 of Django, by SHA-1', PASSWORD, 'pbkdf2_sha1$1000$seasalt2seasalt2$+AZfAbUTCiX4q3zLceLeWFGvHQ4='],
  [
    'PBKDF2 of Werkzeug',
    PASSWORD,
    'pbkdf2:sha256:1000$JndRBCdGdHt8AEOU$62cd99c2e7dff5ae6eddfabbfd03f2db64924cf07434fa1f8359f0f6b28f4794',
  ],
  [
    'PBKDF2 of Werkzeug, by SHA-512',
    PASSWORD,
    'pbkdf2:sha512:1000$Tgv4UJWEEszWb41D$031ad18b7af00e3f0293e3a12c9929e02123aa6cd34f17f9fe8a709a7b8e12186b653efcc888c8384288a6322bfcdf9d6e584f2f540500aa2f1722addb88f212',
  ],
  [
    'argon2i',
    PASSWORD,
    '$argon2i$v=19$m=128,t=2,p=2$Y3+tv+cDhYriwP6bK4BifQ$opTULYo9NtaCD1QmVwTEN2CBI1OkfV1pi9FjJROPDa4',
  ],
  [
    'argon2d',
    PASSWORD,
    '$argon2d$v=19$m=128,t=2,p=2$oyGYsL76lujeM6Njjci4jA$05Z9D1Q39PMDewt6xny6w2ufeHZlC1yZLWv0yIaAR+w',
  ],
  [
    'argon2id',
    PASSWORD,
    '$argon2id$v=19$m=128,t=2,p=2$z6BwVweMTNbHd0R9wHLU6g$a+zlXv5jiqXMIOXJ2+MHBPdiQ1h+tQvPF2T/K37PhBE',
  ],
  [
    'argon2id of Django',
    PASSWORD,
    'argon2$argon2id$v=19$m=64,t=1,p=2$c2Vhc2FsdDJzZWFzYWx0Mg$1pqVgRPlauOJmORqQb9i8qyfu66Mhk5cPBb3gsHBBm8',
  ],
];

const SALT = 'c29tZXNhbHRzb21lc2FsdA';
const OUTPUT = 'u4zKVxVKOG76aExD+siL+dZHJGq/FAEuQJgaUAdWQLA';
const BCRYPT = 'M3KRAKkYG.cco6Ze.L2/Wem5p3t1CbCwWl6cyIoCXGVt2CddE9T82';

/** At the bound of what a comparison may cost, and one step beyond it. */
const BOUNDS: readonly (readonly [of: string, taken: string, refused: string])[] = [
  ['rounds of bcrypt', `$2b$14$${BCRYPT}`, `$2b$15$${BCRYPT}`],
  ['rounds of bcrypt, below', `$2b$04$${BCRYPT}`, `$2b$03$${BCRYPT}`],
  ['memory of scrypt', `$scrypt$ln=17,r=8,p=1$${SALT}$${OUTPUT}`, `$scrypt$ln=18,r=8,p=1$${SALT}$${OUTPUT}`],
  [
    'blocks of scrypt',
    `$scrypt$ln=10,r=1024,p=1$${SALT}$${OUTPUT}`,
    `$scrypt$ln=10,r=1025,p=1$${SALT}$${OUTPUT}`,
  ],
  ['lanes of scrypt', `$scrypt$ln=17,r=8,p=2$${SALT}$${OUTPUT}`, `$scrypt$ln=17,r=8,p=3$${SALT}$${OUTPUT}`],
  [
    'iterations of PBKDF2',
    `$pbkdf2-sha256$i=2000000$${SALT}$${OUTPUT}`,
    `$pbkdf2-sha256$i=2000001$${SALT}$${OUTPUT}`,
  ],
  [
    'iterations for each block of PBKDF2',
    `$pbkdf2-sha1$i=1000000$${SALT}$${OUTPUT}`,
    `$pbkdf2-sha1$i=1000001$${SALT}$${OUTPUT}`,
  ],
  [
    'memory of argon2',
    `$argon2id$v=19$m=131072,t=1,p=1$${SALT}$${OUTPUT}`,
    `$argon2id$v=19$m=131073,t=1,p=1$${SALT}$${OUTPUT}`,
  ],
  [
    'passes of argon2',
    `$argon2id$v=19$m=65536,t=16,p=1$${SALT}$${OUTPUT}`,
    `$argon2id$v=19$m=65536,t=17,p=1$${SALT}$${OUTPUT}`,
  ],
  [
    'lanes of argon2',
    `$argon2d$v=19$m=4096,t=1,p=16$${SALT}$${OUTPUT}`,
    `$argon2d$v=19$m=4096,t=1,p=17$${SALT}$${OUTPUT}`,
  ],
];

const MALFORMED = [
  '$2b$04$',
  `$2b$04$${BCRYPT}x`,
  `$2b$04$${BCRYPT.slice(1)}`,
  `$2x$04$${BCRYPT}`,
  `$2$04$${BCRYPT}`,
  `$2b$4$${BCRYPT}`,
  `$2b$99$${BCRYPT}`,
  ` $2b$04$${BCRYPT}`,
  `$2b$04$${BCRYPT}\n`,
  `$scrypt$ln=10,r=8,p=1$${SALT}$`,
  `$scrypt$ln=10,r=8,p=1$${SALT}$AAAA`,
  `$scrypt$ln=10,r=8,p=1$${SALT}$${'A'.repeat(600)}`,
  `$scrypt$ln=10,r=8$${SALT}$${OUTPUT}`,
  `$scrypt$ln=10,ln=11,r=8,p=1$${SALT}$${OUTPUT}`,
  `$scrypt$ln=10,n=1024,r=8,p=1$${SALT}$${OUTPUT}`,
  `$scrypt$n=1000,r=8,p=1$${SALT}$${OUTPUT}`,
  `$scrypt$n=1,r=8,p=1$${SALT}$${OUTPUT}`,
  `$scrypt$n=1024,N=1024,r=8,p=1$${SALT}$${OUTPUT}`,
  `$scrypt$ln=16,r=1,p=1$${SALT}$${OUTPUT}`,
  `$scrypt$ln=0,r=8,p=1$${SALT}$${OUTPUT}`,
  `$scrypt$ln=9999999999,r=8,p=1$${SALT}$${OUTPUT}`,
  `$scrypt$ln=-1,r=8,p=1$${SALT}$${OUTPUT}`,
  `$scrypt$ln=1e1,r=8,p=1$${SALT}$${OUTPUT}`,
  `$scrypt$ln=10,r=0,p=1$${SALT}$${OUTPUT}`,
  `$scrypt$ln=10,r=8,p=0$${SALT}$${OUTPUT}`,
  `$scrypt$ln=10,r=8,p=1,x=1$${SALT}$${OUTPUT}`,
  `$scrypt$ln=10,r=8,p=1$not base64$${OUTPUT}`,
  `$scrypt$ln=10,r=8,p=1$A$${OUTPUT}`,
  `$scrypt$ln=10,r=8,p=1$${SALT}$${OUTPUT}$`,
  `$pbkdf2-sha256$i=0$${SALT}$${OUTPUT}`,
  `$pbkdf2-sha256$0$${SALT}$${OUTPUT}`,
  `$pbkdf2-sha256$i=1000,l=31$${SALT}$${OUTPUT}`,
  `$pbkdf2-md5$1000$${SALT}$${OUTPUT}`,
  `$pbkdf2-sha256$$${SALT}$${OUTPUT}`,
  `pbkdf2_md5$1000$salt$${OUTPUT}`,
  `pbkdf2_sha256$99999999999$salt$${OUTPUT}`,
  'pbkdf2:sha256:1000$salt$abc',
  'pbkdf2:constructor:1000$salt$abcdefabcdefabcdefabcdefabcdefabcd',
  `$argon2id$v=19$m=64,t=0,p=1$${SALT}$${OUTPUT}`,
  `$argon2id$v=19$m=7,t=1,p=1$${SALT}$${OUTPUT}`,
  `$argon2id$v=20$m=64,t=1,p=1$${SALT}$${OUTPUT}`,
  `$argon2x$v=19$m=64,t=1,p=1$${SALT}$${OUTPUT}`,
  `$argon2id$v=19$m=65,t=1,p=1$${SALT}$AAAA`,
  `$argon2id$v=19$m=99999999999,t=1,p=1$${SALT}$${OUTPUT}`,
  '{SSHA}c29tZXNhbHRzb21lc2FsdHNvbWVzYWx0',
  '5f4dcc3b5aa765d61d8327deb882cf99',
  '$1$saltsalt$qjXMvbEw8oaL.CzflDtaK/',
  '$'.repeat(1000),
];

describe('Argon2PasswordHasher with hashes of other services', () => {
  const hasher = new Argon2PasswordHasher({ memoryKib: 64, passes: 1 });

  for (const [of, password, hash] of KNOWN) {
    it(`takes over ${of}, and calls it outdated`, async () => {
      expect(hasher.accepts(hash)).to.equal(true);
      expect(await hasher.verify(password, hash)).to.deep.equal({ matches: true, outdated: true });
      for (const other of [`${password} `, password.slice(1), '']) {
        expect((await hasher.verify(other, hash)).matches, other).to.equal(false);
      }
    });
  }

  for (const [of, taken, refused] of BOUNDS) {
    it(`bounds the ${of}`, () => {
      expect(hasher.accepts(taken)).to.equal(true);
      expect(hasher.accepts(refused)).to.equal(false);
    });
  }

  for (const hash of MALFORMED) {
    it(`takes ${JSON.stringify(hash.slice(0, 60))} for no hash, and lets nothing match it`, async () => {
      expect(hasher.accepts(hash)).to.equal(false);
      expect(await hasher.verify(PASSWORD, hash)).to.deep.equal({ matches: false, outdated: true });
      expect((await hasher.verify('', hash)).matches).to.equal(false);
    });
  }

  it('lets no password match of which bcrypt sees a part only', async () => {
    const whole = '$2b$04$ACnb3Xp7R7vv/sflyTboIujThdsvays.ty18x6PfZj34xJqjRYWLq';
    expect((await hasher.verify('x'.repeat(73), whole)).matches).to.equal(false);
    expect((await hasher.verify(`${'x'.repeat(72)}\u05d0`, whole)).matches).to.equal(false);
    // By bcrypt's own rules this is the same password.
    const known = '$2b$04$M3KRAKkYG.cco6Ze.L2/Wem5p3t1CbCwWl6cyIoCXGVt2CddE9T82';
    expect((await hasher.verify(`${PASSWORD}\0${PASSWORD}`, known)).matches).to.equal(false);
    expect((await hasher.verify(`${PASSWORD}\0`, known)).matches).to.equal(false);
  });

  it('takes its turn with all other hashing', async () => {
    const strict = new Argon2PasswordHasher({ memoryKib: 64, passes: 1, threads: 1, maxWaiting: 0 });
    const attempts = Array.from({ length: 6 }, () => strict.verify(PASSWORD, KNOWN[0]![2]));
    const results = await Promise.allSettled(attempts);
    expect(results.filter(({ status }) => status === 'fulfilled')).to.have.length(2);
  });
});
