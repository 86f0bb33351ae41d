import { isAside, isManifest, isView } from './aside.ts';
import { wordsOf } from './words.ts';

/**
 * Whether what a change added or removed is about security, by its words. Names in the code decide, whatever the file is called; comments and
 * imports do not.
 */
export function isSecurityText(path: string, lines: readonly string[]): boolean {
  if (isAside(path) || isManifest(path) || wordsOf(path).some((word) => GRAMMARS.has(word))) return false;
  const sentences = lines
    .filter((line) => !isTooLong(line) && ![COMMENT, IMPORT, PROSE].some((pattern) => pattern.test(line)))
    .map((line) => wordsOf(line));
  if (isView(path)) return sentences.some((words) => isAbout(words, NO_WORDS, IN_VIEWS));
  if (sentences.some((words) => isAbout(words, WORDS, PHRASES))) return true;
  const all = new Set(sentences.flat());
  return all.has('admin') && (all.has('role') || all.has('roles'));
}

/** Nobody reads a line as long as this, and its words say nothing: a line of data or of a bundle says a bit of everything. */
export function isTooLong(line: string): boolean {
  return line.length > LONGEST;
}

const LONGEST = 2000;
const COMMENT = /^\s*(?:\/\/|\/\*|\*|<!--|--\s|;|#(?:\s|$)|"""|\{\/\*|\{\{!|<%#)/;
const IMPORT =
  /^\s*(?:import\b|from\s+\S+\s+import\b|use\s+[\w\\:{]|using\s+[\w.=\s]+;|require\b|#include\b|alias\s|package\s|\}?\s*from\s+['"])/;
/** `description: The token of ...`: words for people in a file of data. */
const PROSE = /^\s*["']?(?:description|summary|title|help)["']?\s*[:=]/i;
/** A language that knows of credentials has a word for them, and no more. */
const GRAMMARS: ReadonlySet<string> = new Set(['grammar', 'grammars', 'dialect', 'dialects', 'lexer', 'keywords']);

function isAbout(words: readonly string[], single: ReadonlySet<string>, phrases: ReadonlySet<string>): boolean {
  return words.some((word, at) => single.has(word) || phrases.has(word) || phrases.has(`${word} ${words[at + 1]}`));
}

/** What a page shows decides nothing: the server does. What a page lets run does. */
const IN_VIEWS: ReadonlySet<string> = new Set([
  ...[
    'xss',
    'csrf',
    'xsrf',
    'sanitize',
    'sanitizer',
    'sanitized',
    'nonce',
    'csp',
    'inner html',
    'dangerously set',
    'v html',
  ],
  ...[
    'html safe',
    'safe html',
    'unsafe html',
    'html raw',
    'unsafe eval',
    'post message',
    'redirect url',
    'redirect uri',
  ],
]);
const NO_WORDS: ReadonlySet<string> = new Set();

/**
 * Fewer words than of paths: code speaks of sessions, tokens, users and roles in many other senses, and what a line speaks of is less certain
 * than what a file is called for.
 */
const WORDS: ReadonlySet<string> = new Set(
  `auth authn authz authorization authorisation authorize authorized authorise unauthorized unauthorised unauthenticated
  oauth oauth2 oidc saml sso ldap kerberos sasl scram ntlm bruteforce lockout
  password passwords passwd passphrase credential credentials secret secrets apikey
  jwt jwks csrf xsrf xss ssrf cors samesite httponly nosniff hsts cookie cookies
  permission permissions rbac acl acls iam privileged privileges setuid forbidden impersonate
  hmac bcrypt argon2 scrypt crypto encrypt decrypt encryption decryption tls ssl mtls x509 truststore cacerts keytool
  totp mfa 2fa tfa webauthn cidr cidrs seccomp apparmor sanitize sanitizer sanitized sanitise traversal tmpdir
  granted refund refunds payout`.split(/\s+/),
);
const PHRASES: ReadonlySet<string> = new Set([
  ...[
    'access token',
    'refresh token',
    'auth token',
    'bearer token',
    'session token',
    'session cookie',
    'reset password',
  ],
  ...[
    'api key',
    'api token',
    'secret key',
    'private key',
    'signing key',
    'key length',
    'key bytes',
    'random bytes',
    'secure random',
  ],
  ...[
    'secure compare',
    'constant time',
    'time compare',
    'timing safe',
    'public access',
    'anonymous auth',
    'login attempts',
  ],
  ...[
    'strip tags',
    'escape html',
    'html escape',
    'html safe',
    'inner html',
    'safe html',
    'raw sql',
    'shell escape',
    'unsafe eval',
  ],
  ...[
    'redirect url',
    'redirect uri',
    'check redirect',
    'return path',
    'open redirect',
    'host header',
    'proxy set',
    'x forwarded',
  ],
  ...[
    'forwarded for',
    'forwarded host',
    'trusted proxies',
    'allowed hosts',
    'content security',
    'frame options',
    'sec fetch',
  ],
  ...[
    'skip verify',
    'verify mode',
    'verify ssl',
    'insecure skip',
    'trust manager',
    'hostname verifier',
    'ca certificates',
  ],
  ...[
    'security context',
    'security group',
    'security opt',
    'security advisories',
    'security policy',
    'allow privilege',
  ],
  ...[
    'api groups',
    'role ref',
    'cluster role',
    'role binding',
    'service account',
    'assume role',
    'inline policy',
    'policy enabled',
  ],
  ...[
    'check origin',
    'allowed origin',
    'allowed origins',
    'allow origin',
    'is granted',
    'pre authorize',
    'has role',
    'has authority',
  ],
  ...[
    'is authenticated',
    'login required',
    'require login',
    'allow any',
    'allow anonymous',
    'skip before',
    'current role',
  ],
  ...['is admin', 'max attempts', 'two factor', 'symlink follow', 'follow symlinks', 'zip slip', 'yaml load'],
]);

/**
 * Whether a title or the first line of a commit's message announces the repair of a hole: some are one character of code that no word gives
 * away. It only makes a review closer, so nothing is won by writing it.
 */
export function announcesSecurity(title: string): boolean {
  return ANNOUNCED.test(title);
}

const ANNOUNCED = new RegExp(
  [
    String.raw`\b(?:CVE-\d{4}|GHSA-\w{4}|CWE-\d+|security|vulnerab\w+|exploit\w*|xss|csrf|xsrf|ssrf|xxe|rce|redos|(?:path|directory) traversal)\b`,
    String.raw`\b(?:open redirect|privilege escalation|brute.?force|timing attack|constant.time|request smuggling|zip.?slip|denial.of.service)\b`,
    String.raw`\b(?:sql|command|shell|header|html|template|script|log|csv|formula|crlf|prompt) injection\b|\bprototype pollution\b`,
    String.raw`\b(?:out.of.bounds|use.after.free|double.free|(?:heap|stack|buffer) over(?:flow|read)|uninitiali[sz]ed memory)\b`,
    String.raw`\b(?:unauthori[sz]ed|unauthenticated|sanitiz\w+|sanitis\w+)\b|^(?:\w+(?:\([^)]*\))?!?:\s*)?(?:secure|harden)\b`,
  ].join('|'),
  'i',
);
