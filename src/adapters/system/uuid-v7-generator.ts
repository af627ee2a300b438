import { v7 } from 'uuid';
import type { IdGenerator } from '../../application/ports/system/id-generator.ts';

/** Makes UUIDv7 values; those of one process ascend even within a millisecond (RFC 9562, section 6.2). */
export class UuidV7Generator implements IdGenerator {
  next(): string {
    return v7();
  }
}
