import { type Claim, holds, restated } from '../../../facts/dependencies/claims.ts';
import { compareVersions, minimumOf, type Version } from '../../../facts/dependencies/versions.ts';
import type { PlainFact } from '../../../facts/signal.ts';
import type { AgentDocument } from '../../documents/document.ts';
import type { Found, Rule, World } from '../rule.ts';
import { namesBefore } from '../versions/named.ts';
import { RUNTIMES } from '../versions/products.ts';
import { isCurrent, isWhole, USED } from '../versions/standing.ts';
import { type Statement, statementsOf } from '../versions/statements.ts';

/** A runtime's version that no pin and no constraint of the repository allows. */
export const runtimeVersionMismatch: Rule = {
  id: 'AMD107',
  name: 'runtime-version-mismatch',
  severity: 'warning',
  title: 'A stated runtime version differs from what the repository pins or allows.',
  why: 'An agent installs the version it is told, or writes code for it, and the build fails or the syntax is not there.',
  source: 'https://agents.md/',
  *check(document, world) {
    const pins = pinsOf(world);
    for (const statement of statementsOf(document)) {
      const name = namesBefore(statement).find((each) => RUNTIMES.has(each.toLowerCase()));
      const runtime = name && RUNTIMES.get(name.toLowerCase());
      const known = (runtime && pins.get(runtime)) || [];
      if (!name || known.length === 0 || !isVersion(statement) || !isSaid(statement, name)) continue;
      const found = judge(statement, name, known, document, world);
      if (found) yield found;
    }
  },
};

/** "Rust 2024 edition", "JDK 17 for the formatter": another number, or another purpose than working on the repository. */
function isVersion(statement: Statement): boolean {
  const [first = 0] = statement.claim.version.parts;
  return first < 1000 && isWhole(statement) && !FOR_SOMETHING.test(statement.after);
}

const FOR_SOMETHING =
  /^\s*for\b(?!\s+(?:(?:local|all|everything|this|the|running|working|building|builds?|compiling|development|dev|testing|tests)\b))/i;

const SUPPORTED = new RegExp(`${USED.source}|\\b(?:supports?|minimum|at least)\\b`, 'i');

/** What is supported is a promise about the oldest version; of a single one it says nothing. */
function isSaid(statement: Statement, name: string): boolean {
  return isCurrent(statement, name, statement.claim.kind === 'minimum' ? SUPPORTED : USED);
}

/** Every pin and constraint, by the runtime's name. */
function pinsOf({ survey }: World): ReadonlyMap<string, readonly PlainFact[]> {
  const facts = survey.signals.filter(
    (signal): signal is PlainFact =>
      signal.kind === 'fact' && signal.key.startsWith('runtime.') && /\d/.test(signal.value),
  );
  return Map.groupBy(facts, ({ key }) => key.slice('runtime.'.length));
}

function judge(
  statement: Statement,
  name: string,
  pins: readonly PlainFact[],
  document: AgentDocument,
  world: World,
): Found | undefined {
  const claims = [statement.claim, ...statement.beside];
  if (isAnothers(document.dir, pins, world)) return undefined;
  if (claims.some((claim) => isBorneOut(claim, pins) || isUsedSomewhere(claim, name, world))) return undefined;
  const constraints = pins.filter(isConstraint);
  const telling = statement.claim.kind === 'minimum' && constraints.length > 0 ? constraints : pins;
  const right = telling.find(({ dir }) => dir === document.dir) ?? telling.find(({ dir }) => dir === '') ?? telling[0]!;
  const at = right.evidence[0]!;
  const replacement =
    statement.beside.length === 0
      ? restated(statement.claim, { range: bare(right.value) }, statement.at.text)
      : undefined;
  return {
    at: statement.at,
    severity: 'warning',
    message: `${at.path}:${at.line} says ${right.value} for ${name}, not ${statement.claim.text}`,
    ...(replacement === undefined ? {} : { replacement }),
  };
}

/** True where the document's folder has a manifest of its own of the same name, which no pin comes from: nobody read it. */
function isAnothers(dir: string, pins: readonly PlainFact[], { survey }: World): boolean {
  if (dir === '' || pins.some((pin) => pin.dir === dir || pin.dir.startsWith(`${dir}/`))) return false;
  return pins.some(({ evidence }) => survey.paths.has(`${dir}/${evidence[0]?.path.split('/').at(-1)}`));
}

function isBorneOut(claim: Claim, pins: readonly PlainFact[]): boolean {
  const constraints = pins.filter(isConstraint);
  // "18 or newer" is false only where the manifests turn 18 away, or where all that is pinned is older.
  if (claim.kind === 'minimum' && constraints.length > 0)
    return constraints.some((pin) => {
      const least = minimumOf(bare(pin.value), registryOf(pin));
      return !least || compareVersions(cut(least, claim.version), claim.version) <= 0;
    });
  return pins.some((pin) => holds(claim, { range: bare(pin.value) }, registryOf(pin)) !== false);
}

/** As many numbers as the other one has: who says 1.24 means 1.24.3 too. */
function cut({ parts }: Version, { parts: other }: Version): Version {
  return { parts: parts.slice(0, Math.max(other.length, 1)) };
}

/** `temurin-21`, `v24`, `1.19.5-otp-27`, `net8.0`: the numbers are the version. */
function bare(value: string): string {
  return value
    .replace(/-otp-\d+$/, '')
    .replace(/\b[a-z]+-(?=\d)/gi, '')
    .replace(/\bnet(?=\d)/g, '');
}

function registryOf({ key }: PlainFact): string {
  return key === 'runtime.go' || key === 'runtime.rust' ? 'nuget' : 'npm';
}

/** What turns other versions away, where a pin of a version manager only says what is used. */
function isConstraint({ value, evidence }: PlainFact): boolean {
  const path = evidence[0]?.path ?? '';
  return /[<>=~^]/.test(value) || /(?:^|\/)(?:go\.mod|Cargo\.toml)$/.test(path);
}

/** True where some file that was read names this version of the runtime: a matrix, an image, a setup step. */
function isUsedSomewhere({ version }: Claim, name: string, { survey }: World): boolean {
  const number = version.parts.join('.');
  const word = name.replace(/\.js$/i, '').toLowerCase();
  for (const { text, path } of survey.files.values()) {
    if (!text.includes(number) || /\block(?:file)?\b|\.(?:md|mdc|rst|txt)$/.test(path)) continue;
    if (!text.toLowerCase().includes(word)) continue;
    if (text.split('\n').some((line) => names(line, number) && isSetup(line, word))) return true;
  }
  return false;
}

function names(line: string, number: string): boolean {
  const at = line.indexOf(number);
  return (
    at >= 0 && line.length < 2000 && !/[\d.]/.test(line[at - 1] ?? '') && !/\d/.test(line[at + number.length] ?? '')
  );
}

function isSetup(line: string, word: string): boolean {
  return line.toLowerCase().includes(word) || /version|matrix|\[/i.test(line);
}
