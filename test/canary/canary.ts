import { randomBytes } from 'node:crypto';

/** In every secret that tests hand out, and nowhere else: where it shows up, a secret did. */
const MARK = 'agcanary';

/** A secret of the form `<prefix>agcanary…`, another one each time; as long as GitLab's. */
export function canary(prefix: string): string {
  return `${prefix}${MARK}${randomBytes(9).toString('base64url')}`;
}

/** Secrets of others, which a job has lying beside ours: nothing ever reads them. */
export const AMBIENT: Readonly<Record<string, string>> = Object.fromEntries(
  ['NPM_TOKEN', 'AWS_SECRET_ACCESS_KEY', 'DEPLOY_PASSWORD', 'THEIR_API_KEY'].map((name) => [name, canary('')]),
);

/** What a canary reads as: itself, and within base64, as a header of basic authentication has it. */
const FORMS: readonly Buffer[] = [
  Buffer.from(MARK),
  ...[0, 1, 2].map((shift) => {
    const text = Buffer.from(`${'-'.repeat(shift)}${MARK}`).toString('base64');
    // The first and last characters are made of the neighbours' bits, too.
    return Buffer.from(text.replace(/=+$/, '').slice(shift === 0 ? 0 : shift + 1, -1));
  }),
];

/** What stands around the first canary in it; `undefined`: there is none. */
export function canaryIn(bytes: string | Buffer): string | undefined {
  for (const form of FORMS) {
    // What is a text stays one: to copy all that goes over the wire would cost more than to look at it.
    const at = typeof bytes === 'string' ? bytes.indexOf(form.toString('latin1')) : bytes.indexOf(form);
    if (at >= 0) return bytes.slice(Math.max(0, at - 80), at + 40).toString();
  }
  return undefined;
}
