import { AGENTS_COMMAND } from './agents-command-table.ts';
import { CODEX_COMMAND } from './codex-command-table.ts';
import type { CommandSpec, OptionSpec } from './command.ts';
import { CODEX, REPOSITORY, REPOSITORY_OR_PROJECT, REVISION } from './common-options.ts';
import { EVAL_COMMAND } from './eval-command-table.ts';
import { FLEET_COMMANDS } from './fleet-command-table.ts';
import { MODELS_COMMAND } from './models-command-table.ts';

/** Options that every command takes, before or after its name. */
export const GLOBAL_OPTIONS: readonly OptionSpec[] = [
  { flags: '--json', summary: 'print one JSON document; errors become one line of JSON on stderr' },
  { flags: '-q, --quiet', summary: 'print nothing on stderr but errors' },
  { flags: '-v, --verbose', summary: 'say more on stderr; stack traces of unexpected errors' },
  { flags: '--no-color', summary: 'no colours (NO_COLOR and FORCE_COLOR are respected too)' },
  {
    flags: '--config <file>',
    summary: 'configuration to use instead of the nearest agentsmd.config.yaml',
    kind: 'file',
  },
];

/**
 * Every command as data: it is all that `--help` and shell completion load. Adding a command: an entry here and in
 * `GROUPS` of cli/top-help.ts, a file in cli/commands/, a line in cli/commands/index.ts.
 */
export const COMMANDS: readonly CommandSpec[] = [
  {
    name: 'generate',
    summary: 'write the AGENTS.md of a repository, or open a merge request with it',
    details:
      'Where there is one, it is refreshed: people\u2019s lines stay byte for byte, bullets of ours follow their facts. Prints the file and writes nothing, unless an option says so. Nothing of the repository is run.',
    arguments: [REPOSITORY_OR_PROJECT],
    examples: [
      ['generate', 'print the file, and change nothing'],
      ['generate --diff', 'what a refresh would change'],
      ['generate --write', 'write it into the working tree'],
      ['generate --explain', 'the lines that each bullet rests on'],
      ['generate shop/cart --dry-run', 'a project of GitLab, nothing is sent'],
    ],
    options: [
      REVISION,
      { flags: '--fresh', summary: 'write as if no AGENTS.md existed' },
      { flags: '--write', summary: 'write the file, those of packages, and the ledger into the working tree' },
      { flags: '--publish', summary: 'open a merge request with the file, or bring the open one up to date' },
      { flags: '--dry-run', summary: 'send nothing, print the requests that --publish would send' },
      { flags: '--diff', summary: 'print what would change in the existing files as a unified diff' },
      { flags: '--explain', summary: 'print each bullet with its evidence, and what was left out and why' },
      { flags: '--adopt', summary: 'do without the ledger: every line that is there counts as written by people' },
      { flags: '--companion', summary: 'also a CLAUDE.md of one line, @AGENTS.md, where there is none' },
      { flags: '--no-history', summary: 'do not look for files that change together in the history' },
      {
        flags: '--draft <how>',
        summary: 'have a language model say it better, or none, whatever generate.draft says',
        choices: ['none', 'model'],
      },
      ...CODEX,
      { flags: '--out <file>', summary: 'write the root file there instead ("-" is stdout)', kind: 'file' },
    ],
  },
  {
    name: 'check',
    summary: 'find what is no longer true, unsafe or useless in AGENTS.md and its like',
    details:
      'Compares every AGENTS.md, CLAUDE.md, GEMINI.md and the like with the repository, which is read and never run. Exit code 1 where an error stands.',
    arguments: [
      {
        name: 'path',
        summary: 'a folder of a git repository, a bare repository, or one document (default: the current folder)',
        optional: true,
        kind: 'file',
      },
    ],
    examples: [
      ['check', 'every document of this repository'],
      ['check web/AGENTS.md', 'one of them'],
      ['check --format code-quality', 'for a report of a GitLab job'],
    ],
    options: [
      REVISION,
      {
        flags: '--format <format>',
        summary: 'how findings are printed (default: text)',
        choices: ['text', 'json', 'sarif', 'code-quality'],
      },
      { flags: '--fix', summary: 'mend in the working tree what can be mended without a doubt' },
      { flags: '--diff', summary: 'with --fix: write nothing, print what it would change as a unified diff' },
      { flags: '--rule <ids>', summary: 'ask only these rules, separated by commas: AMD101,AMD304' },
      { flags: '--list-rules', summary: 'print the rules instead' },
      ...CODEX,
    ],
  },
  {
    name: 'changes',
    summary: 'print what changed between two commits that people rely on, and the lines it made false',
    details:
      'Each change with its materiality: high, medium or low. Only files count, never commit messages. Exit code 0, whatever changed.',
    arguments: [REPOSITORY],
    examples: [
      ['changes', 'what the last commit changed'],
      ['changes --from main --to HEAD', 'what a branch changed'],
    ],
    options: [
      { flags: '--from <rev>', summary: 'the earlier commit (default: the first parent of --to)', kind: 'revision' },
      { flags: '--to <rev>', summary: 'the later commit (default: HEAD)', kind: 'revision' },
    ],
  },
  {
    name: 'review',
    summary: 'review a change: what it made false in AGENTS.md, which rules it breaks; one decision',
    details:
      'Without a server, and without a model where none is configured (models). In a job of a GitLab merge request pipeline it is about that merge request; what the clone lacks is fetched. Exit code 1 where the decision is against it and the mode is blocking, 3 where not everything could be looked at. What judges a change is read where it goes into, never from the change.',
    arguments: [
      {
        name: 'path',
        summary:
          'a folder of a git repository, a bare one, or the address of a merge request (default: the current folder)',
        optional: true,
        kind: 'directory',
      },
    ],
    examples: [
      ['review', 'the working tree against the main branch'],
      ['review --staged', 'what the next commit will hold'],
      ['review --base HEAD~1', 'the last commit, and what is not committed'],
    ],
    options: [
      {
        flags: '--local',
        summary: 'the working tree with everything uncommitted in it (default outside of merge request pipelines)',
      },
      { flags: '--staged', summary: 'only what is staged for the next commit' },
      {
        flags: '--base <rev>',
        summary: 'what the change goes into (default: origin/HEAD, main or master)',
        kind: 'revision',
      },
      { flags: '--head <rev>', summary: 'the tip of the change (default: the working tree)', kind: 'revision' },
      {
        flags: '--mode <mode>',
        summary: 'what becomes of the decision (default: review.mode)',
        choices: ['shadow', 'advisory', 'blocking'],
      },
      {
        flags: '--format <format>',
        summary: 'how it is printed (default: text)',
        choices: ['text', 'markdown', 'json', 'sarif', 'code-quality'],
      },
      {
        flags: '--publish',
        summary: 'comment on the merge request of an address (default in a job with a token that may)',
      },
      { flags: '--dry-run', summary: 'print what would be sent to the merge request, and send nothing' },
      { flags: '--no-models', summary: 'ask no language model, whatever is configured' },
      { flags: '--full', summary: 'have models look at all of it again, also at what they saw in the last review' },
      {
        flags: '--report <format=file>',
        summary: 'write it to a file, too, in any of these formats; may be given several times',
        repeatable: true,
      },
      ...CODEX,
    ],
  },
  {
    name: 'listen',
    summary: 'review merge requests when GitLab tells that something happened there, until it is stopped',
    details:
      'Takes webhooks (comments, merge requests) at POST /webhook, and reviews as review ADDRESS --publish does. AGENTSMD_WEBHOOK_TOKEN, AGENTSMD_WEBHOOK_SIGNING_TOKEN or both hold the secrets of the webhook. SIGTERM finishes what is in hand. Logs are lines of JSON on stderr.',
    options: [
      { flags: '--port <port>', summary: 'where it listens (default: 8080)' },
      {
        flags: '--host <address>',
        summary: 'address that it listens on (default: 127.0.0.1, this machine alone)',
      },
      { flags: '--concurrency <count>', summary: 'merge requests at a time (default: 2)' },
      { flags: '--limit <count>', summary: 'reviews of one merge request in ten minutes at most (default: 6)' },
    ],
  },
  {
    name: 'facts',
    summary: 'print what is true of a repository, with evidence',
    arguments: [REPOSITORY],
    options: [REVISION, { flags: '--no-agent-docs', summary: 'do not read AGENTS.md, CLAUDE.md and their like' }],
  },
  CODEX_COMMAND,
  {
    name: 'co-changes',
    summary: 'print which files change together, from the history',
    details:
      'Candidates for boundaries: "a new file here also needs a line there". Support is how many changes show it, confidence in which part of the cases it held.',
    arguments: [REPOSITORY],
    options: [REVISION, { flags: '--last <changes>', summary: 'how many changes are looked at (default: 20000)' }],
  },
  {
    name: 'fleet',
    summary: 'look at the repositories of your GitLab, or of a folder',
    subcommands: [
      {
        name: 'list',
        summary: 'print every project: whether it is in scope and why, its owner, its merge request',
        arguments: [
          {
            name: 'group',
            summary: 'only these groups and what is below them (default: all projects that the token is a member of)',
            optional: true,
            variadic: true,
          },
        ],
        options: [
          { flags: '--dir <folder>', summary: 'the repositories below this folder instead', kind: 'directory' },
          { flags: '--in-scope', summary: 'leave out what is not in scope' },
        ],
      },
      {
        name: 'show',
        summary: 'print what is known of one project: scope, settings, owner, merge requests',
        arguments: [REPOSITORY_OR_PROJECT],
      },
    ],
  },
  ...FLEET_COMMANDS,
  {
    name: 'catalog',
    summary: 'look at what the software catalog knows',
    subcommands: [
      {
        name: 'show',
        summary: 'print what an agent or a reviewer is told of a repository',
        details:
          'Owner, system, what it depends on, who depends on it, its APIs and components, from Backstage or from catalog-info.yaml files (catalog.from).',
        arguments: [
          {
            name: 'ref',
            summary:
              'an entity (component:payments), a project (group/name), or a folder (default: the current folder)',
            optional: true,
            kind: 'directory',
          },
        ],
        options: [
          { flags: '--refresh', summary: 'ask the catalog now, however young our copy of it is' },
          {
            flags: '--accept-shrunk',
            summary: 'believe a catalog that has lost entities: you looked, and it is right',
          },
        ],
      },
    ],
  },
  MODELS_COMMAND,
  AGENTS_COMMAND,
  EVAL_COMMAND,
  {
    name: 'doctor',
    summary: 'find out what works here, what will not, and how to mend it',
    details:
      'Looks at git, folders, the codex, each GitLab (version, edition, token, scopes, roles), the catalog, and the providers of models (address, key, names of models); no model is asked. Writes nothing but the folders that are missing. Exit code 1 where something will not work.',
  },
  {
    name: 'init',
    summary: 'begin a configuration: every setting with what it means',
    details: 'Asks for the addresses of GitLab, Backstage and the codex, unless an option names one of them.',
    options: [
      { flags: '--gitlab <url>', summary: 'address of your GitLab' },
      { flags: '--token-env <name>', summary: 'environment variable that holds its token (default: GITLAB_TOKEN)' },
      { flags: '--backstage <url>', summary: "address of Backstage's backend" },
      {
        flags: '--backstage-token-env <name>',
        summary: 'environment variable that holds its token (default: BACKSTAGE_TOKEN)',
      },
      { flags: '--codex <source>', summary: 'a folder or the address of a git repository (default: the starter)' },
      { flags: '-y, --yes', summary: 'ask nothing' },
      { flags: '--force', summary: 'replace the file where there is one' },
      { flags: '--dry-run', summary: 'write nothing, print the file' },
      { flags: '--out <file>', summary: 'write there instead of agentsmd.config.yaml', kind: 'file' },
    ],
  },
  {
    name: 'config',
    summary: 'look at the configuration',
    subcommands: [
      {
        name: 'show',
        summary: 'print the effective settings and where each comes from',
      },
      {
        name: 'schema',
        summary: 'print the JSON schema of agentsmd.config.yaml',
      },
    ],
  },
  {
    name: 'completions',
    summary: 'print a script that completes commands and options in your shell',
    details:
      'bash: source <(agentsmd completions bash)\nfish: agentsmd completions fish | source\nzsh:  source <(agentsmd completions zsh)',
    arguments: [{ name: 'shell', summary: 'the shell', choices: ['bash', 'zsh', 'fish'] }],
  },
];
