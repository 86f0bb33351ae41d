import type { CommandSpec, OptionSpec } from './command.ts';
import { CODEX, CODEX_REVISION, CODEX_SOURCE, REPOSITORY, REPOSITORY_OR_PROJECT, REVISION } from './common-options.ts';

/** For commands that people run on a codex of their own. */
const OWN_CODEX: OptionSpec = {
  ...CODEX_SOURCE,
  summary: 'starter, a folder, or a git address (default: codex.from, else the codex around you, else starter)',
};

const CODEX_FOLDER = {
  name: 'codex',
  summary: 'a folder with a codex (default: codex.from, else the codex around you, else starter)',
  optional: true,
  kind: 'directory',
} as const;

const REPOS: OptionSpec = {
  flags: '--repos <dir>',
  summary: 'a folder of git repositories, bare or not, at any of its first two levels',
  kind: 'directory',
};

/** `agentsmd codex ...`: as data, like every command. */
export const CODEX_COMMAND: CommandSpec = {
  name: 'codex',
  summary: 'engineering rules with permanent IDs: lint, match, check, search, import, distill, audit, export',
  subcommands: [
    {
      name: 'check',
      summary: 'find where a repository breaks the rules that apply to it',
      details:
        'Exit code 1 where a MUST in force is broken. A rule that could not be checked is named, never taken as kept. With --base or --staged only what the change touched counts.',
      arguments: [
        {
          name: 'path',
          summary: 'a repository, a folder or file of one, or - for a file on stdin (default: the current folder)',
          optional: true,
          kind: 'file',
        },
      ],
      options: [
        REVISION,
        {
          flags: '--base <rev>',
          summary: 'only what changed since this commit; waivers are read there',
          kind: 'revision',
        },
        { flags: '--staged', summary: 'only what is staged for the next commit' },
        { flags: '--rule <ids>', summary: 'ask only these rules, separated by commas, trial ones included' },
        {
          flags: '--format <format>',
          summary: 'how findings are printed (default: text)',
          choices: ['text', 'json', 'sarif', 'code-quality'],
        },
        { flags: '--stdin-path <path>', summary: 'where the text on stdin would stand in the repository' },
        { flags: '--no-prefilter', summary: 'parse every file, as a proof that findings stay the same' },
        ...CODEX,
      ],
    },
    {
      name: 'audit',
      summary: 'score every rule for a repository: COMPLIANT, PARTIAL, NON-COMPLIANT, or why nobody can say',
      details:
        'What code can check it checks over the whole repository; what only a reader can tell is asked of several language models, whose word counts only with lines that are there and where most of them agree. Exit code 1 where a MUST in force is broken; with --baseline where one is that was not.',
      arguments: [REPOSITORY_OR_PROJECT],
      options: [
        REVISION,
        { flags: '--rule <ids>', summary: 'ask only these rules, separated by commas, drafts included' },
        {
          flags: '--format <format>',
          summary: 'how the audit is printed (default: text)',
          choices: ['text', 'json', 'markdown', 'html'],
        },
        { flags: '--out <file>', summary: 'write there instead ("-" is stdout)', kind: 'file' },
        {
          flags: '--baseline <file>',
          summary: 'an earlier audit as JSON: say what changed since',
          kind: 'file',
        },
        { flags: '--no-models', summary: 'ask no language model, even where some are configured' },
        ...CODEX,
      ],
    },
    {
      name: 'match',
      summary: 'print which rules apply to a repository, and why',
      arguments: [REPOSITORY],
      options: [REVISION, { flags: '--all', summary: 'also the rules that do not apply, and why not' }, ...CODEX],
    },
    {
      name: 'explain',
      summary: 'print a rule: what it asks, why, examples, what took its place',
      arguments: [{ name: 'id', summary: 'its ID: API-REST-01, "RFC 021", RFC-021@2' }],
      options: [OWN_CODEX, CODEX_REVISION],
    },
    {
      name: 'search',
      summary: 'find rules by a question: "how should I handle errors in my Rust service?"',
      arguments: [
        { name: 'question', summary: 'words or a sentence' },
        { ...REPOSITORY, summary: 'rules that apply to this repository come first (default: the one around you)' },
      ],
      tooMany: 'put the question in quotes, such as agentsmd codex search "how do I handle errors?"',
      options: [
        { flags: '--limit <n>', summary: 'at most this many answers (default: 10)' },
        OWN_CODEX,
        CODEX_REVISION,
      ],
    },
    {
      name: 'lint',
      summary: 'find what is wrong with a codex itself',
      details:
        'A bad example must make its check fire, a good one must not. Exit code 1 on an error. IDs are compared with ids.json.',
      arguments: [CODEX_FOLDER],
      options: [
        {
          flags: '--format <format>',
          summary: 'how problems are printed (default: text)',
          choices: ['text', 'json', 'sarif', 'code-quality'],
        },
        { flags: '--list', summary: 'print what is looked for instead' },
        OWN_CODEX,
      ],
    },
    {
      name: 'ids',
      summary: 'compare the rules with the ledger of IDs; --write brings it up to date',
      details: 'A rule whose meaning changed gets a new revision; a raised level is named as a change of obligation.',
      arguments: [CODEX_FOLDER],
      options: [{ flags: '--write', summary: 'write ids.json' }, OWN_CODEX],
    },
    {
      name: 'new',
      summary: 'begin a rule with the next free ID',
      arguments: [CODEX_FOLDER],
      options: [
        { flags: '--prefix <prefix>', summary: 'what the ID begins with: API-REST, RS-ERR' },
        { flags: '--title <title>', summary: 'imperative, at most 80 characters' },
        { flags: '--domain <folder>', summary: 'the folder it lies in: api, security/web' },
        {
          flags: '--level <level>',
          summary: 'MUST, SHOULD or MAY (default: SHOULD)',
          choices: ['MUST', 'SHOULD', 'MAY'],
        },
        { flags: '--dry-run', summary: 'write nothing, print the file' },
        OWN_CODEX,
      ],
    },
    {
      name: 'import',
      summary: 'make a codex of a written standard',
      details:
        'IDs that the document has are kept, others come from the ledger of the codex: importing a later revision changes no ID.',
      arguments: [{ name: 'document', summary: 'a file or a folder', kind: 'file' }],
      options: [
        { flags: '--from <format>', summary: 'what it is written in', choices: ['asciidoc', 'markdown'] },
        { flags: '--out <dir>', summary: 'the codex to make or to bring up to date', kind: 'directory' },
        { flags: '--prefix <prefix>', summary: 'what IDs begin with: ZAL gives ZAL-148' },
        {
          flags: '--level <level>',
          summary: 'of sections that name none (default: SHOULD)',
          choices: ['MUST', 'SHOULD', 'MAY'],
        },
        { flags: '--source-rev <rev>', summary: 'the commit of the document, for the source of each rule' },
        { flags: '--source-url <url>', summary: 'where the document is on the web, in place of its path' },
        { flags: '--dry-run', summary: 'write nothing, print what would change' },
      ],
    },
    {
      name: 'distill',
      summary: 'have language models take rules from written standards; each rests on words that stand there',
      details:
        'Prints the changelog and writes nothing, unless an option says so. IDs stay over revisions, new rules are drafts, and what was answered once is not asked again. Exit code 1 where people have to decide, 3 where a section was not read.',
      arguments: [
        {
          name: 'document',
          summary: 'files, or folders of documents in Markdown or AsciiDoc',
          variadic: true,
          kind: 'file',
        },
      ],
      options: [
        {
          flags: '--from <format>',
          summary: 'what they are written in (default: by their names)',
          choices: ['asciidoc', 'markdown'],
        },
        { flags: '--prefix <prefix>', summary: 'what IDs begin with: ZAL gives ZAL-148' },
        {
          flags: '--level <level>',
          summary: 'of rules whose words name none (default: SHOULD)',
          choices: ['MUST', 'SHOULD', 'MAY'],
        },
        { flags: '--source-rev <rev>', summary: 'the commit of the documents, for the source of each rule' },
        {
          flags: '--source-url <url>',
          summary: 'where they are on the web, in place of their paths; {doc} is each path',
        },
        { flags: '--diff', summary: 'print the changed files as a unified diff instead of the changelog' },
        { flags: '--write', summary: 'write the rules into the folder of the codex' },
        { flags: '--publish', summary: 'open a merge request on the project of the codex, or bring it up to date' },
        { flags: '--dry-run', summary: 'write and send nothing, print what --publish would send' },
        OWN_CODEX,
        CODEX_REVISION,
      ],
    },
    {
      name: 'export',
      summary: 'write the codex for other tools: an agent skill, GitLab Duo, an index',
      options: [
        {
          flags: '--skill <dir>',
          summary: 'an agent skill: SKILL.md and one level of references',
          kind: 'directory',
        },
        { flags: '--duo <file>', summary: 'review instructions of GitLab Duo', kind: 'file' },
        { flags: '--index <file>', summary: 'JSON of every rule; - is stdout', kind: 'file' },
        OWN_CODEX,
        CODEX_REVISION,
      ],
    },
    {
      name: 'shadow',
      summary: 'run rules over many repositories before they become active',
      details:
        'Hits per thousand lines and samples to judge, for each rule, trial ones included. Nothing is reported anywhere.',
      options: [
        REPOS,
        { flags: '--rule <ids>', summary: 'only these rules, separated by commas' },
        { flags: '--sample <n>', summary: 'so many hits of each rule to judge (default: 10)' },
        {
          flags: '--format <format>',
          summary: 'text, json or markdown (default: text)',
          choices: ['text', 'json', 'markdown'],
        },
        OWN_CODEX,
        CODEX_REVISION,
      ],
    },
    {
      name: 'impact',
      summary: 'what a change of the codex would do to a fleet: findings gained and lost',
      options: [
        { flags: '--from <rev>', summary: 'the codex as it is: a revision of its repository' },
        { flags: '--to <rev>', summary: 'the codex as it would be (default: its working tree)' },
        REPOS,
        OWN_CODEX,
      ],
    },
    {
      name: 'waive',
      summary: 'let this repository off a rule for a reason and a while',
      details: 'A waiver of the same rule and paths is not doubled: its line is named, for you to change.',
      arguments: [{ name: 'rule', summary: 'its ID' }, REPOSITORY],
      options: [
        { flags: '--path <globs>', summary: 'only there, separated by commas (default: everywhere)' },
        { flags: '--reason <text>', summary: 'why (required)' },
        { flags: '--until <date>', summary: 'the last day it holds: 2027-01-31 (required)' },
        { flags: '--by <name>', summary: 'who approved it (required)' },
        { flags: '--dry-run', summary: 'write nothing, print the file' },
        ...CODEX,
      ],
    },
    {
      name: 'waivers',
      summary: 'print the waivers of a repository: expired, expiring, unused, without a rule',
      details: 'Exit code 1 where one is expired.',
      arguments: [REPOSITORY],
      options: [REVISION, { flags: '--expiring <days>', summary: 'what counts as soon (default: 30)' }, ...CODEX],
    },
  ],
};
