/** Chance that can be repeated: the same seed gives the same values, in the same order (mulberry32). Not for secrets. */
export class Seeded {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to, and without, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `from` up to and with `to`. */
  between(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  /** Whether something happens that happens in this share of all cases. */
  happens(share: number): boolean {
    return this.next() < share;
  }

  /** One of the items, each as likely as the others, or as its weight says. */
  pick<T>(items: readonly T[], weightOf: ((item: T) => number) | null = null): T {
    if (items.length === 0) throw new Error('There is nothing to pick from.');
    if (weightOf === null) return items[this.between(0, items.length - 1)] as T;
    let left = this.next() * items.reduce((sum, item) => sum + weightOf(item), 0);
    const index = items.findIndex((item) => (left -= weightOf(item)) < 0);
    return items[Math.max(index, 0)] as T;
  }

  octets(count: number): Buffer {
    return Buffer.from(Array.from({ length: count }, () => this.between(0, 255)));
  }

  /** A random UUID (RFC 9562, version 4), as the legacy service makes them. */
  uuid(): string {
    const octets = this.octets(16);
    octets[6] = (octets[6]! & 0x0f) | 0x40;
    octets[8] = (octets[8]! & 0x3f) | 0x80;
    return octets.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }
}
