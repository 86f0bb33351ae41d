import type { Check } from '../codex/checks/check.ts';
import { isAlwaysTold } from '../codex/feedback.ts';
import { type Example, isRetired, type Rule, type Scope } from '../codex/rule.ts';
import type { Output } from './output.ts';
import { printable, printableLine } from './printable.ts';
import { table } from './table.ts';

export interface About {
  /** The rules that took the place of a retired one. */
  readonly successors: readonly Rule[];
  /** Where it can be read on the web. */
  readonly url: string | undefined;
}

/** A rule for a person: what it asks, why, where, how that is checked, examples. */
export function codexExplainText(rule: Rule, { successors, url }: About, style: Output['style']): string {
  const { id, rev, level, status, title, when, body, examples } = rule;
  const parts = [
    `${style('bold', `${printableLine(id)}@${rev}`)}  ${level}  ${status}\n${style('bold', printableLine(title))}`,
    isRetired(rule) ? retired(rule, successors) : '',
    when === undefined ? '' : `When: ${printableLine(when)}`,
    printable(body),
    table(rows(rule, url).map(([name, value]) => [style('dim', name), printableLine(value)])).trimEnd(),
    ...examples.bad.map((example) => exampleText(style('red', 'Bad'), example)),
    ...examples.good.map((example) => exampleText(style('green', 'Good'), example)),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function retired({ status, deprecatedReason, supersededBy }: Rule, successors: readonly Rule[]): string {
  const reason = deprecatedReason === undefined ? '' : `: ${printableLine(deprecatedReason)}`;
  const lines = successors.map(({ id, rev, title }) => `  ${printableLine(`${id}@${rev}  ${title}`)}`);
  if (lines.length > 0) return [`No longer in force (${status})${reason}. In its place:`, ...lines].join('\n');
  const named = supersededBy.length > 0 ? ` ${printableLine(supersededBy.join(', '))} is no rule in force.` : '';
  return `No longer in force (${status})${reason}.${named || ' Nothing took its place.'}`;
}

function rows(rule: Rule, url: string | undefined): [string, string][] {
  const { appliesTo, check, source, owner, since, file } = rule;
  const from = source && `${source.doc}${source.anchor ? `#${source.anchor.replace(/^#/, '')}` : ''}`;
  const values: [string, string | undefined][] = [
    ['Applies to', scopeText(appliesTo)],
    ['Checked', check ? checkText(check) : 'by people only'],
    ['Source', from && (source?.rev ? `${from} (${source.rev})` : from)],
    ['Owner', owner],
    ['Since', since],
    ['In the fleet', standingText(rule)],
    ['File', file],
    ['Read it at', url],
  ];
  return values.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
}

/** How it fares, and what that means for it. */
function standingText(rule: Rule): string | undefined {
  if (!rule.standing) return isAlwaysTold(rule) ? 'told in full, whatever people make of it' : undefined;
  const { state, since, settled, unwanted, lower, mergeRequest } = rule.standing;
  const counted = `${unwanted} of ${settled} findings were left as they are (at least ${Math.floor(lower * 100)} %)`;
  const effect = isAlwaysTold(rule) ? ', and told in full all the same' : '';
  const where = mergeRequest === undefined ? '' : `; ${mergeRequest}`;
  return `${state} since ${since.slice(0, 10)}${effect}: ${counted}${where}`;
}

function scopeText({ languages, frameworks, paths, notPaths, catalog }: Scope): string {
  const parts = [
    languages.join(' or '),
    frameworks.length > 0 ? `with ${frameworks.join(' or ')}` : '',
    paths.length > 0 ? `in ${paths.join(', ')}` : '',
    notPaths.length > 0 ? `not in ${notPaths.join(', ')}` : '',
    ...Object.entries(catalog).map(([name, values]) => `where the catalog says ${name} ${values.join(' or ')}`),
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'every repository' : parts.join('; ');
}

function checkText(check: Check): string {
  switch (check.kind) {
    case 'ast-grep':
      return `by the structure of ${check.language.join(' and ')} code (ast-grep)`;
    case 'dependency-ban':
    case 'dependency-require': {
      const names = Object.entries(check.packages).flatMap(([registry, all]) =>
        all.map((name) => `${registry}:${name}`),
      );
      const below = check.below === undefined ? '' : ` below ${check.below}`;
      const what = check.kind === 'dependency-ban' ? 'no dependency on' : 'a dependency on one of';
      const instead = check.instead === undefined ? '' : `; use ${check.instead}`;
      return `in the manifests: ${what} ${names.join(', ')}${below}${instead}`;
    }
    case 'required-file':
      return `by the files there are: ${check.groups.map((group) => group.join(' or ')).join(', and ')}`;
    case 'forbidden-edit': {
      const unless = check.unlessAlsoChanged ? `, unless ${check.unlessAlsoChanged.join(' or ')} changed too` : '';
      return `in changes: no edit of ${check.files.join(', ')}${check.allowNew ? ' (new files are fine)' : ''}${unless}`;
    }
    case 'file-content':
      return `in ${check.files.join(', ')}: ${check.forbid === undefined ? `needs /${check.require}/` : `never /${check.forbid}/`}`;
    case 'config-value':
      return `in ${check.files.join(', ')}: ${check.path} ${JSON.stringify(check.expect)}`;
    case 'model':
      return `by a model in reviews: ${check.ask}`;
  }
}

function exampleText(label: string, { files }: Example): string {
  return Object.entries(files)
    .map(([path, text]) => `${label}: ${printableLine(path)}\n${indented(printable(text))}`)
    .join('\n\n');
}

function indented(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => (line === '' ? '' : `    ${line}`))
    .join('\n');
}
