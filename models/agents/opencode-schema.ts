import * as z from 'zod';

/**
 * The part of OpenCode's configuration that is written here, strict: a field that OpenCode does not know would be handed to the
 * provider as an option of the model. In our words, from the sources of anomalyco/opencode (packages/core/src/v1/config/agent.ts and
 * permission.ts, packages/opencode/src/config/command.ts) and its pages on agents, commands and permissions, as of November 2026.
 * OpenCode 2 reads this form as well (its page "Migrate from V1").
 */

const action = z.enum(['allow', 'ask', 'deny']);
/** By pattern of what a tool is used on; the last one that matches decides. */
const rule = z.union([action, z.record(z.string().min(1), action)]);

/** By tool; the last one that matches decides, so the order of the keys counts. */
const permission = z.strictObject({
  '*': action.optional(),
  read: rule.optional(),
  list: rule.optional(),
  glob: rule.optional(),
  grep: rule.optional(),
  edit: rule.optional(),
  bash: rule.optional(),
  task: rule.optional(),
  skill: rule.optional(),
  webfetch: action.optional(),
  websearch: action.optional(),
  external_directory: rule.optional(),
});

/** One under `agent`, and the front matter of `agent/NAME.md` but for `prompt`, which is the text below it. */
const agent = z.strictObject({
  description: z.string().min(1),
  mode: z.enum(['subagent', 'primary', 'all']),
  model: z
    .string()
    .regex(/^[^/\s]+\/\S+$/, 'must name a provider and a model: provider/model')
    .optional(),
  permission,
  prompt: z.string().min(1),
});

/** One under `command`, and the front matter of `command/NAME.md` but for `template`, which is the text below it. */
const command = z.strictObject({
  description: z.string().min(1).optional(),
  agent: z.string().min(1).optional(),
  subtask: z.boolean().optional(),
  template: z.string().min(1),
});

export const OPENCODE_SCHEMA = 'https://opencode.ai/config.json';

export const openCodeSchema = z.strictObject({
  $schema: z.literal(OPENCODE_SCHEMA),
  agent: z.record(z.string().min(1), agent),
  command: z.record(z.string().min(1), command),
});

export type OpenCodeConfig = z.infer<typeof openCodeSchema>;
export type OpenCodePermission = z.infer<typeof permission>;
