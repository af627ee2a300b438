import type { ContainerModuleLoadOptions } from 'inversify';

/** The name under which the container keeps a value of type `T`. A bare symbol would accept any value; this does not. */
export interface Token<out T> {
  readonly symbol: symbol;
  /** Never there; ties the token to its type. */
  readonly __type?: T;
}

/** Makes a token; two of the same name are different. */
export const token = <T>(name: string): Token<T> => ({ symbol: Symbol(name) });

/**
 * Binds a use case as a singleton and names the token of each of its dependencies. A missing, misnamed or swapped one does not
 * compile.
 */
export function provide<Dependencies extends object>(
  { bind }: Pick<ContainerModuleLoadOptions, 'bind'>,
  useCase: new (deps: Dependencies) => object,
  tokens: { readonly [Name in keyof Dependencies]-?: Token<Dependencies[Name]> },
): void {
  const names = Object.keys(tokens) as (keyof Dependencies & string)[];
  const make = (...values: unknown[]): object =>
    new useCase(Object.fromEntries(names.map((name, index) => [name, values[index]])) as Dependencies);
  bind(useCase)
    .toResolvedValue(
      make,
      names.map((name) => tokens[name].symbol),
    )
    .inSingletonScope();
}
