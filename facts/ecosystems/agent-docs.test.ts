import { describe, expect, it } from 'vitest';
import { signalsOf } from '../testing/signals.ts';
import { agentDocs } from './agent-docs.ts';

async function said(text: string, path = 'AGENTS.md'): Promise<string[]> {
  const { signals } = await signalsOf(agentDocs, { [path]: text });
  return signals.map((signal) =>
    signal.kind === 'step'
      ? `run ${signal.script} @${signal.lines[0]}${signal.dir && ` in ${signal.dir}`}`
      : signal.kind === 'prohibition'
        ? `never ${signal.command} @${signal.at.line}`
        : signal.kind === 'command'
          ? `${signal.purpose} ${signal.run} @${signal.evidence[0]?.line}`
          : signal.kind,
  );
}

describe('agent-docs', () => {
  it('takes commands from shell blocks and inline code, with their lines', async () => {
    const text =
      '# Setup\n\nUse `pnpm build` first.\n\n```bash\n# everything\npnpm test   # all of it\n$ pnpm lint\n```\n\n- then `make check`, and see `src/a.ts`\n';
    expect(await said(text)).toEqual([
      'run pnpm build @3',
      'run pnpm test @7',
      'run pnpm lint @8',
      'run make check @11',
    ]);
  });

  it('turns what is forbidden into prohibitions', async () => {
    expect(await said('Run `task test`. Never call `go test ./...` directly.\n')).toEqual([
      'run task test @1',
      'never go test ./... @1',
    ]);
    expect(await said('Use `pnpm test` instead of `npm run test`.\n')).toEqual([
      'run pnpm test @1',
      'never npm run test @1',
    ]);
  });

  it('a tool is forbidden by its bare name only where the ban stands right before it', async () => {
    expect(await said('NEVER run `pytest` directly.\n')).toEqual(['never pytest @1']);
    expect(await said('- **No `ruff format`** on existing files.\n')).toEqual(['never ruff format @1']);
    expect(await said('Do not forget `pytest`. Never use `any`.\n')).toEqual([]);
  });

  it('does not copy the wrong example', async () => {
    const text =
      '```sh\n# ✅ right\npnpm test a\n# ❌ wrong\npnpm test -- a\n```\n\nDo not do this:\n\n```sh\nnpm run build\n```\n';
    expect(await said(text)).toEqual(['run pnpm test a @3', 'never pnpm test -- a @5', 'never npm run build @11']);
  });

  it('knows the form for a single test by its placeholder', async () => {
    expect(await said('One file: `pnpm test <test-file>`\n')).toEqual(['test-single pnpm test <file> @1']);
    expect(await said('- `go test ./<package>`\n')).toEqual(['test-single go test ./<dir> @1']);
  });

  it('leaves other languages, prose and single words alone', async () => {
    expect(await said('```ts\npnpm test\n```\n`any` and `src/` are never `null`.\n')).toEqual([]);
  });

  it('a nested document speaks for its folder', async () => {
    expect(await said('`make test` here\n', 'web/CLAUDE.md')).toEqual(['run make test @1 in web']);
  });

  it('survives hostile markdown', async () => {
    for (const text of [
      '```',
      '`'.repeat(5000),
      `${'> '.repeat(2000)}x`,
      '<!-- `rm -rf /` -->',
      '\u0000`a b`',
      '*'.repeat(9000),
    ])
      await expect(said(text)).resolves.toBeInstanceOf(Array);
    expect(await said('<!-- run `make evil` -->\n')).toEqual([]);
  });
});
