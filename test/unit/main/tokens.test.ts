import { expect } from 'chai';
import type { ContainerModuleLoadOptions } from 'inversify';
import { Authenticate } from '../../../src/application/access/authenticate.ts';
import { SubmitCase } from '../../../src/application/cases/submit-case.ts';
import { ListUsers } from '../../../src/application/identity/list-users.ts';
import { provide } from '../../../src/main/token.ts';
import { Tokens } from '../../../src/main/tokens.ts';

describe('The tokens of the adapters', () => {
  it('are named after their adapters', () => {
    for (const [name, { symbol }] of Object.entries(Tokens)) expect(symbol.description).to.equal(name);
  });

  it('are all different', () => {
    const symbols = Object.values(Tokens).map(({ symbol }) => symbol);
    expect(new Set(symbols).size).to.equal(symbols.length);
  });
});

/** Checked by the compiler, which reports each line below that does compile. */
export function neverCompiles(options: ContainerModuleLoadOptions): void {
  const { clock, revocationList, tokenVerifier, unitOfWork } = Tokens;
  // @ts-expect-error the clock is missing
  provide(options, Authenticate, { revocationList, tokenVerifier });
  // @ts-expect-error the clock has another name
  provide(options, Authenticate, { revocationList, tokenVerifier, time: clock });
  // @ts-expect-error the list of users needs no clock
  provide(options, ListUsers, { unitOfWork, clock });
  // @ts-expect-error the clock and the verifier are swapped
  provide(options, Authenticate, { clock: tokenVerifier, revocationList, tokenVerifier: clock });
  const {
    idGenerator: ids,
    keyedHash,
    secretGenerator: secrets,
    settings,
    textCipher,
    vendorDirectory,
  } = Tokens;
  const rest = { clock, keyedHash, settings, textCipher, unitOfWork, vendorDirectory };
  // @ts-expect-error ids can be guessed, so they are no secrets
  provide(options, SubmitCase, { ...rest, idGenerator: secrets, secretGenerator: ids });
  // @ts-expect-error the keyed hash and the clock are swapped
  provide(options, SubmitCase, { ...rest, idGenerator: ids, keyedHash: clock, clock: keyedHash });
}
