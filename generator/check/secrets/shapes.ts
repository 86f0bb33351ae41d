/** A kind of secret that is known by its form. */
export interface SecretShape {
  readonly name: string;
  /** The whole token; looked for where a word begins, so that a long text is passed once. */
  readonly pattern: RegExp;
  /** How much of it is the same in every token of the kind. */
  readonly prefix: RegExp;
}

const word = (pattern: string): RegExp => new RegExp(`(?<![\\w-])(?:${pattern})(?![\\w])`, 'g');

const shape = (name: string, prefix: string, body: string): SecretShape => ({
  name,
  pattern: word(`(?:${prefix})${body}`),
  prefix: new RegExp(`^(?:${prefix})`),
});

/**
 * Forms of tokens as their issuers document them, and as gitleaks looks for them:
 * https://github.com/gitleaks/gitleaks/blob/master/config/gitleaks.toml. Only forms that nothing else has; keys for test
 * modes (`sk_test_`) are made to be shown.
 */
export const SECRET_SHAPES: readonly SecretShape[] = [
  shape('AWS access key ID', 'AKIA|ASIA|ABIA|ACCA', '[A-Z2-7]{16}'),
  shape('GitHub token', 'gh[pousr]_', '[A-Za-z0-9]{36,255}'),
  shape('GitHub fine-grained token', 'github_pat_', '[A-Za-z0-9_]{82}'),
  shape(
    'GitLab token',
    'glpat-|gldt-|glrt-|glrtr-|glptt-|glft-|glimt-|glagent-|glsoat-|glcbt-|gloas-|glffct-',
    '[\\w.=-]{20,300}',
  ),
  shape('Slack token', 'xox[abeoprs]-|xapp-\\d-', '[A-Za-z0-9-]{20,200}'),
  shape('Stripe live key', '(?:sk|rk)_live_|whsec_', '[A-Za-z0-9+/]{24,200}'),
  shape('Anthropic API key', 'sk-ant-(?:api|admin|oat)\\d{2}-', '[\\w-]{80,200}'),
  shape('OpenAI API key', 'sk-(?:proj|svcacct|admin|None)-', '[\\w-]{40,250}'),
  shape('OpenAI API key', 'sk-', '[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}'),
  shape('OpenRouter API key', 'sk-or-v1-', '[0-9a-f]{64}'),
  shape('secret API key', 'sk-', '[A-Za-z0-9]{32,100}'),
  shape('Google API key', 'AIza', '[\\w-]{35}'),
  shape('Google OAuth secret', 'GOCSPX-', '[\\w-]{28}'),
  shape('npm token', 'npm_', '[A-Za-z0-9]{36}'),
  shape('PyPI token', 'pypi-AgE(?:IcHlwaS5vcmc|NdGVzdC5weXBpLm9yZw)', '[\\w-]{50,1000}'),
  shape('Hugging Face token', 'hf_|api_org_', '[A-Za-z]{34}'),
  shape('SendGrid key', 'SG\\.', '[\\w-]{22}\\.[\\w-]{43}'),
  shape('DigitalOcean token', 'do[opr]_v1_', '[0-9a-f]{64}'),
  shape('Databricks token', 'dapi', '[0-9a-f]{32}(?:-\\d)?'),
  shape('Shopify token', 'shp(?:at|ca|pa|ss)_', '[0-9a-fA-F]{32}'),
  shape('Linear API key', 'lin_api_', '[A-Za-z0-9]{40}'),
  shape('Postman API key', 'PMAK-', '[0-9a-f]{24}-[0-9a-f]{34}'),
  shape('Grafana token', 'glsa_|glc_', '[A-Za-z0-9+/_]{32,400}'),
  shape('Vault token', 'hv[bs]\\.', '[\\w-]{24,300}'),
  shape('Doppler token', 'dp\\.(?:pt|st|ct|sa)\\.', '[\\w.-]{40,60}'),
  shape('Terraform Cloud token', '[A-Za-z0-9]{14}\\.atlasv1\\.', '[\\w=-]{60,70}'),
  shape('Mailgun key', 'key-', '[0-9a-f]{32}'),
  shape('Sentry token', 'sntrys_|sntryu_', '[\\w+/=-]{60,400}'),
  shape('RubyGems key', 'rubygems_', '[0-9a-f]{48}'),
  shape('age secret key', 'AGE-SECRET-KEY-1', '[A-Z0-9]{58}'),
  shape('Telegram bot token', '\\d{8,10}:AA', '[\\w-]{33}'),
  {
    name: 'Slack webhook',
    pattern:
      /https:\/\/hooks\.slack\.com\/(?:services|workflows)\/T[A-Z0-9]{8,12}\/[A-Z0-9]{8,12}\/[A-Za-z0-9]{20,30}/g,
    prefix: /^https:\/\/hooks\.slack\.com\/\w+\//,
  },
  {
    name: 'Azure storage key',
    pattern: /(?<=AccountKey=)[A-Za-z0-9+/]{86}==/g,
    prefix: /^/,
  },
  {
    name: 'AWS secret access key',
    pattern: /(?<=aws_secret_access_key["']?\s{0,3}[=:]\s{0,3}["']?)[A-Za-z0-9/+]{40}(?![\w/+=])/gi,
    prefix: /^/,
  },
  {
    name: 'private key',
    pattern:
      /-----BEGIN (?:[A-Z0-9]{2,10} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:\\n|[\s>"'+]){1,12}[A-Za-z0-9+/=]{48,100}/g,
    prefix: /^-----BEGIN [A-Z0-9 ]*-----(?:\\n|[\s>"'+])+/,
  },
];

/** A name that says secret, and a long value: may be one. */
export const NAMED_VALUE =
  /(?<![A-Za-z])(?:api|access|auth|client|private|secret|signing|encryption)[_-]?(?:key|token|secret)["']?\s{0,3}[=:]\s{0,3}(?:bearer\s)?["']?(?<value>[A-Za-z0-9_\-+/=]{24,200})(?![\w/+=-])/gi;
