import * as z from 'zod';
import { TIERS, type Tier } from '../config.ts';

/** What an agent may look at a repository with, in the order in which it is offered. */
export const TOOL_NAMES = ['list', 'read', 'grep', 'git_log', 'git_blame', 'git_show'] as const;
export type ToolName = (typeof TOOL_NAMES)[number];

/** Which files each part of it was taken from, `layer/path`; what is not in it has its default. */
export type Origins = Readonly<Record<string, readonly string[]>>;

/** A prompt, and how it is asked. */
export interface Agent {
  readonly name: string;
  /** What it is for, in a sentence. */
  readonly description: string;
  readonly tier: Tier;
  /** In the trivial risk tier; `null`: the same. */
  readonly trivialTier: Tier | null;
  /** In the order of {@link TOOL_NAMES}; empty: none. */
  readonly tools: readonly ToolName[];
  /** Globs of the files that are its business. */
  readonly files: readonly string[];
  /** The name of the schema of its answer. */
  readonly answer: string;
  /** What it alone is told; goes after what all are told. */
  readonly prompt: string;
  readonly from: Origins;
}

/** Something that people type in OpenCode. */
export interface Command {
  readonly name: string;
  readonly description: string;
  /** Who does it; `null`: whoever is asked. */
  readonly agent: string | null;
  /** Whether it is done apart from the conversation; `null`: as OpenCode sees fit. */
  readonly subtask: boolean | null;
  /** In OpenCode's syntax: `$ARGUMENTS`, !`command`, @file. */
  readonly template: string;
  readonly from: Origins;
}

/** Everything that was compiled: as plain as the JSON it is kept in. */
export interface CompiledAgents {
  readonly schema: typeof COMPILED_SCHEMA;
  /** What all agents are told first, byte for byte the same. */
  readonly base: { readonly prompt: string; readonly from: readonly string[] };
  /** By name. */
  readonly agents: readonly Agent[];
  /** By name. */
  readonly commands: readonly Command[];
}

export const COMPILED_SCHEMA = 'agentsmd/agents/1';

/** In bytes, of one file. A prompt goes with every question: one that is longer is a mistake. */
export const MOST_BYTES = 64 << 10;
/** Agents and commands together. */
export const MOST_FILES = 1000;

const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, 'must be small letters, digits and hyphens, a letter first')
  .max(64, 'is too long: 64 characters are the most')
  .refine((value) => value !== 'base', '"base" is what all agents share, in agents/base.md');
const description = z
  .string()
  .regex(/^\S(?:[^\r\n]*\S)?$/, 'must be one line of text')
  .max(1024, 'is too long: 1024 characters are the most');
const tier = z.enum(TIERS);
const glob = z
  .string()
  .min(1, 'must not be empty')
  .max(500, 'is too long: 500 characters are the most')
  .refine((value) => !/^[!/]|(?:^|\/)\.\.(?:\/|$)/.test(value), 'must be a glob from the top of the repository');
const files = z.array(glob).min(1, 'must not be empty; leave it out for all files').max(100);
const tool = z.enum(TOOL_NAMES);
const text = z.string().min(1);
const layerKeys = {
  /** The body is added to what it overrides. */
  append: z.boolean().optional(),
  /** There shall be none of that name. */
  disable: z.boolean().optional(),
};

/** Front matter of an agent. Which keys must be there is only known once all layers are. */
export const agentFrontMatter = z.strictObject({
  name: name.optional(),
  description: description.optional(),
  tier: tier.optional(),
  'trivial-tier': tier.optional(),
  tools: z
    .union([z.enum(['none', 'all']), z.array(tool).min(1, 'must not be empty; "none" says that there are none')])
    .optional(),
  files: files.optional(),
  answer: name.optional(),
  ...layerKeys,
});

/** Front matter of a command. */
export const commandFrontMatter = z.strictObject({
  name: name.optional(),
  description: description.optional(),
  agent: name.optional(),
  subtask: z.boolean().optional(),
  ...layerKeys,
});

/** Front matter of base.md, which may do without any. */
export const baseFrontMatter = z.strictObject({
  kind: z.literal('base').optional(),
  name: z.literal('base').optional(),
  description: description.optional(),
  append: layerKeys.append,
});

const origins = z.record(z.string(), z.array(z.string()).min(1));

/** The compiled document; strict, and its keys come out in this order. */
export const compiledSchema = z.strictObject({
  schema: z.literal(COMPILED_SCHEMA),
  base: z.strictObject({ prompt: z.string(), from: z.array(z.string()) }),
  agents: z.array(
    z.strictObject({
      name,
      description,
      tier,
      trivialTier: tier.nullable(),
      tools: z.array(tool),
      files,
      answer: name,
      prompt: text,
      from: origins,
    }),
  ),
  commands: z.array(
    z.strictObject({
      name,
      description,
      agent: name.nullable(),
      subtask: z.boolean().nullable(),
      template: text,
      from: origins,
    }),
  ),
}) satisfies z.ZodType<CompiledAgents>;
