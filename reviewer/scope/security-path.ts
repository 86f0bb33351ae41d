import { isAside, isManifest, isView } from './aside.ts';
import { partsOf, wordsOf } from './words.ts';

/** Whether a mistake in a file lets somebody in, or lets something out, by what its path says. */
export function isSecurityPath(path: string): boolean {
  const { folders, name } = partsOf(path);
  const lower = name.toLowerCase();
  if (FILES.test(lower)) return !/\.(?:example|sample|template|dist)$/.test(lower);
  if (isAside(path) || isManifest(path)) return false;
  // Rules of who may do what: Pundit, Laravel.
  if (folders.some((folder) => /^policies$/i.test(folder))) return true;
  const words = wordsOf(path);
  if (isView(path)) return words.some((word) => WORDS.has(word) && !SHOWN.has(word));
  if (words.some((word) => WORDS.has(word))) return true;
  const isText = words.some((word) => LANGUAGE.has(word));
  if (!isText && words.some((word) => word === 'token' || word === 'tokens')) return true;
  return words.some((word, at) => PAIRS.has(`${word} ${words[at + 1]}`));
}

const FILES =
  /^(?:\.env(?:\..+)?|\.npmrc|\.pypirc|\.netrc|\.htpasswd|.+\.(?:pem|key|crt|cer|p12|pfx|jks|keystore|kdbx)|authorized_keys|sudoers|security\.txt)$/;
const WORDS: ReadonlySet<string> = new Set(
  `auth auths authn authz authentication authenticate authenticator authorization authorize authorizer authorisation
  oauth oauth2 oidc openid saml sso ldap kerberos sasl scram login logins signin signup logout
  password passwords passwd passphrase cred creds credential credentials secret secrets vault kms hsm keychain
  jwt jws jwe jwk jwks apikey apikeys session sessions cookie cookies csrf xsrf cors csp xss
  permission permissions rbac abac acl acls iam privilege privileges sudo impersonate impersonation
  crypto cryptography cipher ciphers encrypt encryption decrypt decryption hmac bcrypt argon2 scrypt
  tls ssl mtls cert certs certificate certificates x509 pki pgp gpg ssh mfa totp 2fa tfa webauthn
  security sanitize sanitizer sanitizers sandbox firewall captcha antivirus ratelimit webhook webhooks
  random rng prng entropy
  payment payments billing checkout payout payouts refund refunds`.split(/\s+/),
);
const PAIRS: ReadonlySet<string> = new Set([
  ...[
    'api key',
    'api keys',
    'access key',
    'access keys',
    'access control',
    'access policy',
    'private key',
    'public key',
  ],
  ...['create key', 'rate limit', 'sign in', 'sign up', 'log in', 'network policy', 'role binding', 'cluster role'],
  ...['custom role', 'custom roles', 'service account', 'security group', 'pod security', 'user manager', 'org policy'],
  ...['iam policy', 'password policy', 'two factor', 'multi factor', 'trust store', 'key store', 'web authn'],
]);
/** What many pages show without letting anybody in. */
const SHOWN: ReadonlySet<string> = new Set(
  'session sessions permission permissions webhook webhooks vault sandbox certificate certificates secret secrets ssh'.split(
    ' ',
  ),
);
/** Where a token is a piece of a language. */
const LANGUAGE: ReadonlySet<string> = new Set(
  `lexer lex parser parse parsers syntax ast grammar scanner tokenizer tokenizers tokenization compiler
  design theme themes style styles color colors highlight interpreter cst hir rustc
  llm llms bpe splitter splitters chunk chunker embedding embeddings completion completions usage counter counting`.split(
    /\s+/,
  ),
);
