import { describe, expect, it } from 'vitest';
import { memoryRepository } from '../../forge/memory.ts';
import { analyze } from '../index.ts';
import { signalsOf } from '../testing/signals.ts';
import { fixture, told } from '../testing/told.ts';
import { ant } from './ant.ts';

describe('Ant', () => {
  it('reads targets, those of imported files included', async () => {
    const { signals, problems } = await signalsOf(ant, fixture('ant/service'));
    expect(told(signals)).toEqual([
      'build-system = ant | build.xml:2 | config 0',
      'build: ant | build.xml:2 | convention 5',
      'task ant -init | build.xml:7 internal',
      'task ant compile | build.xml:11 needs -init',
      'task ant dist | build.xml:15 needs compile',
      'task ant test | build.xml:19 needs compile',
      'task ant format | build.xml:23 { google-java-format --replace src/Ledger.java }',
      'task ant lint | build/quality.xml:3 needs compile',
    ]);
    expect(problems).toEqual([]);
  });

  it('what a target starts in another folder, or through a variable of Ant, is not known here', async () => {
    const text =
      '<project default="all">\n<target name="all">\n<exec executable="npm" dir="web"><arg value="ci"/></exec>\n<exec os="unix"><arg value="x"/></exec>\n<exec executable="make"/>\n</target>\n</project>\n';
    expect(told((await signalsOf(ant, { 'build.xml': text })).signals)).toContain(
      'task ant all | build.xml:2 { make }',
    );
  });

  it('answers what people ask', async () => {
    const { facts } = await analyze(memoryRepository(fixture('ant/service')));
    const first = (purpose: string): string | undefined => facts.find(({ key }) => key === `command.${purpose}`)?.value;
    expect(['build', 'test', 'lint', 'format'].map(first)).toEqual(['ant', 'ant test', 'ant lint', 'ant format']);
  });

  it.each([
    ['jar', 'ant', 'ant compile'],
    ['help', 'ant compile', undefined],
    ['test', 'ant compile', undefined],
  ])('of a file whose default target is %s, `%s` builds', async (standard, first, second) => {
    const targets = ['help', 'test', 'compile', 'jar'].map((name) => `<target name="${name}"><javac/></target>`);
    const text = `<project default="${standard}">\n${targets.join('\n')}\n</project>\n`;
    const { facts } = await analyze(memoryRepository({ 'build.xml': text, 'A.java': '' }));
    const builds = facts.filter(({ key }) => key === 'command.build').map(({ value }) => value);
    expect(builds.slice(0, 2)).toEqual([first, second].filter(Boolean));
  });

  it('says the target that packs where the default only helps and parts are compiled one by one', async () => {
    const text = `<project default="help">
<target name="help"/>
<target name="compile-core"><javac/></target>
<target name="jar" depends="compile-core" description="packs the classes"><jar/></target>
</project>
`;
    const { facts } = await analyze(memoryRepository({ 'build.xml': text, 'A.java': '' }));
    expect(facts.find(({ key }) => key === 'command.build')?.value).toBe('ant jar');
  });

  it.each([
    ['cut off', '<project name="x" default="a"><target name="a"><exec exec', ['ant a']],
    ['not Ant', '<beans><target name="a"/></beans>', []],
    ['empty', '', []],
    ['names that are no words', '<project><target name="a b;rm"/><target/><target name="ok"/></project>', ['ant ok']],
    ['CRLF', '<project>\r\n<target\r\n name="ok"/>\r\n</project>\r\n', ['ant ok']],
    [
      'imports itself',
      '<project><import file="build.xml"/><import file="../out.xml"/><target name="ok"/></project>',
      ['ant ok'],
    ],
  ])('survives a build file that is %s', async (_, text, expected) => {
    const { signals } = await signalsOf(ant, { 'build.xml': text });
    expect(signals.flatMap((signal) => (signal.kind === 'task' ? [signal.run] : []))).toEqual(expected);
  });
});
