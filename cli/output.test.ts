import { describe, expect, it } from 'vitest';
import { createOutput, type Sink, type Verbosity } from './output.ts';

function sink(isTTY: boolean): Sink & { text: string } {
  return {
    isTTY,
    columns: 20,
    text: '',
    write(part) {
      this.text += part;
    },
  };
}

function output(
  options: { verbosity?: Verbosity; color?: boolean; terminal?: boolean; env?: Record<string, string> } = {},
) {
  const { verbosity = 'normal', color = true, terminal = false, env = {} } = options;
  const stdout = sink(terminal);
  const stderr = sink(terminal);
  return { stdout, stderr, out: createOutput({ json: false, verbosity, color }, stdout, stderr, env) };
}

describe('createOutput', () => {
  it('puts results on stdout and everything else on stderr', () => {
    const { out, stdout, stderr } = output({ verbosity: 'verbose' });
    out.result('result\n');
    out.error('e');
    out.warn('w');
    out.note('n');
    out.debug('d');
    expect(stdout.text).toBe('result\n');
    expect(stderr.text).toBe('agentsmd: e\nwarning: w\nn\ndebug: d\n');
  });

  it.each([
    ['quiet', 'agentsmd: e\n'],
    ['normal', 'agentsmd: e\nwarning: w\nn\n'],
    ['verbose', 'agentsmd: e\nwarning: w\nn\ndebug: d\n'],
  ] as const)('says on stderr what belongs to %s', (verbosity, expected) => {
    const { out, stderr } = output({ verbosity });
    out.error('e');
    out.warn('w');
    out.note('n');
    out.debug('d');
    expect(stderr.text).toBe(expected);
  });

  it('labels every line of a message and strips what a terminal would obey', () => {
    const { out, stderr } = output();
    out.error('one\u001b[2J\ntwo');
    expect(stderr.text).toBe('agentsmd: one\nagentsmd: two\n');
  });

  it.each([
    ['a terminal', { terminal: true }, true],
    ['no terminal', {}, false],
    ['a dumb terminal', { terminal: true, env: { TERM: 'dumb' } }, false],
    ['NO_COLOR', { terminal: true, env: { NO_COLOR: '1' } }, false],
    ['an empty NO_COLOR', { terminal: true, env: { NO_COLOR: '' } }, true],
    ['FORCE_COLOR', { env: { FORCE_COLOR: '1' } }, true],
    ['FORCE_COLOR=0', { terminal: true, env: { FORCE_COLOR: '0' } }, false],
    ['--no-color against FORCE_COLOR', { color: false, env: { FORCE_COLOR: '1' } }, false],
  ])('decides about colours: %s', (_, options, coloured) => {
    const { out } = output(options);
    expect(out.style('red', 'x') !== 'x').toBe(coloured);
  });

  it('shows progress on a terminal only, within its width, and clears it before the next line', () => {
    const { out, stderr } = output({ terminal: true, env: { NO_COLOR: '1' } });
    out.progress('reading a very long name of a file');
    out.warn('w');
    expect(stderr.text).toBe('\r\u001b[2Kreading a very long\r\u001b[2Kwarning: w\n');
    const piped = output();
    piped.out.progress('reading');
    expect(piped.stderr.text).toBe('');
  });
});
