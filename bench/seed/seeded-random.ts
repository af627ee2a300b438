/** 32 bits of a text (FNV-1a). */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/** @param value of at most 24 bits: the digit before it keeps its zeros */
const hex = (value: number, digits: number): string => (0x1000000 + value).toString(16).slice(-digits);

/** Chance that comes out the same for the same name and number, each time (sfc32). */
export class SeededRandom {
  #a: number;
  #b: number;
  #c = 0x9e3779b9;
  #counter = 1;

  constructor(name: string, number: number) {
    this.#a = hashOf(name);
    this.#b = number >>> 0;
    for (let round = 0; round < 12; round += 1) this.#bits();
  }

  #bits(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** From 0 to just below 1. */
  next(): number {
    return this.#bits() / 0x1_0000_0000;
  }

  /** A whole number from 0 to just below `limit`. */
  whole(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** @param items at least one */
  pick<Item>(items: readonly Item[]): Item {
    return items[this.whole(items.length)] as Item;
  }

  /** @param shares each item with its share; of all shares together, whatever they add up to */
  share<Item>(shares: readonly (readonly [item: Item, share: number])[]): Item {
    let left = this.next() * shares.reduce((sum, [, share]) => sum + share, 0);
    const found = shares.find(([, share]) => (left -= share) < 0) ?? shares.at(-1);
    return (found as readonly [Item, number])[0];
  }

  /** How long something takes that takes `mean` on average and knows no past. */
  wait(mean: number): number {
    return -Math.log(1 - this.next()) * mean;
  }

  /** A UUIDv7 of this moment (RFC 9562, section 5.7). */
  uuid(at: Date): string {
    const milliseconds = at.getTime();
    const time = `${hex(Math.floor(milliseconds / 0x1000000), 6)}${hex(milliseconds % 0x1000000, 6)}`;
    const version = hex(0x7000 | (this.#bits() >>> 20), 4);
    const variant = hex(0x8000 | (this.#bits() >>> 18), 4);
    const rest = `${hex(this.#bits() >>> 8, 6)}${hex(this.#bits() >>> 8, 6)}`;
    return `${time.slice(0, 8)}-${time.slice(8)}-${version}-${variant}-${rest}`;
  }
}
