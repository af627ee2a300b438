import { everyStoreContract } from '../../contracts/stores/every-store-contract.ts';
import { memoryStoreWorld } from '../../support/memory-store-world.ts';

everyStoreContract('memory', () => Promise.resolve(memoryStoreWorld()));
