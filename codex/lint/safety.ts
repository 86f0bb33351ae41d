import { LineIndex } from '../../facts/parse/lines.ts';
import type { Lint } from './lint.ts';
import type { World } from './world.ts';

const hidden: Lint = {
  id: 'CDX801',
  name: 'hidden-characters',
  severity: 'error',
  title: 'Characters that nobody sees.',
  why: 'People review one text and a model reads another: directions turned over, tag characters, letters of no width.',
  *find(world) {
    for (const { file, text } of texts(world)) {
      const match = hiddenCharacter(text);
      if (match)
        yield {
          file,
          line: new LineIndex(text).lineAt(match.at),
          message: `hidden character U+${match.code.toString(16).toUpperCase().padStart(4, '0')}; take it out`,
        };
    }
  },
};

const secret: Lint = {
  id: 'CDX802',
  name: 'secret',
  severity: 'error',
  title: 'Text that looks like a real secret.',
  why: 'Rules are read by everybody and exported to other tools. An example wants a value that says it is none.',
  *find(world) {
    for (const { file, text } of texts(world))
      for (const [what, form] of SECRETS) {
        const match = [...text.matchAll(form)].find(([found]) => !isStandIn(found));
        if (!match) continue;
        const line = new LineIndex(text).lineAt(match.index);
        yield {
          file,
          line,
          message: `looks like ${what}; write one that says it is an example, and revoke a real one`,
        };
      }
  },
};

export const SAFETY_LINTS: readonly Lint[] = [hidden, secret];

function* texts({ files }: World): Iterable<{ readonly file: string; readonly text: string }> {
  for (const { rule, text } of files.read) yield { file: rule.file, text };
  for (const [file, text] of files.pages) yield { file, text };
}

/** Direction controls, zero-width characters, invisible operators and fillers, tag characters. */
const HIDDEN =
  /[\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;
/** Scripts whose spelling needs joiners or marks of direction. */
const JOINING =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Sinhala}\p{Script=Malayalam}]/u;

function hiddenCharacter(text: string): { readonly at: number; readonly code: number } | undefined {
  for (const match of text.matchAll(HIDDEN)) {
    const code = match[0].codePointAt(0)!;
    const before = text.slice(Math.max(0, match.index - 4), match.index);
    const byteOrderMark = code === 0xfeff && match.index === 0;
    const emoji = code === 0x200d && /(?:[\p{Extended_Pictographic}\p{Emoji_Modifier}]|\ufe0f)$/u.test(before);
    const flag = code >= 0xe0020 && /(?:\u{1f3f4}|[\u{e0020}-\u{e007f}])$/u.test(before) && isFlag(text, match.index);
    const spelling = (code === 0x200c || code === 0x200d || code === 0x200e || code === 0x200f) && JOINING.test(before);
    if (!byteOrderMark && !emoji && !flag && !spelling) return { at: match.index, code };
  }
  return undefined;
}

/** England, Scotland and Wales: the only tags that Unicode recommends. */
function isFlag(text: string, at: number): boolean {
  const flags =
    /\u{1f3f4}\u{e0067}\u{e0062}(?:\u{e0065}\u{e006e}\u{e0067}|\u{e0073}\u{e0063}\u{e0074}|\u{e0077}\u{e006c}\u{e0073})\u{e007f}/gu;
  const around = text.slice(Math.max(0, at - 14), at + 14);
  return flags.test(around);
}

const SECRETS: readonly (readonly [string, RegExp])[] = [
  ['an AWS access key', /\bAKIA[0-9A-Z]{16}\b/g],
  ['a GitHub token', /\bgh[pousr]_[A-Za-z0-9]{36}\b/g],
  ['a GitLab token', /\bglpat-[\w-]{20,}/g],
  ['a Slack token', /\bxox[abprs]-[\w-]{20,}/g],
  ['a Google API key', /\bAIza[\w-]{35}\b/g],
  ['an npm token', /\bnpm_[A-Za-z0-9]{36}\b/g],
  ['a private key', /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s+(?:[A-Za-z0-9+/=]{40,}\s+){2}/g],
];

/** Text that says it is none, or that has too few different characters to be one. */
function isStandIn(text: string): boolean {
  const body = text.replace(/^[A-Za-z]+[-_]|^AKIA|^AIza/, '');
  return (
    /example|sample|dummy|fake|test|xxxx|0000|1234|abcd|secret|changeme|redacted|placeholder/i.test(text) ||
    new Set(body).size < 10
  );
}
