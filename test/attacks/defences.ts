/** A defence, and how to switch it off: texts in sources that others take the place of. */
export interface Defence {
  readonly name: string;
  readonly off: readonly { readonly file: string; readonly text: string; readonly instead: string }[];
  /** Cases that have to see that it is gone, one of them at least: the class, and how its name begins. */
  readonly seenBy: readonly (readonly [of: string, name: string])[];
}

const one = (file: string, text: string, instead: string) => ({ file, text, instead });

/** Of two that stand one behind the other both are off: either alone is enough. */
export const DEFENCES: readonly Defence[] = [
  {
    name: 'foreign text in comments is made harmless, and what is posted is looked at',
    off: [
      one(
        'forge/render/gate.ts',
        'export function assertSafe(text: string, policy: GatePolicy): void {',
        'export function assertSafe(text: string, policy: GatePolicy): void {\n  if (policy) return;',
      ),
      one(
        'forge/render/inline.ts',
        "const text = from !== 'foreign' ? piece : opened ? words(piece) : data(piece);",
        'const text = opened ? piece : piece;',
      ),
    ],
    seenBy: [
      ['06-leaks-by-findings', 'model-finding'],
      ['07-quick-actions', 'model-finding'],
    ],
  },
  {
    name: 'secrets are masked in what is posted, printed and told to models',
    off: [
      one(
        'forge/render/secrets.ts',
        'export function masked(text: string): string {',
        'export function masked(text: string): string {\n  if (text) return text;',
      ),
      one(
        'forge/render/secrets.ts',
        'export function holdsSecret(text: string): boolean {',
        'export function holdsSecret(text: string): boolean {\n  if (text) return false;',
      ),
    ],
    seenBy: [['32-quoted-secrets', '']],
  },
  {
    name: 'the configuration is that of the target branch',
    off: [one('cli/commands/review.ts', "rev: wish.staged ? 'HEAD' : wish.base,", "rev: wish.head ?? 'HEAD',")],
    seenBy: [
      ['09-instructions-of-the-change', 'a mode of the change'],
      ['09-instructions-of-the-change', 'waivers'],
    ],
  },
  {
    name: 'a configuration that was found names no servers',
    off: [
      one(
        'cli/config/servers.ts',
        "refuse(loaded, (setting) => setting === 'models' || setting.startsWith('models.'));",
        '',
      ),
      one(
        'cli/config/servers.ts',
        'refuse(loaded, (setting) => /^review',
        'if (!loaded) refuse(loaded, (setting) => /^review',
      ),
    ],
    seenBy: [['25-asks-for-secrets', 'servers that the repository names']],
  },
  {
    name: 'who was not heard approves nothing',
    off: [
      one(
        'reviewer/decide/decide.ts',
        'const complete = agents.length > 0 && missed.length === 0;',
        'const complete = agents.length > 0 && missed.length < 99;',
      ),
    ],
    seenBy: [['30-foreign-servers', 'nobody']],
  },
  {
    name: 'what is sensitive by its path is looked at by all',
    off: [
      one(
        'reviewer/scope/sensitive.ts',
        'export function sensitivityOf(path: string): Sensitive | undefined {',
        'export function sensitivityOf(path: string): Sensitive | undefined {\n  if (path) return undefined;',
      ),
    ],
    seenBy: [
      ['11-pipeline', 'one line'],
      ['23-agents-of-others', 'hooks'],
    ],
  },
  {
    name: 'and what is by its kind',
    off: [
      one(
        'reviewer/scope/sensitive.ts',
        "  if (is === 'symlink') return 'link';",
        "  if (was !== undefined || is !== undefined) return undefined;\n  if (is === 'symlink') return 'link';",
      ),
    ],
    seenBy: [
      ['21-taken-for-small', 'may be run'],
      ['21-taken-for-small', 'a submodule'],
    ],
  },
  {
    name: 'what is minified by its name alone is code',
    off: [one('codex/by-hand.ts', 'return isMinified(path) && isDense(text);', 'return isMinified(path);')],
    seenBy: [['20-taken-for-noise', 'a minified name']],
  },
  {
    name: 'a notice of a generator counts where it stood before the change',
    off: [
      one(
        'codex/of-change.ts',
        "if (status === 'added') return isMinifiedText(path, texts.get(path)!);",
        "if (status === 'added') return true;",
      ),
    ],
    seenBy: [['20-taken-for-noise', 'a mark that is new']],
  },
  {
    name: 'a comment overrules only where it begins with the words',
    off: [
      one(
        'reviewer/publish/break-glass.ts',
        'if (!body.startsWith(BREAK_GLASS)) return undefined;',
        'if (body.includes(BREAK_GLASS)) return body;',
      ),
    ],
    seenBy: [
      ['17-forged-markers', 'a quoted override'],
      ['17-forged-markers', 'an override in code'],
    ],
  },
  {
    name: 'who opened it does not overrule its review',
    off: [
      one(
        'reviewer/publish/break-glass.ts',
        'if (!own && person.id === author.id)',
        'if (!own && person.id === author.id && person.id === "")',
      ),
    ],
    seenBy: [['17-forged-markers', 'an override by who opened it']],
  },
  {
    name: 'what models find has to be there',
    off: [
      one(
        'reviewer/findings/verify.ts',
        "    if ('reason' in outcome) dropped",
        "    if ('reason' in outcome) kept.push(finding); else if ('reason' in outcome) dropped",
      ),
    ],
    seenBy: [
      ['15-confused-deputy', 'a foreign path'],
      ['15-confused-deputy', 'a rule that is not there'],
    ],
  },
  {
    name: 'a judge drops what is critical by lines that are there alone',
    off: [
      one(
        'reviewer/panel/judge.ts',
        "if (finding.severity === 'critical' && shown.length === 0) kept.push(asKept(named));",
        "if (finding.severity === 'critical' && shown.length > 99) kept.push(asKept(named));",
      ),
    ],
    seenBy: [['22-judge', 'the same of nothing but models']],
  },
  {
    name: 'a reader that was talked into it gives nobody rights',
    off: [
      one(
        'reviewer/publish/rights.ts',
        'if (by === null || (!breakGlass.author && by.id === author.id)) return false;',
        'if (by === null) return false;',
      ),
    ],
    seenBy: [['24-talk', 'a reader who takes it for acknowledged']],
  },
  {
    name: 'foreign text leaves no tag of ours',
    off: [one('models/tools/as-data.ts', 'const inner = text.replace(TAG_BEGINS, `‹$<rest>`);', 'const inner = text;')],
    seenBy: [
      ['01-boundary-tags', 'agents-md'],
      ['01-boundary-tags', 'tool-result'],
    ],
  },
  {
    name: 'nothing that a terminal acts on is printed',
    off: [
      one(
        'cli/printable.ts',
        'export function printable(text: string): string {',
        'export function printable(text: string): string {\n  if (text) return text;',
      ),
      one(
        'cli/printable.ts',
        'export function printableJson(value: unknown, indent = 2): string {',
        'export function printableJson(value: unknown, indent = 2): string {\n  if (value) return JSON.stringify(value, null, indent);',
      ),
    ],
    seenBy: [
      ['29-logs', 'names of files'],
      ['29-logs', 'a place that is not there'],
    ],
  },
  {
    name: 'comments of others are never taken for ours',
    off: [
      one(
        'reviewer/publish/ours.ts',
        'return ({ id, username }) => id === self.id ||',
        "return ({ id, username }) => id !== '' ||",
      ),
    ],
    seenBy: [
      ['17-forged-markers', 'a finding of ours'],
      ['17-forged-markers', 'a summary'],
    ],
  },
];
