/** What a TypeScript program writes against each entry of the package. */
export const TYPE_CONSUMER = `
import {
  type Adapters,
  type Application,
  type Casegate,
  compose,
  DomainError,
  EmailTaken,
  memoryAdapters,
  openCasegate,
  type OpenOptions,
  readConfig,
} from 'casegate';
import { failureCounterStoreContract, passwordHasherContract, type StoreWorld } from 'casegate/contracts';
import { FixedClock, MemoryDatabase, MemoryFailureCounterStore } from 'casegate/memory';
import {
  type FailureCounterStore,
  type PasswordHasher,
  type PasswordVerdict,
  type Reservation,
  reserveAttempt,
  Unavailable,
  type User,
} from 'casegate/ports';

class OwnPasswordHasher implements PasswordHasher {
  async hash(password: string): Promise<string> {
    if (password === '') throw new Unavailable(2);
    return '$own$' + password;
  }

  accepts(hash: string): boolean {
    return hash.startsWith('$own$');
  }

  async verify(password: string, hash: string | null): Promise<PasswordVerdict> {
    return { matches: hash === '$own$' + password, outdated: false };
  }
}

class OwnCounters implements FailureCounterStore {
  async reserve(_key: Uint8Array, now: Date): Promise<Reservation> {
    return reserveAttempt(null, now).reservation;
  }

  async giveBack(_key: Uint8Array): Promise<void> {}

  async lift(_key: Uint8Array): Promise<void> {}

  async clear(_key: Uint8Array): Promise<void> {}
}

passwordHasherContract('own', () => new OwnPasswordHasher());
failureCounterStoreContract('own', async () => ({ failureCounters: new OwnCounters() }));

const world: Pick<StoreWorld, 'failureCounters'> = {
  failureCounters: new MemoryFailureCounterStore(new MemoryDatabase()),
};

const clock = new FixedClock(new Date(0));
const adapters: Adapters = { ...(await memoryAdapters({ clock })), ...world };
const app: Application = compose(adapters);
// @ts-expect-error a hasher is no store
compose({ ...adapters, failureCounters: new OwnPasswordHasher() });

const options: OpenOptions = { replace: { passwordHasher: new OwnPasswordHasher() } };
export const open = (): Promise<Casegate> => openCasegate(readConfig({}), options);

export async function register(email: string): Promise<User | string> {
  const client = { userAgent: null, address: null };
  try {
    const registered = await app.identity.registerUser.execute({ email, password: 'a long password', client });
    return registered.kind === 'verification-sent' ? registered.kind : registered.user;
  } catch (error) {
    if (error instanceof EmailTaken) return error.code;
    if (error instanceof DomainError) return error.message;
    throw error;
  }
}

// @ts-expect-error an account needs an address
await app.identity.registerUser.execute({ password: 'a long password' });
`;
