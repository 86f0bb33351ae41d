import { FIX, type ToolRow } from '../tool-rule.ts';

const rb = { language: 'ruby' } as const;

/** Tools of Ruby. */
export const RUBY_TOOLS: readonly ToolRow[] = [
  ['bundle install', { install: 1 }],
  ['rspec', { test: 1 }, rb],
  ['rubocop', { lint: 1 }, { ...rb, fixes: FIX }],
  ['standardrb', { lint: 1 }, { ...rb, fixes: FIX }],
  ['srb tc', { typecheck: 1 }, rb],
  ['steep check', { typecheck: 0.9 }, rb],
  ['rails test', { test: 1 }, rb],
  ['bin/rails test', { test: 1 }],
];
