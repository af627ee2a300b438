/**
 * A refusal that the domain or a use case makes on purpose. Its `code` (`feature.kebab-case`) is part of the public contract;
 * it knows nothing of HTTP. Anything thrown that is not a `DomainError` is a bug.
 */
export abstract class DomainError extends Error {
  abstract readonly code: string;

  constructor(message: string) {
    super(message);
    this.name = new.target.name;
  }
}
