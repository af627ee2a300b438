import { ExpressSessionCookies } from '../../../src/adapters/crypto/express-session-cookies.ts';
import { legacyCookiesContract } from '../../contracts/security/legacy-cookies-contract.ts';

legacyCookiesContract('ExpressSessionCookies', (secrets) => new ExpressSessionCookies(secrets));
