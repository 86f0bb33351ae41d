import type { ToolRow } from '../tool-rule.ts';

const TEST_VALUES = [
  '--only',
  '--exclude',
  '--include',
  '--seed',
  '--partitions',
  '--max-cases',
  '--slowest',
  '--slowest-modules',
  '--export-coverage',
  '--formatter',
  '--repeat-until-failure',
];
const TEST_REPORTS =
  /^--(?:cover|export-coverage|formatter|partitions|max-cases|seed|slowest|slowest-modules|raise|trace|warnings-as-errors)(?:=|$)/;
const CREDO_VALUES = ['--min-priority', '--checks', '--ignore', '-i', '--config-name', '--config-file', '--format'];

/** How a report looks, and whether it ends the pipeline, is nothing a person types. */
const REPORT = /^--(?:format(?:=|$)|mute-exit-status$)/;

/** Tools of Elixir, Erlang and Gleam. */
export const BEAM_TOOLS: readonly ToolRow[] = [
  ['mix deps.get', { install: 1 }, { values: ['--only'] }],
  ['mix test', { test: 1 }, { values: TEST_VALUES, drops: TEST_REPORTS }],
  ['mix test --only', { test: 0.5 }],
  ['mix espec', { test: 1 }],
  ['mix coveralls', { test: 0.7 }],
  ['mix coveralls.github', { test: 0.6 }],
  ['mix coveralls.json', { test: 0.6 }],
  ['mix coveralls.html', { test: 0.6 }],
  ['mix coveralls.lcov', { test: 0.6 }],
  ['mix format', { format: 1 }, { checks: ['--check-formatted', '--dry-run'], looks: { format: 1, lint: 0.4 } }],
  ['mix recode', { lint: 0.6, format: 0.5 }],
  ['mix credo', { lint: 1 }, { values: CREDO_VALUES, drops: REPORT }],
  ['mix sobelow', { lint: 0.3 }],
  ['mix doctor', { lint: 0.2 }],
  ['mix xref', { lint: 0.2 }],
  [
    'mix dialyzer',
    { typecheck: 1 },
    { values: ['--format'], drops: /^--(?:format|quiet|plt)\b|^--(?:halt|ignore)-exit-status$/ },
  ],
  ['mix compile', { build: 1 }],
  // The compiler's warnings are what a repository without Credo lints by.
  ['mix compile --warnings-as-errors', { build: 0.9, lint: 0.5 }],
  ['mix compile --force --warnings-as-errors', { build: 0.8, lint: 0.4 }],
  ['mix compile --all-warnings --warnings-as-errors', { build: 0.8, lint: 0.4 }],
  ['mix escript.build', { build: 0.6 }],
  ['mix release', { build: 0.5 }],
  ['mix phx.server', { run: 1 }],
  ['mix run', { run: 0.5 }],
  ['iex -S mix phx.server', { run: 0.9 }],
  ['rebar3 get-deps', { install: 1 }],
  ['rebar3 compile', { build: 1 }],
  ['rebar3 escriptize', { build: 0.7 }],
  ['rebar3 release', { build: 0.6 }],
  ['rebar3 eunit', { test: 0.9 }],
  ['rebar3 ct', { test: 0.9 }],
  ['rebar3 proper', { test: 0.6 }],
  ['rebar3 do', {}],
  ['rebar3 fmt', { format: 1 }, { checks: ['--check', '-c'] }],
  ['rebar3 format', { format: 1 }, { checks: ['--verify', '-v'] }],
  ['rebar3 steamroll', { format: 1 }, { checks: ['--check'] }],
  ['erlfmt', { format: 0.9 }, { checks: ['--check', '-c', '-l'], writes: ['--write', '-w'] }],
  ['rebar3 lint', { lint: 1 }],
  ['elvis rock', { lint: 0.9 }],
  ['rebar3 xref', { lint: 0.6 }],
  ['rebar3 hank', { lint: 0.4 }],
  ['rebar3 dialyzer', { typecheck: 1 }],
  ['elp eqwalize-all', { typecheck: 0.9 }],
  ['gleam deps download', { install: 1 }],
  ['gleam build', { build: 1 }],
  ['gleam test', { test: 1 }, { values: ['--target', '--runtime'] }],
  ['gleam check', { typecheck: 1 }, { values: ['--target'] }],
  ['gleam format', { format: 1 }, { checks: ['--check'], broad: ['src', 'test', '.'] }],
  ['gleam run', { run: 0.9 }],
];
