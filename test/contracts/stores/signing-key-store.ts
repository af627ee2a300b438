import { expect } from 'chai';
import { DEFAULT_TENANT_ID } from '../../../src/domain/shared/ids.ts';
import type { StoredSigningKey } from '../../../src/application/ports/stores/signing-key-store.ts';
import { at, newHash, newId, NOW, newEntry } from './fixtures.ts';
import { atOnce, failureOf } from './expectations.ts';
import type { OpenWorld } from './store-world.ts';

const newKey = (given: Partial<StoredSigningKey> = {}): StoredSigningKey => ({
  kid: newId(),
  alg: 'EdDSA',
  publicKey: { kty: 'OKP', crv: 'Ed25519', x: 'AAAA', use: 'sig' },
  sealedPrivateKey: newHash(),
  createdAt: NOW,
  acceptedUntil: null,
  ...given,
});

/** What every `SigningKeyStore` keeps. Each test opens a world without keys. */
export function signingKeyStoreContract(
  name: string,
  open: OpenWorld<'signingKeyStore' | 'readAudit'>,
): void {
  describe(`${name} as a SigningKeyStore`, () => {
    addingContract(open);
    rotatingContract(open);
  });
}

function addingContract(open: OpenWorld<'signingKeyStore' | 'readAudit'>): void {
  it('has no key at first', async () => {
    const { signingKeyStore } = await open();
    expect(await signingKeyStore.listAccepted(NOW)).to.deep.equal([]);
  });

  it('gives back exactly what was added', async () => {
    const { signingKeyStore } = await open();
    const key = newKey();
    expect(await signingKeyStore.addFirst(key)).to.equal(true);
    expect(await signingKeyStore.listAccepted(NOW)).to.deep.equal([key]);
  });

  it('adds a first key once', async () => {
    const { signingKeyStore } = await open();
    const key = newKey();
    await signingKeyStore.addFirst(key);
    expect(await signingKeyStore.addFirst(newKey())).to.equal(false);
    expect(await signingKeyStore.listAccepted(NOW)).to.deep.equal([key]);
  });

  it('adds the first key of one of many who bring one at once', async () => {
    const { signingKeyStore } = await open();
    const keys = Array.from({ length: 8 }, () => newKey());
    const added = await atOnce(8, (index) => signingKeyStore.addFirst(keys[index]!));
    expect(added.filter(Boolean)).to.have.length(1);
    expect(await signingKeyStore.listAccepted(NOW)).to.deep.equal([keys[added.indexOf(true)]]);
  });
}

function rotatingContract(open: OpenWorld<'signingKeyStore' | 'readAudit'>): void {
  it('keeps the audit entry with the key, and neither without the other', async () => {
    const { signingKeyStore, readAudit } = await open();
    const before = await readAudit(DEFAULT_TENANT_ID);
    const [key, entry] = [newKey(), newEntry(DEFAULT_TENANT_ID)];
    await signingKeyStore.addAndRetireOthers(key, at(600), entry);
    expect(await readAudit(DEFAULT_TENANT_ID)).to.deep.equal([...before, entry]);
    await failureOf(signingKeyStore.addAndRetireOthers(newKey(), at(600), entry));
    expect(await signingKeyStore.listAccepted(NOW)).to.deep.equal([key]);
  });

  it('takes a first key again where every other was retired', async () => {
    const { signingKeyStore } = await open();
    const retired = newKey({ acceptedUntil: at(600) });
    await signingKeyStore.addAndRetireOthers(retired, at(600), newEntry(DEFAULT_TENANT_ID));
    const first = newKey({ createdAt: at(1) });
    expect(await signingKeyStore.addFirst(first)).to.equal(true);
    expect(await signingKeyStore.addFirst(newKey())).to.equal(false);
    expect(await signingKeyStore.listAccepted(NOW)).to.deep.equal([first, retired]);
  });

  it('lets a new key sign, and accepts the former one until its end', async () => {
    const { signingKeyStore } = await open();
    const [first, second] = [newKey(), newKey({ createdAt: at(60) })];
    await signingKeyStore.addFirst(first);
    await signingKeyStore.addAndRetireOthers(second, at(660), newEntry(DEFAULT_TENANT_ID));
    expect(await signingKeyStore.listAccepted(at(659.999))).to.deep.equal([
      second,
      { ...first, acceptedUntil: at(660) },
    ]);
    expect(await signingKeyStore.listAccepted(at(660))).to.deep.equal([second]);
  });

  it('leaves the end that a key has already', async () => {
    const { signingKeyStore } = await open();
    const [first, second, third] = [newKey(), newKey({ createdAt: at(60) }), newKey({ createdAt: at(120) })];
    await signingKeyStore.addFirst(first);
    await signingKeyStore.addAndRetireOthers(second, at(660), newEntry(DEFAULT_TENANT_ID));
    await signingKeyStore.addAndRetireOthers(third, at(720), newEntry(DEFAULT_TENANT_ID));
    expect(await signingKeyStore.listAccepted(at(120))).to.deep.equal([
      third,
      { ...second, acceptedUntil: at(720) },
      { ...first, acceptedUntil: at(660) },
    ]);
  });

  it('lets one key sign after many rotations at once', async () => {
    const { signingKeyStore } = await open();
    await signingKeyStore.addFirst(newKey());
    await atOnce(6, (index) =>
      signingKeyStore.addAndRetireOthers(
        newKey({ createdAt: at(index + 1) }),
        at(600),
        newEntry(DEFAULT_TENANT_ID),
      ),
    );
    const keys = await signingKeyStore.listAccepted(NOW);
    expect(keys).to.have.length(7);
    expect(keys.filter(({ acceptedUntil }) => acceptedUntil === null)).to.have.length(1);
  });

  it('retires no key where the new one cannot be kept', async () => {
    const { signingKeyStore } = await open();
    const key = newKey();
    await signingKeyStore.addFirst(key);
    await failureOf(
      signingKeyStore.addAndRetireOthers(newKey({ kid: key.kid }), at(600), newEntry(DEFAULT_TENANT_ID)),
    );
    expect(await signingKeyStore.listAccepted(NOW)).to.deep.equal([key]);
  });
}
