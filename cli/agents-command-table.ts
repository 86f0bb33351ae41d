import type { CommandSpec } from './command.ts';

/** Commands about prompts: as data, like every command. */
export const AGENTS_COMMAND: CommandSpec = {
  name: 'agents',
  summary: 'look at the prompts of agents and commands, check your own, and hand them on',
  subcommands: [
    {
      name: 'list',
      summary: 'print every agent and command: its tier, its tools, and whether it is built in or yours',
      details: 'Yours are those of the folder agents.dir, which are laid over the built-in ones.',
    },
    {
      name: 'show',
      summary: 'print an agent or a command with its prompt, and which file each part of it comes from',
      arguments: [{ name: 'name', summary: 'its name; base: what all agents are told first' }],
    },
    {
      name: 'check',
      summary: 'find what is wrong with a folder of agents and commands',
      details: 'Exit code 1 where anything is. Nothing in the folder is run, no symbolic link is followed.',
      arguments: [
        {
          name: 'dir',
          summary: 'holds agents/*.md and commands/*.md (default: agents.dir; without one, what is built in)',
          optional: true,
          kind: 'directory',
        },
      ],
    },
    {
      name: 'compile',
      summary: 'print all agents and commands, yours laid over the built-in ones, as one JSON document',
      details: 'The same files give the same bytes.',
      options: [{ flags: '--out <file>', summary: 'write there instead ("-" is stdout)', kind: 'file' }],
    },
    {
      name: 'export',
      summary: 'print agents and commands as configuration of OpenCode, or write them as files for it',
      details:
        'Agents become subagents that can read and do nothing else, named agentsmd-NAME; commands keep their names. What is printed is an opencode.json.',
      options: [
        {
          flags: '--out <dir>',
          summary: 'write .opencode/agent/*.md and .opencode/command/*.md below this folder instead',
          kind: 'directory',
        },
        {
          flags: '--models <models>',
          summary: 'models for tiers, as OpenCode calls them: top=gw/large,light=gw/small (default: whoever asks)',
        },
      ],
    },
  ],
};
