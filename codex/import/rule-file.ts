import { Document, isSeq, parseDocument } from 'yaml';
import type { Level, RuleSource } from '../rule.ts';
import { languageOf } from '../stack.ts';
import type { CodeSample } from './section.ts';

/** What an import knows of a rule. Everything else in its file is written by people. */
export interface ImportedRule {
  readonly id: string;
  readonly title: string;
  readonly level: Level;
  readonly source: RuleSource;
  readonly body: string;
}

/** A new rule file. It begins on trial: nobody owns it yet, and nothing checks it. */
export function newRuleFile(rule: ImportedRule, bad: readonly CodeSample[], good: readonly CodeSample[]): string {
  const languages = languagesOf([...bad, ...good]);
  const examples = { bad: bad.map(exampleOf), good: good.map(exampleOf) };
  const data = {
    id: rule.id,
    title: rule.title,
    level: rule.level,
    status: 'trial',
    ...(languages.length === 0 ? {} : { 'applies-to': { languages } }),
    source: sourceData(rule.source),
    ...(bad.length + good.length === 0 ? {} : { examples }),
  };
  return fileOf(new Document(data), rule.body);
}

/** A file for an ID that another rule took over before it had one of its own here. */
export function tombstoneFile(rule: ImportedRule, successor: string, reason: string): string {
  const data = {
    id: rule.id,
    title: rule.title,
    level: rule.level,
    status: 'superseded',
    'superseded-by': [successor],
    'deprecated-reason': reason,
    source: sourceData(rule.source),
  };
  return fileOf(new Document(data), rule.body);
}

/** What is changed in a file that is there. `undefined` takes a key out. */
export interface RuleEdits {
  readonly title?: string;
  readonly when?: string | undefined;
  readonly appliesTo?: object | undefined;
  readonly check?: unknown;
  readonly examples?: unknown;
  readonly level?: Level;
  readonly status?: string;
  readonly source?: RuleSource;
  readonly supersededBy?: readonly string[] | undefined;
  readonly deprecatedReason?: string | undefined;
  /** Of a check by a model, all of them. */
  readonly doNotFlag?: readonly string[];
  /** Beside those that are there. */
  readonly moreNotPaths?: readonly string[];
  readonly moreGood?: readonly { readonly path: string; readonly code: string }[];
  readonly body?: string;
}

/** The same file with these keys changed; keys, comments and order of everything else stay. */
export function editRuleFile(text: string, edits: RuleEdits): string {
  const { block, body } = splitFile(text);
  const document = parseDocument(block, { keepSourceTokens: true });
  const set = (key: string, value: unknown): void => {
    if (value === undefined) document.delete(key);
    else document.set(key, document.createNode(value));
  };
  for (const key of ['title', 'level', 'status'] as const) if (edits[key] !== undefined) set(key, edits[key]);
  const written = { when: 'when', appliesTo: 'applies-to', check: 'check', examples: 'examples' } as const;
  for (const [key, name] of Object.entries(written)) if (key in edits) set(name, edits[key as keyof typeof written]);
  if (edits.source)
    for (const [key, value] of Object.entries(sourceData(edits.source))) document.setIn(['source', key], value);
  if (edits.doNotFlag) document.setIn(['check', 'do-not-flag'], document.createNode(edits.doNotFlag));
  addTo(document, ['applies-to', 'not-paths'], edits.moreNotPaths);
  addTo(document, ['examples', 'good'], edits.moreGood);
  if ('supersededBy' in edits) set('superseded-by', edits.supersededBy);
  if ('deprecatedReason' in edits) set('deprecated-reason', edits.deprecatedReason);
  // As people wrote it: `[a, b]`, unless there are blanks inside already.
  return fileOf(document, edits.body ?? body, /[[{] /.test(block));
}

/** To a list, which may be a single value so far, or not there. */
function addTo(document: Document, path: readonly [string, string], values: readonly unknown[] = []): void {
  const known = document.getIn(path);
  if (isSeq(known)) for (const value of values) known.add(document.createNode(value));
  else if (values.length > 0)
    document.setIn(path, document.createNode([...(known === undefined ? [] : [known]), ...values]));
}

/** Front matter and text, as gray-matter parts them: it ends at the first line that begins with `---`. */
function splitFile(text: string): { readonly block: string; readonly body: string } {
  const source = text.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
  const start = source.indexOf('\n') + 1;
  const end = source.indexOf('\n---', start - 1);
  const behind = source.indexOf('\n', end + 1);
  return { block: source.slice(start, end + 1), body: behind < 0 ? '' : source.slice(behind + 1).trim() };
}

export function fileOf(document: Document, body: string, flowCollectionPadding = true): string {
  const front = document.toString({ lineWidth: 0, blockQuote: 'literal', flowCollectionPadding });
  return `---\n${front.endsWith('\n') ? front : `${front}\n`}---\n${body === '' ? '' : `\n${body}\n`}`;
}

export function sourceData({ doc, anchor, rev, quoteHash }: RuleSource): Record<string, string> {
  return {
    doc,
    ...(anchor === undefined ? {} : { anchor }),
    ...(rev === undefined ? {} : { rev }),
    ...(quoteHash === undefined ? {} : { 'quote-hash': quoteHash }),
  };
}

const ENDINGS: Readonly<Record<string, string>> = {
  typescript: 'ts',
  javascript: 'js',
  python: 'py',
  golang: 'go',
  rust: 'rs',
  kotlin: 'kt',
  csharp: 'cs',
  'c#': 'cs',
  'c++': 'cpp',
  ruby: 'rb',
  bash: 'sh',
  shell: 'sh',
  markdown: 'md',
};

function exampleOf({ language, code }: CodeSample): { readonly path: string; readonly code: string } {
  const name = language.toLowerCase();
  return { path: `example.${ENDINGS[name] ?? (/^[a-z0-9]{1,10}$/.test(name) ? name : 'txt')}`, code };
}

/** The programming language of all samples, where they are of one. */
function languagesOf(samples: readonly CodeSample[]): readonly string[] {
  const found = new Set(samples.map((sample) => languageOf(exampleOf(sample).path)));
  const [only] = found;
  return found.size === 1 && only !== undefined ? [only] : [];
}
