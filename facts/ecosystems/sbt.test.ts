import { describe, expect, it } from 'vitest';
import { signalsOf } from '../testing/signals.ts';
import { fixture, told } from '../testing/told.ts';
import { sbt } from './sbt.ts';

async function said(files: Record<string, string>, only = /./): Promise<readonly string[]> {
  return told((await signalsOf(sbt, files)).signals).filter((line) => only.test(line));
}

const build = (text: string, more: Record<string, string> = {}): Record<string, string> => ({
  'project/build.properties': 'sbt.version=1.10.5\n',
  'build.sbt': text,
  ...more,
});

describe('sbt', () => {
  it('reads a build of several projects', async () => {
    expect(await said(fixture('sbt/modules'))).toEqual([
      'package-manager = sbt | project/build.properties:2 | convention 0',
      'build-system = sbt | project/build.properties:2 | convention 0',
      'runtime.sbt = 1.10.5 | project/build.properties:2 | config 0',
      'runtime.scala = 3.3.4 | project/Dependencies.scala:2 | config 0',
      'test-framework = munit | build.sbt:20 | config 1',
      'workspace = core in modules/core | build.sbt:18 | config 0',
      'workspace = server in server | build.sbt:22 | config 0',
      'build: sbt compile | project/build.properties:2 | convention 1',
      'build: sbt package | project/build.properties:2 | convention -1',
      'test: sbt test | project/build.properties:2 | convention 0',
      'test-single: sbt "testOnly <pattern>" | project/build.properties:2 | convention 1',
      'test-single: sbt "<name>/testOnly <pattern>" | project/build.properties:2 | convention 0',
      'formatter = scalafmt | project/plugins.sbt:1 | config 0',
      'format: sbt scalafmtAll | project/plugins.sbt:1 | config 0',
      'lint: sbt scalafmtCheckAll | project/plugins.sbt:1 | config 0',
      'linter = scalafix | project/plugins.sbt:2 | config 0',
      'lint: sbt "scalafixAll --check" | project/plugins.sbt:2 | config -1',
      'format: sbt scalafixAll | project/plugins.sbt:2 | config -1',
      'run: sbt run | project/plugins.sbt:3 | config 1',
      'task sbt fmt | build.sbt:6 { sbt scalafmtAll; sbt scalafmtSbt }',
      'task sbt validate | build.sbt:7 { sbt clean; sbt "+test"; sbt scalafmtCheckAll }',
    ]);
  });

  it('reads the little that a Mill build says', async () => {
    expect(await said(fixture('sbt/mill'))).toEqual([
      'build-system = mill | build.mill:3 | config 0',
      'build: ./mill __.compile | build.mill:3 | convention 0',
      'test: ./mill __.test | build.mill:3 | convention 0',
      'test-single: ./mill <name>.test.testOnly <pattern> | build.mill:3 | convention 0',
      'runtime.mill = 0.12.3 | .mill-version:1 | config 0',
      'format: ./mill __.reformat | build.mill:3 | convention 0',
      'lint: ./mill __.checkFormat | build.mill:3 | convention 0',
      'test-framework = utest | build.mill:8 | config 0',
    ]);
  });

  it.each([
    ['scalaVersion := "2.13.16"', ['runtime.scala = 2.13.16 | build.sbt:1 | config 0']],
    ['val V = "3.5.2"\nThisBuild / scalaVersion := V', ['runtime.scala = 3.5.2 | build.sbt:1 | config 0']],
    ['crossScalaVersions := Seq("2.13.1")\nscalaVersion := crossScalaVersions.value.head', []],
    ['// scalaVersion := "2.11.0"', []],
  ])('reads the Scala version of %j', async (text, facts) => {
    expect(await said(build(text), /runtime\.scala/)).toEqual(facts);
  });

  it('believes an umbrella plugin about scalafmt only with its configuration', async () => {
    const umbrella = { 'project/plugins.sbt': 'addSbtPlugin("org.typelevel" % "sbt-typelevel" % "0.7.4")\n' };
    expect(await said(build('', umbrella), /scalafmt/)).toEqual([]);
    expect(await said(build('', { ...umbrella, '.scalafmt.conf': '\nversion = 3.8.3\n' }), /scalafmt/)).toEqual([
      'formatter = scalafmt | .scalafmt.conf:2 | config 0',
      'format: sbt scalafmtAll | project/plugins.sbt:1 | convention 1',
      'lint: sbt scalafmtCheckAll | project/plugins.sbt:1 | convention 1',
    ]);
  });

  it.each([
    ['a build.properties of another tool', { 'project/build.properties': 'version=1\n' }],
    ['a build.sc that is no Mill build', { 'build.sc': 'let x = 1;\n' }],
    ['an example beside a build of its own', { 'Cargo.toml': '', 'examples/build.sbt': 'name := "x"\n' }],
    ['a pinned Java alone', { '.java-version': '21\n' }],
  ])('says nothing of %s', async (_, files) => {
    expect(await said(files as unknown as Record<string, string>)).toEqual([]);
  });

  it.each([
    ['truncated', build('lazy val core = project.in(file("co')],
    ['an open comment', build('/* \nscalaVersion := "2"')],
    ['an open string', build('addCommandAlias("x", """;clean')],
    ['CRLF', build('scalaVersion := "2.13.16"\r\naddCommandAlias("x", "test")\r\n')],
    ['brackets without end', build(`addCommandAlias(${'('.repeat(50_000)}`)],
    ['an empty build', build('')],
  ])('survives %s', async (_, files) => {
    expect(await said(files, /^test: /)).toEqual(['test: sbt test | project/build.properties:1 | convention 0']);
  });
});
