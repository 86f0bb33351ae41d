import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import type { CommandSpec, OptionSpec } from '../cli/command.ts';
import { COMMANDS, GLOBAL_OPTIONS } from '../cli/command-table.ts';
import { environmentOverrides } from '../cli/config/environment.ts';
import { settingsOf } from '../cli/config/settings.ts';
import { configSchema, DEFAULTS, EXAMPLES } from '../cli/config/slices.ts';
import { explanationText, filesText } from '../cli/generate-text.ts';
import { parseCommandLine } from '../cli/program.ts';
import { loadCodexFiles, STARTER } from '../codex/load.ts';
import { parseWaivers } from '../codex/parse-waivers.ts';
import { readRule } from '../codex/read-rule.ts';
import { LEVELS, STATUSES } from '../codex/rule.ts';
import { scan } from '../codex/scan.ts';
import { frontMatterSchema } from '../codex/schema.ts';
import { MINIMUM_SCORE, score, WEIGHTS } from '../facts/commands/ranking.ts';
import { FACTS_DEFAULTS } from '../facts/config.ts';
import { ECOSYSTEMS } from '../facts/ecosystems/index.ts';
import { analyze, type RepoFacts } from '../facts/index.ts';
import { KEYS } from '../facts/keys.ts';
import { memoryRepository } from '../forge/memory.ts';
import { RULES } from '../generator/check/rules/index.ts';
import { GENERATE_DEFAULTS } from '../generator/config.ts';
import { generate } from '../generator/index.ts';
import type { CodexContext } from '../generator/sections/rules.ts';
import { agentFrontMatter, commandFrontMatter, MOST_BYTES, MOST_FILES } from '../models/agents/agent.ts';
import { layOver } from '../models/agents/layer.ts';
import { type Part, readPart } from '../models/agents/read-part.ts';
import { modelsConfigSchema } from '../models/config-schema.ts';
import { readDocument } from '../models/remote/document.ts';
import { ANSWERS, builtinAgents } from '../reviewer/agents/builtin.ts';
import { MOST_SECTION_BYTES } from '../reviewer/plugins/allowed.ts';
import { openEvents } from '../reviewer/plugins/events.ts';
import { PATIENCE, setUp } from '../reviewer/plugins/lifecycle.ts';
import { HOOKS, loadPlugins } from '../reviewer/plugins/loader.ts';
import type { ReviewPlugin } from '../reviewer/plugins/plugin.ts';
import { component, rendered, type Value } from './ci/component.ts';
import { MADE, rulesPage } from './rules-page.ts';

const ROOT = join(import.meta.dirname, '..');
const PAGES = ['README.md', 'CHANGELOG.md', ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`)].filter(
  (path) => path.endsWith('.md'),
);
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

describe('every page', () => {
  it.each(PAGES)('%s links to files and headings that are there', (page) => {
    const text = read(page).replace(/^```[\s\S]*?^```$/gm, '');
    for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target)) continue;
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page : join(dirname(page), path);
      expect(existsSync(join(ROOT, file)), `${page}: ${target}`).toBe(true);
      if (anchor !== undefined) expect(headingsOf(file), `${page}: ${target}`).toContain(anchor);
    }
  });

  it.each(PAGES)('%s has tables whose rows are as wide as their heads', (page) => {
    for (const rows of tablesOf(read(page))) expect(new Set(rows.map((row) => row.length)).size, rows[0]?.[0]).toBe(1);
  });
});

describe('every command line in a block of a page', () => {
  const lines = PAGES.flatMap((page) => commandLinesIn(read(page)).map((line) => [page, line] as const));

  it('is found', () => expect(lines.length).toBeGreaterThan(50));

  it.each(lines)('%s: %s is one that the program takes', (_, line) => {
    const words = [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? '');
    expect(parseCommandLine(words)).toHaveProperty('spec');
  });
});

/** Those of shell blocks and of scripts of a job, without the program's name, comments and what a shell does around them. */
function commandLinesIn(text: string): readonly string[] {
  const blocks = [...text.matchAll(/^```(?:sh|yaml)\n([\s\S]*?)^```/gm)].map(([, block = '']) => block);
  return blocks.flatMap((block) =>
    [...block.matchAll(/^(?:[^#\n]*(?:&&|npx) +| *- )?agentsmd +([^#\n]*)/gm)].map(([, line = '']) =>
      line.replace(/ (?:[|>]|2>|&).*$/, '').trim(),
    ),
  );
}

describe('README.md', () => {
  const text = read('README.md');

  it('lists every command with what --help says of it, those of the codex as one', () => {
    const codex = COMMANDS.find(({ name }) => name === 'codex')!;
    const lines = commandLines(COMMANDS).filter(({ usage }) => !usage.startsWith('codex '));
    const shown = [...lines, { usage: 'codex', summary: `${codex.summary} ([docs/codex.md](docs/codex.md))` }];
    expect(tableUnder(text, 'command').toSorted()).toEqual(
      shown.map(({ usage, summary }) => [`\`agentsmd ${usage}\``, summary]).sort(),
    );
  });

  it('lists every option', () => {
    const listed = tableUnder(text, 'option').flatMap(([flags = '']) => flags.match(/--[\w-]+/g) ?? []);
    // Those of the codex stand on its own page.
    const own = COMMANDS.flatMap((spec) => (spec.name === 'codex' ? spec : [spec, ...(spec.subcommands ?? [])]));
    const known = [...GLOBAL_OPTIONS, ...own.flatMap(({ options = [] }) => options)];
    expect(listed.toSorted()).toEqual([...new Set(known.map(({ flags }) => /--[\w-]+/.exec(flags)?.[0]))].sort());
  });

  it('lists the exit codes that --help does', () => {
    const help = parseCommandLine(['--help']);
    const codes = 'text' in help ? [.../Exit codes: (.*)/.exec(help.text)![1]!.matchAll(/\d+/g)].map(String) : [];
    expect(tableUnder(text, 'code').map(([code]) => code)).toEqual(codes);
  });

  it('shows what the program writes', async () => {
    const { files } = await generate(bakery(), { fresh: false, codex: await starter() });
    expect(blockAfter(text, 'the output of')).toBe(filesText(files, plain));
  });
});

describe('docs/facts.md', () => {
  const text = read('docs/facts.md');

  it('lists every key, in the order of the facts, with its materiality', () => {
    const listed = tableUnder(text, 'key').map(([key = '', materiality]) => [
      key.replaceAll('`', '').replace(/<\w+>$/, ''),
      materiality,
    ]);
    expect(listed).toEqual(KEYS.map(({ key, materiality }) => [key, materiality]));
  });

  it('shows a document with facts that the program prints', async () => {
    const shown = JSON.parse(blockAfter(text, '## The document')) as RepoFacts;
    const facts = await analyze(bakery());
    expect({ ...facts, commit: shown.commit, facts: [] }).toEqual({ ...shown, facts: [] });
    for (const fact of shown.facts) expect(facts.facts).toContainEqual(fact);
  });

  it('names the limits that hold', () => {
    for (const bytes of Object.values(FACTS_DEFAULTS.limits)) expect(text).toContain(bytes.toLocaleString('en'));
  });
});

describe('docs/ranking.md', () => {
  const text = read('docs/ranking.md');

  it('lists every feature with its weight', () => {
    const listed = tableUnder(text, 'feature').map(([feature = '', weight]) => [
      feature.replaceAll('`', ''),
      Number(weight),
    ]);
    expect(Object.fromEntries(listed)).toEqual(WEIGHTS);
  });

  it('names the least score', () => {
    expect(text).toContain(`at least\n**${MINIMUM_SCORE}**`);
  });

  it.each(tableUnder(text, 'candidate'))('%s: %s give %s', (_, features = '', shown) => {
    const values = features.split(', ').map((pair) => pair.split(' ') as [keyof typeof WEIGHTS, string]);
    const given = { fit: 0, ...Object.fromEntries(values.map(([name, value]) => [name, Number(value)])) };
    // A feature that is not there makes the sum no number.
    expect(score(given)).toBeCloseTo(Number(shown), 1);
  });
});

describe('docs/ecosystems.md', () => {
  const text = read('docs/ecosystems.md');

  it('lists every plugin by id and title', () => {
    const listed = tableUnder(text, 'id').map(([id, title]) => [id, title]);
    const mark = (experimental?: true): string => (experimental ? ' (experimental)' : '');
    expect(listed).toEqual(
      ECOSYSTEMS.map(({ id, title, experimental }) => [`\`${id}\``, `${title}${mark(experimental)}`]),
    );
  });

  it('shows the plugin as it stands, in less than 60 lines', () => {
    const plugin = read('facts/ecosystems/zig.ts');
    expect(blockAfter(text, 'the same bytes as')).toBe(plugin);
    expect(plugin.split('\n').length - 1).toBeLessThan(60);
  });
});

describe('docs/rules.md', () => {
  it('says of every rule what the rule says of itself', async () => {
    const text = read('docs/rules.md');
    const written = text.slice(0, text.indexOf(MADE));
    await expect(`${written}${rulesPage(RULES)}`).toMatchFileSnapshot(join(ROOT, 'docs/rules.md'));
  });
});

describe('docs/check.md', () => {
  const text = read('docs/check.md');

  it('shows a pipeline that is valid YAML', () => {
    expect(parse(blockAfter(text, '## In GitLab CI'))).toHaveProperty('agents-md.artifacts.reports.codequality');
  });

  it('shows a configuration that is valid', () => {
    expect(configSchema(z).safeParse(parse(blockAfter(text, 'In `agentsmd.config.yaml`'))).error).toBeUndefined();
  });

  it('names only rules that there are', () => {
    const named = new Set(text.match(/AMD\d{3}/g));
    expect([...named].filter((id) => !RULES.some((rule) => rule.id === id))).toEqual([]);
  });

  it('shows a document whose keys are those that are printed', () => {
    const shown = JSON.parse(blockAfter(text, '## JSON')) as { findings: object[] };
    expect(Object.keys(shown)).toEqual([
      'schema',
      'repository',
      'commit',
      'history',
      'documents',
      'findings',
      'suppressed',
      'problems',
    ]);
    expect(Object.keys(shown.findings[0]!)).toEqual([
      'rule',
      'severity',
      'path',
      'line',
      'column',
      'subject',
      'message',
      'suggestion',
    ]);
  });
});

describe('docs/codex.md', () => {
  const text = read('docs/codex.md');
  const codex = COMMANDS.find(({ name }) => name === 'codex')!;

  it('lists every command with what --help says of it, and its options', () => {
    expect(tableUnder(text, 'command')).toEqual(
      commandLines([codex]).map(({ usage, summary, options }) => [
        `\`${usage}\``,
        summary,
        options.flatMap(({ flags }) => `\`${/--[\w-]+/.exec(flags)![0]}\``).join(' '),
      ]),
    );
  });

  it('lists every kind of check, and every status and level', () => {
    const kinds = tableUnder(text, 'kind').map(([kind]) => kind);
    const known = kindsOf(z.toJSONSchema(frontMatterSchema, { io: 'input' }));
    expect(kinds).toEqual(known.map((kind) => `\`${kind}\``));
    for (const word of [...STATUSES, ...LEVELS]) expect(text).toContain(`\`${word}\``);
  });

  it('shows a rule without a mistake, whose examples prove its check', async () => {
    const read = readRule('TS-ERR-001.md', blockAfter(text, '## A rule'));
    if (!('rule' in read)) throw new Error(JSON.stringify(read.problems));
    for (const [kind, hits] of [
      ['bad', [1]],
      ['good', [0, 0]],
    ] as const) {
      const found = read.rule.examples[kind].map(async ({ files }) => await scan(memoryRepository(files), [read.rule]));
      expect((await Promise.all(found)).map(({ findings }) => findings.length)).toEqual(hits);
    }
  });

  it('shows waivers that are understood, a pipeline that is valid YAML, a configuration that is valid', () => {
    expect(parseWaivers(blockAfter(text, '## Waivers'))).toMatchObject({
      waivers: [{ rule: 'TS-ERR-001' }],
      problems: [],
    });
    expect(parse(blockAfter(text, '## In a pipeline'))).toHaveProperty('codex.artifacts.reports.codequality');
    expect(configSchema(z).safeParse(parse(blockAfter(text, 'A codex is a folder'))).error).toBeUndefined();
  });
});

describe('docs/configuration.md', () => {
  const text = read('docs/configuration.md');
  const rows = tableUnder(text, 'setting').map((row) => row.map((cell) => cell.replace(/^`(.*)`$/, '$1')));

  it('lists every setting with its default', () => {
    const settings = settingsOf(DEFAULTS).map(({ path, value }) => [path.join('.'), JSON.stringify(value)]);
    expect(rows.map(([setting, value]) => [setting, value])).toEqual(settings);
  });

  it.each(rows)('%s is overridden by the variable it names', (setting, _, variable = '') => {
    expect(environmentOverrides({ [variable]: '1' }).map(({ path }) => path.join('.'))).toEqual([setting]);
  });

  it('shows a configuration that is valid', () => {
    expect(configSchema(z).safeParse(parse(blockAfter(text, '## Example'))).error).toBeUndefined();
  });
});

describe('docs/models.md', () => {
  const text = read('docs/models.md');
  const rows = tableUnder(text, 'setting').map((row) => row.map((cell) => cell.replace(/^`(.*)`$/, '$1')));
  const example = parse(blockAfter(text, '## A configuration'));

  it('lists every setting with its default, where it has one', () => {
    const settings = settingsOf(EXAMPLES).filter(({ path }) => path[0] === 'models');
    const known = settings.map(({ path, value }) => [path.join('.'), JSON.stringify(value)]);
    const required = ['models.providers', 'models.tiers.top', 'models.tiers.standard', 'models.tiers.light'];
    expect(rows.map(([setting, value]) => [setting, value])).toEqual([
      ['models', '"none"'],
      ...known.map(([setting = '', value]) => [setting, required.includes(setting) ? '' : value]),
    ]);
  });

  it.each(rows)('%s is overridden by the variable it names', (setting, _, variable = '') => {
    expect(environmentOverrides({ [variable]: '1' }).map(({ path }) => path.join('.'))).toEqual([setting]);
  });

  it('lists every field of a provider and of a model, with its default', () => {
    const fields = tablesOf(text)
      .filter(([head]) => head?.[0] === 'field')
      .map(([, ...fields]) => fields.map(([name, value]) => [name, value].map((cell) => cell?.replaceAll('`', ''))));
    const models = z.toJSONSchema(modelsConfigSchema(z), { io: 'input' }).anyOf?.[1] as Fields;
    const provider = (models.properties.providers as Fields).additionalProperties;
    const model = (provider.properties.models as Fields).additionalProperties;
    for (const [at, { properties }] of [provider, model].entries())
      expect(fields[at]).toEqual(
        Object.entries(properties).map(([name, { default: value }]) => [name, JSON.stringify(value) ?? '']),
      );
  });

  it('shows a configuration that is valid, and a document that overrides it', () => {
    const { models } = configSchema(z).parse(example);
    if (models === 'none') throw new Error('it configures nothing');
    const document = blockAfter(text, '## Remote configuration');
    expect(readDocument(document, models)).toEqual(JSON.parse(document));
  });
});

describe('docs/agents.md', () => {
  const text = read('docs/agents.md');
  const partOf = (file: string, mark: string): Part => {
    const part = readPart(file, blockAfter(text, mark));
    if ('length' in part) throw new Error(JSON.stringify(part));
    return part;
  };

  it('lists every key of an agent and of a command', () => {
    const [agent, command] = tablesOf(text)
      .filter(([head]) => head?.[0] === 'key')
      .map(([, ...rows]) => rows.flatMap(([keys = '']) => keys.replaceAll('`', '').split(', ')));
    expect(agent).toEqual(Object.keys(agentFrontMatter.shape));
    expect(command?.toSorted()).toEqual(Object.keys(commandFrontMatter.shape).toSorted());
  });

  it('shows an agent that is one', () => {
    const { agents, problems } = layOver(undefined, { name: 'yours', parts: [partOf('agents/p.md', '## An agent')] });
    expect(problems).toEqual([]);
    expect(agents).toMatchObject([{ name: 'payments', tools: ['read', 'grep', 'git_log'], answer: 'findings' }]);
  });

  it('shows a layer that does what the page says of it', async () => {
    const below = await builtinAgents();
    const part = partOf('agents/s.md', '`disable: true` takes away');
    const { agents, problems } = layOver(below, { name: 'yours', parts: [part] });
    expect(problems).toEqual([]);
    const [before, after] = [below.agents, agents].map((all) => all.find(({ name }) => name === 'security')!);
    expect(after).toMatchObject({ ...before, tier: 'top', prompt: `${before!.prompt}\n\n${part.body}`, from: {} });
  });

  it('names the limits and the answers that there are', () => {
    for (const limit of [MOST_BYTES, MOST_FILES]) expect(text).toContain(limit.toLocaleString('en'));
    for (const answer of ANSWERS) expect(text).toContain(`\`${answer}\``);
  });
});

describe('docs/plugins.md', () => {
  const text = read('docs/plugins.md');
  const names = (head: string) => tableUnder(text, head).map(([name = '']) => name.replace(/^`(\w[\w-]*).*`$/, '$1'));
  const NOBODY = new AbortController().signal;
  const setupWith = async (plugin: ReviewPlugin, path: string) =>
    await setUp(
      [plugin],
      { agents: await builtinAgents(), models: 'none', tokens: {} },
      { project: null, iid: null, tier: 'full', files: [{ path, status: 'added', added: 1, removed: 0 }] },
      NOBODY,
    );

  it('lists every plugin that comes with a review', () => {
    const files = readdirSync(join(ROOT, 'reviewer/plugins/builtin')).filter((name) => name.endsWith('.ts'));
    const own = files.flatMap(
      (name) => /^ {4}name: '(.*)',$/m.exec(read(`reviewer/plugins/builtin/${name}`))?.[1] ?? [],
    );
    expect(names('plugin').toSorted()).toEqual(own.toSorted());
  });

  it('lists every call of the contexts, and every hook', async () => {
    const calls = new Set<string>();
    const look = (context: object) => {
      for (const name of Object.keys(context)) calls.add(name);
    };
    await setupWith({ name: 'x', configure: look, postConfigure: async (context) => look(context) }, 'a');
    expect(names('call').toSorted()).toEqual([...calls].sort());
    expect(names('hook')).toEqual([...HOOKS]);
  });

  it('names the limits that hold', () => {
    expect(text).toContain(`${MOST_SECTION_BYTES.toLocaleString('en')} bytes`);
    for (const [hook, ms] of Object.entries(PATIENCE))
      expect(tableUnder(text, 'hook').find(([name]) => name === `\`${hook}\``)?.[2]).toContain(` ${ms / 1000} s.`);
  });

  it('shows configurations that are valid', () => {
    for (const mark of ['## A template for all', '## Your own'])
      expect(configSchema(z).safeParse(parse(blockAfter(text, mark))).error, mark).toBeUndefined();
  });

  it('shows a plugin that does what it says', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'agentsmd-plugin-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'audit.ts');
    writeFileSync(file, blockAfter(text, 'in the order in which they are named'));
    const [plugin] = await loadPlugins([file], [ROOT]);
    const setup = await setupWith(plugin!, 'services/payments/book.ts');
    expect(setup).toMatchObject({
      skipped: { performance: 'payments are few' },
      tools: { documentation: ['read', 'grep'] },
      problems: [],
    });
    expect(Object.keys(setup.prompts.agents)).toEqual(['code-quality', 'security']);
    expect(await setupWith(plugin!, 'docs/a.md')).toMatchObject({ skipped: {}, tools: {}, prompts: { agents: {} } });
    vi.stubEnv('AUDIT_LOG', join(folder, 'log'));
    onTestFinished(() => void vi.unstubAllEnvs());
    const problems: unknown[] = [];
    const events = openEvents([plugin!], (problem) => void problems.push(problem));
    const report = { name: 'security', state: 'done', findings: 2, ms: 1, message: null } as const;
    events.tell({ type: 'agent', report });
    events.tell({ type: 'ended', decision: 'approved', findings: 2, ms: 1 });
    await events.close();
    expect(problems).toEqual([]);
    expect(readFileSync(join(folder, 'log'), 'utf8')).toBe('security done 2\ndecision approved\n');
  });
});

/** What is looked at of a JSON schema. */
interface Fields {
  readonly properties: Readonly<Record<string, Fields>>;
  readonly additionalProperties: Fields;
  readonly default?: unknown;
}

describe.each([
  ['docs/review.md', 'review'],
  ['docs/fleet.md', 'sweep'],
])('%s', (page, name) => {
  const known = component(name);
  const text = read(page);

  it('lists every input of the component, with its default', () => {
    const listed = tableUnder(text, 'input').map((row) => row.slice(0, 2).map((cell) => cell.replaceAll('`', '')));
    expect(listed).toEqual(
      Object.entries(known.inputs).map(([input, { default: value }]) => [input, JSON.stringify(value)]),
    );
  });

  it('names every option of an input', () => {
    for (const [input, , meaning] of tableUnder(text, 'input'))
      for (const option of known.inputs[input!.replaceAll('`', '')]?.options ?? [])
        if (option !== '') expect(meaning, input).toContain(`\`${option}\``);
  });
});

describe('every page that shows an include', () => {
  const shown = PAGES.flatMap((page) =>
    [...read(page).matchAll(/^```yaml\n(include:\n(?:.*\n)*?)```$/gm)].map(([, text = '']) => [page, text] as const),
  );

  it.each(shown)('%s shows one that the component takes: %#', (_, text) => {
    for (const { component: ref, inputs = {} } of (parse(text) as { include: Include[] }).include) {
      const [, name = '', version = ''] = /\/agentsmd\/(\w+)@(.*)$/.exec(ref) ?? [];
      expect(component(name).inputs.version?.default).toBe(version);
      expect(() => rendered(component(name), inputs)).not.toThrow();
    }
  });

  it('is among them', () => {
    expect(new Set(shown.map(([page]) => page))).toEqual(
      new Set(['docs/review.md', 'docs/fleet.md', 'docs/security.md']),
    );
  });
});

describe('docs/generated-file.md', () => {
  const text = read('docs/generated-file.md');

  it('names the limits that hold', () => {
    const { maxLines, maxBytes } = GENERATE_DEFAULTS;
    expect(text).toContain(`${maxLines} lines and ${maxBytes.toLocaleString('en')} bytes`);
  });

  it('shows lines of a real explanation', async () => {
    const explanation = explanationText(await generate(bakery(), { fresh: false, codex: await starter() }), plain);
    for (const line of blockAfter(text, '## Example of an explanation').split('\n'))
      expect(explanation).toContain(`${line}\n`);
  });
});

/** The small repository that the pages use for their examples. */
/** The codex that `agentsmd generate` takes where nobody chose one. */
async function starter(): Promise<CodexContext> {
  const { codex } = await loadCodexFiles({ from: STARTER });
  return { codex, chosen: false };
}

function bakery(): ReturnType<typeof memoryRepository> {
  const folder = join(ROOT, 'test/fixtures/bakery');
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1));
  return memoryRepository(Object.fromEntries(paths.map((path) => [path, read(`test/fixtures/bakery/${path}`)])), {
    name: 'bakery',
  });
}

function plain(_: unknown, text: string): string {
  return text;
}

/** The commands that can be typed, as usage lines without options. */
function commandLines(
  specs: readonly CommandSpec[],
  above = '',
): { usage: string; summary: string; options: readonly OptionSpec[] }[] {
  return specs.flatMap(({ name, summary, arguments: parameters = [], options = [], subcommands }) => {
    if (subcommands) return commandLines(subcommands, `${above}${name} `);
    const shown = parameters.map(({ name, optional, variadic }) => {
      const named = variadic ? `${name}...` : name;
      return optional ? ` [${named}]` : ` <${named}>`;
    });
    return [{ usage: `${above}${name}${shown.join('')}`, summary, options }];
  });
}

interface Include {
  readonly component: string;
  readonly inputs?: Readonly<Record<string, Value>>;
}

/** The kinds of check that the schema of front matter allows. */
function kindsOf(schema: object): readonly string[] {
  const { check } = (schema as { properties: { check: { oneOf?: Kind[]; anyOf?: Kind[] } } }).properties;
  return (check.oneOf ?? check.anyOf ?? []).flatMap(({ properties: { kind } }) => kind.enum ?? [kind.const!]);
}

interface Kind {
  readonly properties: { readonly kind: { readonly const?: string; readonly enum?: string[] } };
}

/** Every table of a page, the head first, without the line below the head. */
function tablesOf(text: string): readonly (readonly string[])[][] {
  const withoutCode = text.replace(/^```[\s\S]*?^```$/gm, '');
  const tables = withoutCode.match(/(?:^ *\|.*\|$\n?)+/gm) ?? [];
  return tables.map((table) => {
    const rows = table.trim().split('\n');
    return rows.toSpliced(1, 1).map((row) => cellsOf(row));
  });
}

function cellsOf(row: string): readonly string[] {
  return row
    .trim()
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());
}

/** The rows of the table whose first column has this head. */
function tableUnder(text: string, head: string): (readonly string[])[] {
  return tablesOf(text)
    .find(([first]) => first?.[0] === head)!
    .slice(1);
}

/** What stands in the first fenced block after a text. */
function blockAfter(text: string, mark: string): string {
  return /^```\w*\n([\s\S]*?\n)```$/m.exec(text.slice(text.indexOf(mark)))![1]!;
}

/** The anchors that GitLab and GitHub give to the headings of a page. */
function headingsOf(page: string): readonly string[] {
  const headings = read(page).match(/^#+ .*$/gm) ?? [];
  return headings.map((heading) =>
    heading
      .replace(/^#+ /, '')
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}
