import { expect } from 'chai';
import { Container, ContainerModule } from 'inversify';
import { provide, type Token, token } from '../../../src/main/token.ts';

interface Greeter {
  readonly greet: (name: string) => string;
}

interface Counter {
  readonly count: () => number;
}

interface Dependencies {
  readonly greeter: Greeter;
  readonly counter: Counter;
}

class Welcome {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  execute(name: string): string {
    return `${this.#deps.greeter.greet(name)} ${this.#deps.counter.count()}`;
  }
}

const greeter: Token<Greeter> = token('greeter');
const counter: Token<Counter> = token('counter');

/** A container that has what `Welcome` needs, and what `wire` binds. */
function containerWith(wire: ConstructorParameters<typeof ContainerModule>[0]): Container {
  const container = new Container();
  let count = 0;
  container.bind(greeter.symbol).toConstantValue({ greet: (name) => `hello ${name}` } satisfies Greeter);
  container.bind(counter.symbol).toConstantValue({ count: () => (count += 1) } satisfies Counter);
  container.load(new ContainerModule(wire));
  return container;
}

describe('A token', () => {
  it('is another one than every other of the same name', () => {
    expect(token('clock').symbol).not.to.equal(token('clock').symbol);
  });

  it('shows its name to whoever debugs', () => {
    expect(token('clock').symbol.description).to.equal('clock');
  });
});

describe('Providing a use case', () => {
  it('hands it each dependency under its own name, in whatever order they are written', () => {
    const inOrder = containerWith((options) => provide(options, Welcome, { greeter, counter }));
    expect(inOrder.get(Welcome).execute('you')).to.equal('hello you 1');
    const reversed = containerWith((options) => provide(options, Welcome, { counter, greeter }));
    expect(reversed.get(Welcome).execute('you')).to.equal('hello you 1');
  });

  it('makes one for all who ask', () => {
    const container = containerWith((options) => provide(options, Welcome, { greeter, counter }));
    expect(container.get(Welcome)).to.equal(container.get(Welcome));
  });

  it('takes a token of something that can do more than is asked', () => {
    const both: Token<Greeter & Counter> = token('both');
    const container = containerWith((options) => {
      options.bind(both.symbol).toConstantValue({ greet: () => 'hi', count: () => 7 });
      provide(options, Welcome, { greeter: both, counter: both });
    });
    expect(container.get(Welcome).execute('you')).to.equal('hi 7');
  });
});

/** Checked by the compiler, which reports each line below that does compile. */
export function neverCompiles(
  options: Parameters<ConstructorParameters<typeof ContainerModule>[0]>[0],
): void {
  // @ts-expect-error a dependency is missing
  provide(options, Welcome, { greeter });
  // @ts-expect-error a dependency has another name
  provide(options, Welcome, { greeter, counter, clock: counter });
  // @ts-expect-error a dependency is misspelt, so the right one is missing
  provide(options, Welcome, { greeter, conter: counter });
  // @ts-expect-error two dependencies are swapped
  provide(options, Welcome, { greeter: counter, counter: greeter });
  // @ts-expect-error a bare symbol has no type
  provide(options, Welcome, { greeter, counter: Symbol('counter') });
  // @ts-expect-error a dependency is there, and may be undefined
  provide(options, Welcome, { greeter, counter: undefined });
  const narrow: Token<Pick<Greeter & Counter, 'count'>> = counter;
  // @ts-expect-error what the token stands for can do too little
  provide(options, Welcome, { greeter: narrow, counter });
}
