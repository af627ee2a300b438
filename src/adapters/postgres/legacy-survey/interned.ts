import { hash } from 'node:crypto';

const FIRST_ROOM = 1 << 12;

/** A list of whole numbers from 0 that grows, without an object for each. */
export class Numbers {
  #values = new Uint32Array(FIRST_ROOM);

  /** 0 where nothing was set. */
  at(index: number): number {
    return this.#values[index] ?? 0;
  }

  set(index: number, value: number): void {
    if (index >= this.#values.length) {
      const larger = new Uint32Array(2 ** Math.ceil(Math.log2(index + 1)));
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[index] = value;
  }
}

/** 52 bits: of a million texts two are taken for one with a chance of one in ten thousand. */
const fingerprint = (text: string): number => Number.parseInt(hash('sha256', text, 'hex').slice(0, 13), 16);

/**
 * Numbers texts from 0 in the order in which they come, without keeping them: some 20 octets for each, whatever its length. By open
 * addressing, at most half full.
 */
export class Interned {
  #size = 0;
  #fingerprints = new Float64Array(FIRST_ROOM);
  /** One more than the number of the text; 0 is a free place. */
  #places = new Uint32Array(FIRST_ROOM * 2);

  /** How many different texts there were. */
  get size(): number {
    return this.#size;
  }

  /** The number of a text, a new one where it was never seen. */
  numberOf(text: string): number {
    const print = fingerprint(text);
    const place = this.#find(print);
    const known = this.#places[place] ?? 0;
    if (known > 0) return known - 1;
    if (this.#size === this.#fingerprints.length) {
      this.#grow();
      return this.#add(print, this.#find(print));
    }
    return this.#add(print, place);
  }

  /** Whether the text was seen. */
  has(text: string): boolean {
    return this.#places[this.#find(fingerprint(text))] !== 0;
  }

  #add(print: number, place: number): number {
    this.#fingerprints[this.#size] = print;
    this.#size += 1;
    this.#places[place] = this.#size;
    return this.#size - 1;
  }

  /** Where the text is, or the free place where it belongs. */
  #find(print: number): number {
    let place = print % this.#places.length;
    for (;;) {
      const known = this.#places[place] ?? 0;
      if (known === 0 || this.#fingerprints[known - 1] === print) return place;
      place = (place + 1) % this.#places.length;
    }
  }

  #grow(): void {
    const fingerprints = new Float64Array(this.#fingerprints.length * 2);
    fingerprints.set(this.#fingerprints);
    this.#fingerprints = fingerprints;
    this.#places = new Uint32Array(fingerprints.length * 2);
    for (let index = 0; index < this.#size; index += 1) {
      this.#places[this.#find(fingerprints[index] ?? 0)] = index + 1;
    }
  }
}
