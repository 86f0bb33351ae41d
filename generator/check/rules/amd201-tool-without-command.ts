import { readCommand } from '../../../facts/commands/reading.ts';
import type { Purpose } from '../../../facts/fact.ts';
import { commandsOf, type SaidCommand } from '../../documents/commands.ts';
import type { AgentDocument } from '../../documents/document.ts';
import { isNegated } from '../../documents/negation.ts';
import { type Span, spansOf } from '../../documents/spans.ts';
import { useOf } from '../commands/purposes.ts';
import { readWith } from '../commands/reach.ts';
import { partOf } from '../piece.ts';
import type { Found, Piece, Rule, World } from '../rule.ts';

/** Tools whose names are nothing else, and what a command that runs them is for. */
const TOOLS: readonly (readonly [names: string, purpose: Purpose])[] = [
  [
    'vitest jest mocha playwright cypress pytest rspec minitest phpunit pest junit xunit nunit mstest exunit kotest spek gotestsum testng',
    'test',
  ],
  [
    'eslint oxlint stylelint tslint ruff flake8 pylint rubocop golangci-lint clippy phpstan psalm phpcs swiftlint detekt ktlint checkstyle hadolint shellcheck markdownlint credo dialyzer',
    'lint',
  ],
  ['prettier dprint isort rustfmt gofmt gofumpt swiftformat clang-format spotless php-cs-fixer scalafmt', 'format'],
  ['mypy pyright', 'typecheck'],
];
const PURPOSE = new Map(TOOLS.flatMap(([names, purpose]) => names.split(' ').map((name) => [name, purpose] as const)));
const NAMED = new RegExp(`(?<![\\w@/.-])(?:${[...PURPOSE.keys()].join('|')})(?![\\w/-]|\\.\\w)`, 'gi');
/** Said of the tool: it is what this repository uses. */
const USES =
  /\b(?:we|uses?|using|with|via|run|runs|written|tests?|testing|lint\w*|format\w*|framework|runner|checker|type-?check\w*|must pass)\b|:\s*$/i;

/** An agent that is told which tool, and not what to type, guesses. */
export const toolWithoutCommand: Rule = {
  id: 'AMD201',
  name: 'tool-without-command',
  severity: 'warning',
  title: 'A document says which tool is used, and no command that runs it.',
  why: 'Agents use the tools that are named; without the command they guess flags, folders and launchers, and run something else.',
  source: 'https://arxiv.org/abs/2602.11988',
  *check(document, world) {
    const mentions = mentionsOf(document);
    if (mentions.size === 0) return;
    const done = purposesSaid(document, world);
    const reported = new Set<Purpose>();
    for (const [name, at] of mentions) {
      const purpose = PURPOSE.get(name)!;
      if (done.has(purpose) || done.has(name) || reported.has(purpose) || !isUsed(name, world)) continue;
      reported.add(purpose);
      yield finding(at, purpose, document, world);
    }
  },
};

/** The first place at which each tool is said to be used. */
function mentionsOf(document: AgentDocument): ReadonlyMap<string, Piece> {
  const mentions = new Map<string, Piece>();
  // Where a command stands beside it, that is how it is run.
  const answered = new Set(commandsOf(document).flatMap((each) => (isBareTool(each) ? [] : [each.span.place.around])));
  for (const span of spansOf(document)) {
    if (span.kind !== 'text' && !(span.kind === 'code' && !span.text.includes(' '))) continue;
    for (const match of span.text.matchAll(NAMED)) {
      const name = match[0].toLowerCase();
      if (mentions.has(name) || answered.has(span.place.around)) continue;
      const { piece, place } = partOf(span, match.index, name.length);
      if (saysUse(place) && !isNegated(place)) mentions.set(name, piece);
    }
  }
  return mentions;
}

/** `Vitest plugin`, `ESLint config package`: something of the tool, not the tool. */
const OF_IT =
  /^\s*(?:plugins?|rules?|config\w*|presets?|matchers?|apis?|globals?|mocks?|adapter|integration|extension|package|fixtures?|reporters?|snapshots?|compat\w*)\b/i;
/** What a hook or a pipeline runs needs no command of its own. */
const RUN_ELSEWHERE = /\b(?:pre-commit|hooks?|ci|pipeline|workflow)\b[^.]{0,30}\bruns?\b|\.ya?ml\b/i;

function saysUse({ before, after, within }: Span['place']): boolean {
  if (within === 'heading' || RUN_ELSEWHERE.test(before) || OF_IT.test(after)) return false;
  return USES.test(before) || /^\s*(?:is|are|for|tests?|with|must|\.?\s*$)/i.test(after);
}

/** A tool by its bare name is a mention, and no command, unless it stands among commands or is told to be run. */
function isBareTool({ words, form, span }: SaidCommand): boolean {
  return (
    words.length === 1 && form === 'inline' && PURPOSE.has(words[0]!) && !/\brun(?:ning)?\s*$/i.test(span.place.before)
  );
}

/** Purposes and tools of every command that is told to an agent at work here. */
function purposesSaid(document: AgentDocument, world: World): ReadonlySet<string> {
  const said = new Set<string>();
  for (const other of readWith(document, world)) {
    for (const command of commandsOf(other)) {
      if (command.negated || isBareTool(command)) continue;
      const { purposes, tools } = useOf(command, world);
      for (const purpose of purposes) said.add(purpose);
      for (const tool of tools) said.add(tool);
      for (const word of command.words) said.add(word.toLowerCase());
    }
  }
  return said;
}

const used = new WeakMap<World, readonly string[]>();

/** The repository really uses it: what is only spoken of needs no command. */
function isUsed(name: string, world: World): boolean {
  let names = used.get(world);
  if (!names) {
    const { facts, signals } = { ...world.survey, facts: world.survey.facts.facts };
    const tools = facts.filter(({ key }) => /^(?:test-framework|linter|formatter|type-checker)$/.test(key));
    const dependencies = signals.flatMap((signal) => (signal.kind === 'dependency' ? [signal.name] : []));
    names = [
      ...new Set([
        ...tools.map(({ value }) => bare(value)),
        ...dependencies.map(bare).filter((each) => PLAIN.has(each)),
      ]),
    ];
    used.set(world, names);
  }
  return names.some((each) => each.startsWith(bare(name)));
}

function bare(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

const PLAIN = new Set([...PURPOSE.keys()].map(bare));

function finding(at: Piece, purpose: Purpose, { dir }: AgentDocument, { survey }: World): Found {
  const fact = survey.facts.facts.find(
    (each) => each.key === `command.${purpose}` && (each.dir === dir || each.dir === ''),
  );
  // A command that calls another tool by its name is no answer.
  const reading = fact && readCommand(fact.value.split(' '));
  const answers =
    fact && (!reading || reading.tool.toLowerCase().includes(at.text.toLowerCase()) || purpose === 'test');
  const what = answers ? `say what to type: \`${fact.value}\`` : 'say what to type';
  return { at, severity: 'warning', message: `no command here runs ${at.text}: ${what}` };
}
