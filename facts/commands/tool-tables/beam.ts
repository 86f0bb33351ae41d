import type { ToolRow } from '../tool-rule.ts';

/** Tools of Elixir and Erlang. */
export const BEAM_TOOLS: readonly ToolRow[] = [
  ['mix deps.get', { install: 1 }],
  ['mix test', { test: 1 }],
  ['mix format', { format: 1 }, { checks: ['--check-formatted'] }],
  ['mix credo', { lint: 1 }],
  ['mix dialyzer', { typecheck: 1 }],
  ['mix compile', { build: 1 }],
];
