import type { Agent, Command, CompiledAgents, Origins } from '../models/agents/agent.ts';
import { TOOL_NAMES } from '../models/agents/agent.ts';
import type { Output } from './output.ts';
import { ORGANISATION } from './own-agents.ts';
import { printable, printableLine } from './printable.ts';
import { table } from './table.ts';

/** Every agent and command on a line. */
export function agentsListText({ agents, commands }: CompiledAgents, style: Output['style']): string {
  const section = (title: string, rows: readonly (readonly string[])[]) =>
    `${style('bold', title)}\n${rows.length === 0 ? '  none\n' : table(rows, '  ')}`;
  return [
    section('agents', agents.map(agentRow)),
    section(
      'commands',
      commands.map(({ name, from, description }) => [name, originOf(from), printableLine(description)]),
    ),
  ].join('\n');
}

function agentRow(agent: Agent): readonly string[] {
  const { name, from, description, answer } = agent;
  return [name, tierText(agent), toolsText(agent), answer, originOf(from), printableLine(description)];
}

function tierText({ tier, trivialTier }: Agent): string {
  return trivialTier === null ? tier : `${tier} (trivial: ${trivialTier})`;
}

function toolsText({ tools }: Agent): string {
  if (tools.length === 0) return 'no tools';
  return tools.length === TOOL_NAMES.length ? 'all tools' : tools.join(', ');
}

/** `built-in`, `organisation`, or both. */
export function originOf(from: Origins): string {
  const layers = new Set(Object.values(from).flatMap((files) => files.map((file) => file.split('/')[0]!)));
  const mine = layers.delete(ORGANISATION);
  const others = [...layers].sort();
  return [...others, ...(mine ? [ORGANISATION] : [])].join(' + ');
}

/** An agent with where each part of it comes from, and its prompt. */
export function agentText(agent: Agent, style: Output['style']): string {
  const { name, description, answer, files, prompt, from } = agent;
  const rows = [
    ['description', description],
    ['tier', tierText(agent), 'tier', 'trivialTier'],
    ['tools', toolsText(agent)],
    ['files', files.join(', ')],
    ['answer', answer],
  ];
  return entryText(`agent ${name}`, rows, 'prompt', prompt, from, style);
}

/** The same of a command. */
export function commandText(command: Command, style: Output['style']): string {
  const { name, description, agent, subtask, template, from } = command;
  const rows = [
    ['description', description],
    ['agent', agent ?? 'whoever is asked'],
    ['subtask', subtask === null ? 'as OpenCode sees fit' : subtask ? 'yes' : 'no'],
  ];
  return entryText(`command ${name}`, rows, 'template', template, from, style);
}

/** A row is a key, what it says, and the keys of origins where they are others. */
function entryText(
  title: string,
  rows: readonly (readonly string[])[],
  body: string,
  text: string,
  from: Origins,
  style: Output['style'],
): string {
  const origin = (keys: readonly string[]) =>
    [...new Set(keys.flatMap((key) => from[key] ?? []))].join(' + ') || 'default';
  const lines = rows.map(([key = '', value = '', ...keys]) => [
    key,
    printableLine(value),
    style('dim', origin(keys.length > 0 ? keys : [key])),
  ]);
  const head = [...lines, [body, '', style('dim', origin([body]))]];
  return `${style('bold', title)}\n${table(head, '  ')}\n${printable(text)}\n`;
}
