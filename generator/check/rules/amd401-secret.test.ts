import { describe, expect, it } from 'vitest';
import { documentOf } from '../../documents/parse.ts';
import { found, told } from '../testing/fixtures.ts';
import { secret } from './amd401-secret.ts';

/** Made up here, and put together only when the test runs: nothing of this file looks like a secret to a scanner. */
const BODY = 'k3J9xQ2mZ7vB4nL8wR1tY6pH5sD0fG2aC9eU';
const HEX = '9f86d081884c7d659a2feaa0c55ad015';
const SHAPES: readonly (readonly [what: string, token: string])[] = [
  ['AWS', `AKIA${'Q4ZW7MXE2R5TYBND'}`],
  ['GitHub', `ghp_${BODY}`],
  ['GitHub fine-grained', `github_pat_${BODY}${BODY}0f8Kd7Wq3z`],
  ['GitLab', `glpat-${BODY.slice(0, 20)}`],
  ['Slack', `xoxb-${'482910573846'}-${BODY.slice(0, 24)}`],
  ['Stripe', `sk_live_${BODY.slice(0, 24)}`],
  ['Anthropic', `sk-ant-api03-${BODY}${BODY}${BODY}`],
  ['OpenAI', `sk-proj-${BODY}${BODY}`],
  ['Google', `AIza${BODY.slice(0, 35)}`],
  ['npm', `npm_${BODY}`],
  ['Hugging Face', `hf_${'qWzKxVbNmPlRtYsDfGhJcAeUiOoLkHgFqZ'}`],
  ['DigitalOcean', `dop_v1_${HEX}${HEX}`],
  ['Shopify', `shpat_${HEX}`],
  ['Slack webhook', `https://hooks.slack.com/services/T${'01AB2CD3E'}/B${'0F4GH5JK6'}/${BODY.slice(0, 24)}`],
  ['private key', `-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQ${BODY}${BODY}`],
];

describe('AMD401 secret', () => {
  it.each(SHAPES)('finds the token of %s', async (_, token) => {
    const findings = await found(secret, `# Setup\n\nUse \`${token}\` here.\n`);
    expect(findings).toMatchObject([{ severity: 'error', line: 3 }]);
  });

  it.each(SHAPES)('never repeats the token of %s', async (_, token) => {
    const said = JSON.stringify(await found(secret, `Use ${token} here.\n`));
    expect(said).not.toContain(token.slice(-12));
    expect(said).not.toContain(token.slice(0, 12));
  });

  it('shows six characters, which stand on that line', async () => {
    expect(await told(secret, `a\nkey: ghp_${BODY}\n`)).toEqual(['2:6 error ghp_k3']);
  });

  it('is sure where a line only speaks of tests', async () => {
    expect(await told(secret, `To run the tests: export GH=ghp_${BODY}\n`)).toEqual(['1:29 error ghp_k3']);
  });

  it('finds it in code blocks and comments too', async () => {
    expect(await told(secret, `\`\`\`sh\nexport GH=ghp_${BODY}\n\`\`\`\n<!-- npm_${BODY} -->\n`)).toHaveLength(2);
  });

  it('finds it in a text that is too large to be parsed', () => {
    const document = documentOf(`${'word '.repeat(60_000)}ghp_${BODY}`);
    expect(document.unparsed).toBeDefined();
    expect([...secret.check(document, undefined as never)]).toHaveLength(1);
  });

  it.each([
    'AKIAIOSFODNN7EXAMPLE',
    'AKIAXXXXXXXXXXXXXXXX',
    'ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    'ghp_abcdefghijklmnopqrstuvwxyz0123456789',
    'ghp_16C7e42F292c6912E7710c838347Ae178B4a',
    'ghp_a9Ka9Ka9Ka9Ka9Ka9Ka9Ka9Ka9Ka9Ka9Ka9K',
    'glpat-<token>',
    'sk-your-api-key-here-please-replace-it',
    'sk_live_abc123xyz789',
    `sk_test_${BODY.slice(0, 24)}`,
    'export OPENAI_API_KEY="$OPENAI_API_KEY"',
    'API_KEY=your-api-key-goes-here-and-nowhere',
    'api_token: ${{ secrets.DEPLOY_TOKEN_FOR_PRODUCTION }}',
    'secret_key = settings/production/secret-key/path-name',
    'sha512-9zKuko04nR8pZ7vB4nL8wR1tY6pH5sD0fG2aC9eUk3J9xQ2mZ7vB4nL8wR1tY6pH5sD0fG2aC9eU==',
    'uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd',
    '-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----',
    `a fake token for tests: ghp_${BODY}`,
  ])('is silent about %s', async (text) => {
    expect(await told(secret, `${text}\n`)).toEqual([]);
  });

  it('is not sure where a line shows what one looks like', async () => {
    expect(await told(secret, `Tokens, for example ghp_${BODY}, are refused.\n`)).toEqual(['1:21 warning ghp_k3']);
  });

  it('warns of a long random value with a name that says secret', async () => {
    expect(await told(secret, `client_secret = "${BODY}"\n`)).toEqual(['1:18 warning k3J9xQ']);
  });
});
