import type { CommandSpec } from './command.ts';
import { STATE } from './fleet-store.ts';

/** Commands about the whole fleet and its state: as data, like every command. */
export const FLEET_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'sweep',
    summary: 'keep the AGENTS.md of many repositories true, with a merge request for each that needs one',
    details:
      'Lists the repositories, finds out what moved since the last sweep, and works on that alone. Ctrl-C finishes what is in hand; the next sweep goes on. In a folder a merge request is a branch and a description file beside the repository\u2019s objects; no working tree is touched. Exit code 1 where a repository failed, 2 where the token or a group is wrong, 3 where GitLab does not answer. With --json, a line for each repository that was worked on or skipped, and the numbers as the last one.',
    arguments: [
      {
        name: 'group',
        summary: 'only these groups and what is below them (default: fleet.groups of the configuration)',
        optional: true,
        variadic: true,
      },
    ],
    examples: [
      ['sweep --dir ~/code', 'repositories of a folder, a branch for each'],
      ['sweep --all --dry-run', 'all of GitLab, nothing is written'],
      ['sweep shop --limit 20', 'one group, at most twenty projects'],
    ],
    options: [
      { flags: '--dir <folder>', summary: 'the repositories below this folder instead', kind: 'directory' },
      { flags: '--all', summary: 'everything: fleet.groups, or all projects that the token is a member of' },
      {
        flags: '--since <when>',
        summary: 'only repositories with activity since then: a date, or a time span such as 7d',
      },
      { flags: '--limit <count>', summary: 'work on so many at most' },
      { flags: '--concurrency <count>', summary: 'work on so many at a time (default: fleet.concurrency)' },
      { flags: '--audit', summary: 'hold what is worked on against the codex, too, and keep the verdicts' },
      { flags: '--dry-run', summary: 'write nothing, print what would become of each repository' },
      { flags: '--accept-shrunk', summary: 'believe a list that has lost projects: you looked, and it is right' },
      STATE,
    ],
  },
  {
    name: 'worker',
    summary: 'work on what sweeps and schedules find, until it is stopped',
    details:
      'Any number of them share one database (DATABASE_URL). SIGTERM finishes what is in hand. Logs are lines of JSON on stderr.',
    options: [
      { flags: '--concurrency <count>', summary: 'work on so many at a time (default: fleet.concurrency)' },
      { flags: '--metrics <port>', summary: 'serve metrics for Prometheus at this port, or address:port' },
      STATE,
    ],
  },
  {
    name: 'schedule',
    summary: 'sweeps that begin by themselves, where a worker runs',
    subcommands: [
      {
        name: 'add',
        summary: 'have a sweep begin at certain times; replaces the schedule of that name',
        arguments: [
          { name: 'name', summary: 'what the schedule is called: nightly' },
          {
            name: 'cron',
            summary: 'minute, hour, day of the month, month, day of the week, in quotes: "0 3 * * mon-fri"',
          },
          {
            name: 'group',
            summary: 'only these groups and what is below them (default: fleet.groups, else everything)',
            optional: true,
            variadic: true,
          },
        ],
        options: [
          { flags: '--time-zone <zone>', summary: 'of the times (default: fleet.timeZone), such as Europe/Berlin' },
          STATE,
        ],
      },
      { name: 'list', summary: 'print the schedules and when each begins next', options: [STATE] },
      {
        name: 'remove',
        summary: 'end a schedule',
        arguments: [{ name: 'name', summary: 'what it is called' }],
        options: [STATE],
      },
    ],
  },
  {
    name: 'status',
    summary: 'print how the fleet is: what is due, what failed and why, merge requests, sweeps; or one project',
    details:
      'Counts of repositories, fates of merge requests, the queue, the rollout, pauses, what the limits leave, the last sweeps, failures with what to do, which projects are reviewed, and the next scheduled sweeps. Of a project: its row, its merge requests and its history.',
    arguments: [{ name: 'project', summary: 'a project, by its path or address (default: the fleet)', optional: true }],
    options: [
      {
        flags: '--reason <reason>',
        summary:
          'list the repositories that were skipped, held back, or failed for this reason, as sweep and status name it',
      },
      {
        flags: '--compliance',
        summary: 'which rules of the codex are broken most, and by which repositories and groups',
      },
      { flags: '--watch', summary: 'draw it again every two seconds, on a terminal' },
      STATE,
    ],
  },
  {
    name: 'report',
    summary: 'tell how the fleet fares: coverage, freshness, reviews, findings, rules, cost; as a page or as JSON',
    details:
      'One page that stands by itself: plots, tables, light and dark, nothing loaded and no script. Reckoned from the state of the fleet; nobody is asked. What is not known is said to be not known.',
    options: [
      {
        flags: '--since <when>',
        summary: 'what happened since then: a date, or a time span such as 90d (default: 30d)',
      },
      { flags: '--group <group>', summary: 'only this group and what is below it' },
      { flags: '--out <file>', summary: 'write it there instead of to stdout', kind: 'file' },
      { flags: '--format <format>', summary: 'a page or the numbers (default: html)', choices: ['html', 'json'] },
      STATE,
    ],
  },
  {
    name: 'retry',
    summary: 'make repositories due again that failed, were set aside, or are said to be stale',
    details:
      'They are put into the queue, and the next sweep or a worker takes them up. Without projects and options: all that were set aside after their tries.',
    arguments: [{ name: 'project', summary: 'projects, by their paths or addresses', optional: true, variadic: true }],
    options: [
      { flags: '--failed', summary: 'those that failed or were refused the last time' },
      { flags: '--reason <reason>', summary: 'those that ended for this reason the last time, as status names it' },
      { flags: '--stale', summary: 'somebody says that what the named projects have is stale: they come first' },
      STATE,
    ],
  },
  {
    name: 'pause',
    summary: 'keep everything, a group or a project from being worked on',
    details:
      'Holds for sweeps and workers alike, at once, until agentsmd resume. Merge requests that are open stay as they are. A paused group holds for everything below it. Of a folder, a repository is named by its path below it, or as a folder: ., ~/code/shop.',
    arguments: [
      {
        name: 'scope',
        summary: 'groups or projects, by their paths: shop, shop/cart (default: everything)',
        optional: true,
        variadic: true,
      },
    ],
    options: [{ flags: '--reason <text>', summary: 'why; whoever wonders is told' }, STATE],
  },
  {
    name: 'resume',
    summary: 'end a pause; without a scope also the halt of a rollout',
    details:
      'A rollout halts by itself when people close too many of its merge requests (fleet.rollout.haltAt); from here on it counts afresh.',
    arguments: [
      {
        name: 'scope',
        summary: 'groups or projects that were paused by these names (default: the pause of everything)',
        optional: true,
        variadic: true,
      },
    ],
    options: [STATE],
  },
  {
    name: 'rollback',
    summary: 'close the merge requests that a sweep opened, and delete their branches',
    details:
      'Only those that are still open and that nobody touched: a commit, a comment, a review or an edit of a person keeps one. They are not proposed again until what they say changes, or somebody asks for it. Can be repeated.',
    arguments: [{ name: 'sweep', summary: 'its number, as agentsmd status and sweep --json tell it' }],
    options: [{ flags: '--dry-run', summary: 'change nothing, print what would be closed' }, STATE],
  },
  {
    name: 'adopt-review',
    summary: 'have merge requests reviewed: add the include of the review component to CI files',
    details:
      'Opens one merge request in each project (branch agentsmd/adopt-review) that adds one line to .gitlab-ci.yml and keeps every other byte. What a team closed stays closed. Limits, windows and pauses of the fleet hold. Exit code 1 where a file could not be changed safely.',
    arguments: [
      {
        name: 'project',
        summary: 'projects of GitLab, or groups with all below them: shop/cart, shop, or their addresses',
        optional: true,
        variadic: true,
      },
    ],
    options: [
      { flags: '--all', summary: 'every project of fleet.groups, or all that the token is a member of' },
      { flags: '--dir <folder>', summary: 'the repositories below this folder instead', kind: 'directory' },
      {
        flags: '--component <component>',
        summary: 'what to include: host/group/project/name@version (default: fleet.reviewComponent)',
      },
      { flags: '--limit <count>', summary: 'open so many merge requests at most' },
      { flags: '--dry-run', summary: 'send nothing, print what would become of each; with -v what would be sent, too' },
      STATE,
    ],
  },
  {
    name: 'state',
    summary: 'keep, move or rebuild what is known of the fleet',
    subcommands: [
      {
        name: 'export',
        summary: 'write all of it to a file, one line of JSON for each row',
        arguments: [{ name: 'file', summary: 'where to ("-", the default, is stdout)', optional: true, kind: 'file' }],
        options: [STATE],
      },
      {
        name: 'import',
        summary: 'read what an export wrote, from another store or an older version',
        arguments: [{ name: 'file', summary: 'what to read ("-" is stdin)', kind: 'file' }],
        options: [{ flags: '--replace', summary: 'delete what is known here first' }, STATE],
      },
      {
        name: 'rebuild',
        summary:
          'learn from the forges what a store that was lost knew: which merge requests are ours, and what they say',
        options: [
          { flags: '--dir <folder>', summary: 'from the repositories below this folder instead', kind: 'directory' },
          STATE,
        ],
      },
    ],
  },
];
