import { RandomSecretGenerator } from '../../../src/adapters/crypto/random-secret-generator.ts';
import { secretGeneratorContract } from '../../contracts/security/secret-generator-contract.ts';

secretGeneratorContract('RandomSecretGenerator', () => new RandomSecretGenerator());
