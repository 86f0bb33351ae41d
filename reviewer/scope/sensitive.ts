import { isMigration } from './migration.ts';
import { partsOf, wordsOf } from './words.ts';

/** Why a change is looked at by everybody, however small it is. */
export const SENSITIVE = ['security', 'agent-instructions', 'pipeline', 'review-configuration', 'migration'] as const;
export type Sensitive = (typeof SENSITIVE)[number];

/** What a file is sensitive for, by its path; asked of both paths of a rename. */
export function sensitivityOf(path: string): Sensitive | undefined {
  const { folders, name } = partsOf(path);
  const lower = name.toLowerCase();
  if (isReviewConfiguration(path, lower, folders)) return 'review-configuration';
  if (isInstructions(path, lower, folders)) return 'agent-instructions';
  if (isPipeline(path, lower, folders)) return 'pipeline';
  if (isMigration(path)) return 'migration';
  return isSecurity(path, lower) ? 'security' : undefined;
}

/** What decides who reviews, and by what. */
function isReviewConfiguration(path: string, lower: string, folders: readonly string[]): boolean {
  if (/^agentsmd\.config\.ya?ml$/.test(lower) || /^\.agentsmd\.ya?ml$/.test(lower)) return true;
  if (folders.includes('.agentsmd')) return true;
  // Attributes decide what of a change is shown.
  return (
    lower === 'codeowners' || lower === '.gitattributes' || /^\.gitlab\/(?:duo|merge_request_templates)\//.test(path)
  );
}

/** What agents read before they work. */
function isInstructions(path: string, lower: string, folders: readonly string[]): boolean {
  if (INSTRUCTIONS.has(lower)) return true;
  if (/^\.github\/(?:copilot-instructions\.md|(?:instructions|agents|prompts|chatmodes)\/)/.test(path)) return true;
  return folders.some((folder) => AGENT_FOLDERS.has(folder));
}

const INSTRUCTIONS: ReadonlySet<string> = new Set([
  ...[
    'agents.md',
    'agents.override.md',
    'agent.md',
    'claude.md',
    'claude.local.md',
    'gemini.md',
    'skill.md',
    'conventions.md',
  ],
  ...[
    '.cursorrules',
    '.windsurfrules',
    '.clinerules',
    '.roorules',
    '.goosehints',
    '.junie',
    '.rules',
    '.aider.conf.yml',
  ],
  ...[
    'opencode.json',
    'opencode.jsonc',
    '.mcp.json',
    'mcp.json',
    '.coderabbit.yaml',
    '.pr_agent.toml',
    '.greptile.json',
  ],
]);
const AGENT_FOLDERS: ReadonlySet<string> = new Set([
  ...[
    '.claude',
    '.cursor',
    '.windsurf',
    '.clinerules',
    '.roo',
    '.opencode',
    '.gemini',
    '.codex',
    '.junie',
    '.kiro',
    '.agents',
    '.amazonq',
  ],
]);

/** What runs with the secrets of a pipeline. */
function isPipeline(path: string, lower: string, folders: readonly string[]): boolean {
  if (PIPELINES.has(lower) || /^(?:jenkinsfile|azure-pipelines|cloudbuild|buildspec)\b/.test(lower)) return true;
  if (/\.gitlab-ci\.ya?ml$/.test(lower) || lower.endsWith('.jenkinsfile')) return true;
  if (/^\.github\/(?:workflows|actions|scripts)\//.test(path) || /^\.gitlab\/(?:ci|security)/.test(path)) return true;
  if (folders.some((folder) => PIPELINE_FOLDERS.has(folder))) return true;
  // Hooks run on the machines of whoever works on it.
  return lower === 'lefthook.yml' || lower === '.pre-commit-config.yaml';
}

const PIPELINES: ReadonlySet<string> = new Set([
  ...[
    '.gitlab-ci.yml',
    '.gitlab-ci.yaml',
    '.travis.yml',
    '.drone.yml',
    '.drone.yaml',
    '.drone.star',
    '.cirrus.yml',
    'appveyor.yml',
  ],
  ...[
    '.appveyor.yml',
    'bitbucket-pipelines.yml',
    '.woodpecker.yml',
    '.woodpecker.yaml',
    'codefresh.yml',
    'wercker.yml',
    '.semaphore.yml',
  ],
]);
const PIPELINE_FOLDERS: ReadonlySet<string> = new Set([
  ...[
    '.circleci',
    '.buildkite',
    '.woodpecker',
    '.tekton',
    '.semaphore',
    '.azure-pipelines',
    '.azuredevops',
    '.teamcity',
    '.ci',
    'ci',
  ],
  ...['.husky', '.githooks', '.gitea', '.forgejo'],
]);

/** Where a mistake lets somebody in, or lets something out. */
function isSecurity(path: string, lower: string): boolean {
  if (/\.(?:md|mdx|rst|txt|adoc|svg|png|jpe?g|gif|css|scss|snap)$/.test(lower)) return false;
  if (FILES.test(lower)) return true;
  const words = wordsOf(path);
  if (words.some((word) => WORDS.has(word))) return true;
  const isGrammar = words.some((word) => GRAMMAR.has(word));
  if (!isGrammar && words.some((word) => word === 'token' || word === 'tokens')) return true;
  return words.some((word, at) => PAIRS.has(`${word} ${words[at + 1]}`));
}

const FILES =
  /^(?:\.env(?:\..+)?|\.npmrc|\.pypirc|\.netrc|\.htpasswd|.+\.(?:pem|key|crt|cer|p12|pfx|jks|keystore|kdbx)|authorized_keys|sudoers|security\.txt)$/;
const WORDS: ReadonlySet<string> = new Set([
  ...[
    'auth',
    'auths',
    'authn',
    'authz',
    'authentication',
    'authenticate',
    'authenticator',
    'authorization',
    'authorize',
    'authorizer',
  ],
  ...[
    'authorisation',
    'oauth',
    'oauth2',
    'oidc',
    'openid',
    'saml',
    'sso',
    'ldap',
    'kerberos',
    'login',
    'logins',
    'signin',
    'signup',
    'logout',
  ],
  ...[
    'password',
    'passwords',
    'passwd',
    'passphrase',
    'credential',
    'credentials',
    'secret',
    'secrets',
    'vault',
    'kms',
    'hsm',
    'keychain',
  ],
  ...[
    'jwt',
    'jws',
    'jwe',
    'jwk',
    'jwks',
    'apikey',
    'apikeys',
    'session',
    'sessions',
    'cookie',
    'cookies',
    'csrf',
    'xsrf',
    'cors',
    'csp',
    'xss',
  ],
  ...[
    'permission',
    'permissions',
    'rbac',
    'abac',
    'acl',
    'acls',
    'iam',
    'privilege',
    'privileges',
    'sudo',
    'impersonate',
    'impersonation',
  ],
  ...[
    'crypto',
    'cryptography',
    'cipher',
    'ciphers',
    'encrypt',
    'encryption',
    'decrypt',
    'decryption',
    'hmac',
    'bcrypt',
    'argon2',
    'scrypt',
  ],
  ...[
    'tls',
    'ssl',
    'mtls',
    'cert',
    'certs',
    'certificate',
    'certificates',
    'x509',
    'pki',
    'pgp',
    'gpg',
    'ssh',
    'mfa',
    'totp',
    '2fa',
    'webauthn',
  ],
  ...[
    'security',
    'sanitize',
    'sanitizer',
    'sanitizers',
    'sandbox',
    'firewall',
    'captcha',
    'antivirus',
    'ratelimit',
    'webhook',
    'webhooks',
  ],
  ...['payment', 'payments', 'billing', 'checkout', 'payout', 'payouts'],
]);
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
    'rate limit',
  ],
  ...[
    'sign in',
    'sign up',
    'log in',
    'network policy',
    'role binding',
    'cluster role',
    'service account',
    'security group',
    'pod security',
  ],
]);
/** Where a token is a piece of a language. */
const GRAMMAR: ReadonlySet<string> = new Set([
  ...[
    'lexer',
    'lex',
    'parser',
    'parse',
    'parsers',
    'syntax',
    'ast',
    'grammar',
    'scanner',
    'tokenizer',
    'tokenizers',
    'tokenization',
    'compiler',
  ],
  ...[
    'design',
    'theme',
    'themes',
    'style',
    'styles',
    'color',
    'colors',
    'llm',
    'bpe',
    'highlight',
    'interpreter',
    'cst',
    'hir',
    'rustc',
  ],
]);
