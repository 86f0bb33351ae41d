import { describe, expect, it } from 'vitest';
import type { PlainFact } from '../signal.ts';
import { signalsOf } from '../testing/signals.ts';
import { fixture, told } from '../testing/told.ts';
import { maven } from './maven.ts';

async function said(files: Record<string, string>, only = /./): Promise<readonly string[]> {
  return told((await signalsOf(maven, files)).signals).filter((line) => only.test(line));
}

const pom = (body: string): Record<string, string> => ({
  'pom.xml': `<project>\n<artifactId>one</artifactId>\n${body}\n</project>\n`,
});
const plugin = (artifact: string): string => `<plugin>\n<artifactId>${artifact}</artifactId>\n</plugin>`;

describe('maven', () => {
  it('reads a build of several modules', async () => {
    expect(await said(fixture('maven/modules'))).toEqual([
      'package-manager = maven | pom.xml:5 | convention 0',
      'build-system = maven | pom.xml:5 | convention 0',
      'workspace = mill-core in core | pom.xml:9 | config 0',
      'workspace = mill-web in web | pom.xml:10 | config 0',
      'runtime.java = 21 | pom.xml:15 | config 2',
      'runtime.maven = 3.9.9 | .mvn/wrapper/maven-wrapper.properties:2 | config 0',
      'test-framework = junit5 | core/pom.xml:11 | config 2',
      'test-framework = testng | pom.xml:22 | config 1',
      'install: ./mvnw install -DskipTests | pom.xml:5 mvnw:1 | convention -1',
      'build: ./mvnw package | pom.xml:5 mvnw:1 | convention 1',
      'build: ./mvnw verify | pom.xml:5 mvnw:1 | convention 0',
      'build: ./mvnw clean install | pom.xml:5 mvnw:1 | convention 0',
      'test: ./mvnw test | pom.xml:5 mvnw:1 | convention 1',
      'test: ./mvnw verify | pom.xml:5 mvnw:1 | convention -3',
      'test-single: ./mvnw test -pl <dir> -Dtest=<name> | pom.xml:9 mvnw:1 | convention 1',
      'test-single: ./mvnw test -Dtest=<name> | pom.xml:5 mvnw:1 | convention 0',
      'formatter = spotless | pom.xml:39 | config 0',
      'lint: ./mvnw spotless:check | pom.xml:39 mvnw:1 | config 0',
      'format: ./mvnw spotless:apply | pom.xml:39 mvnw:1 | config 0',
      'linter = checkstyle | pom.xml:42 | config 0',
      'lint: ./mvnw checkstyle:check | pom.xml:42 mvnw:1 | config 0',
      'run: ./mvnw spring-boot:run -pl web | web/pom.xml:15 mvnw:1 | config 0',
      'entrypoint = web/src/main/java/example/mill/Web.java in web | web/pom.xml:9 | config 0',
    ]);
  });

  it.each([
    ['<properties><java.version>17</java.version></properties>', ['runtime.java = 17 | pom.xml:3 | config 2']],
    [
      '<properties><maven.compiler.source>1.8</maven.compiler.source></properties>',
      ['runtime.java = 1.8 | pom.xml:3 | config 1'],
    ],
    ['<properties><java.version>${from.outside}</java.version></properties>', []],
    ['<properties>\n<a>${b}</a>\n<b>${a}</b>\n<java.version>${a}</java.version></properties>', []],
    [
      '<properties><v>11</v></properties><build><plugins>\n<plugin><artifactId>maven-compiler-plugin</artifactId><configuration>\n<release>${v}</release></configuration></plugin></plugins></build>',
      ['runtime.java = 11 | pom.xml:3 | config 1'],
    ],
  ])('reads the Java version of %j', async (body, facts) => {
    expect(await said(pom(body), /runtime\.java/)).toEqual(facts);
  });

  it('ranks what a profile or only one module asks for below what all share', async () => {
    const body = `<build><plugins>${plugin('maven-checkstyle-plugin')}</plugins></build><profiles><profile><build><plugins>${plugin('maven-pmd-plugin')}</plugins></build></profile></profiles>`;
    expect(await said(pom(body), /^linter/)).toEqual([
      'linter = checkstyle | pom.xml:4 | config 0',
      'linter = pmd | pom.xml:6 | config -1',
    ]);
  });

  it('has no plugin run that is only managed', async () => {
    const body = `<build><pluginManagement><plugins>${plugin('spring-boot-maven-plugin')}</plugins></pluginManagement></build>`;
    expect(await said(pom(body), /^run/)).toEqual([]);
  });

  it.each([
    ['with a version of its own', '<groupId>org.example</groupId><version>1</version>', '', []],
    [
      'that the root manages',
      '<groupId>org.example</groupId><version>1</version>',
      'protobuf-maven-plugin',
      ['generate'],
    ],
    ['whose version some parent has', '<groupId>org.example</groupId>', '', ['generate']],
    ['of one of Maven’s own groups', '<groupId>org.codehaus.mojo</groupId><version>1</version>', '', ['generate']],
  ])('types the goal of a plugin %s, named by a module, at the root', async (_, rest, managed, purposes) => {
    const used = `<plugin><artifactId>protobuf-maven-plugin</artifactId>${rest}</plugin>`;
    const root = managed && `<build><pluginManagement><plugins>${plugin(managed)}</plugins></pluginManagement></build>`;
    const files = {
      'pom.xml': `<project><artifactId>a</artifactId><modules><module>m</module></modules>${root}</project>`,
      'm/pom.xml': `<project><artifactId>m</artifactId><build><plugins>${used}</plugins></build></project>`,
    };
    const told = await said(files, /^generate/);
    expect(told.map((line) => line.slice(0, line.indexOf(':')))).toEqual(purposes);
  });

  it('counts integration tests towards `verify`', async () => {
    const body = `<build><plugins>${plugin('maven-failsafe-plugin')}</plugins></build>`;
    expect(await said(pom(body), /^test: mvn verify/)).toEqual(['test: mvn verify | pom.xml:2 | convention 0']);
  });

  it('keeps builds of examples and test resources out, and one that inherits in', async () => {
    const files = {
      ...pom('<packaging>pom</packaging>'),
      'examples/a/pom.xml': '<project><artifactId>a</artifactId></project>',
      'src/test/resources/b/pom.xml': '<project><artifactId>b</artifactId></project>',
      'child/pom.xml': '<project><parent><artifactId>one</artifactId></parent><artifactId>c</artifactId></project>',
      'other/pom.xml': '<project><artifactId>other</artifactId></project>',
    };
    const { signals } = await signalsOf(maven, files);
    const dirs = (signals as PlainFact[]).filter(({ key }) => key === 'build-system').map(({ dir }) => dir);
    expect(dirs).toEqual(['', 'other']);
  });

  it.each([
    [['mvnw'], 1],
    [['gradlew'], -1],
    [['mvnw', 'gradlew'], 0],
    [[], 0],
  ])('beside Gradle, with %j, weighs as much as its wrapper', async (wrappers, weight) => {
    const files = { ...pom(''), 'build.gradle': '', ...Object.fromEntries(wrappers.map((name) => [name, 'x\n'])) };
    expect(await said(files, /build-system/)).toEqual([`build-system = maven | pom.xml:2 | convention ${weight}`]);
  });

  it.each([
    ['truncated', '<project>\n<artifactId>a</artifactId>\n<build><plugins><plugin><artif'],
    [
      'wrong types',
      '<project>\n<artifactId><b/></artifactId><modules>text</modules><build>x</build><parent/><properties>1</properties></project>',
    ],
    [
      'duplicates',
      '<project>\n<artifactId>a</artifactId>\n<modules/><modules><module/></modules>\n<artifactId>b</artifactId></project>',
    ],
    ['CRLF', '<project>\r\n<artifactId>a</artifactId>\r\n</project>\r\n'],
    [
      'a module that is itself',
      '<project><artifactId>a</artifactId><modules><module>.</module><module>pom.xml</module></modules></project>',
    ],
    [
      'a conflict',
      '<project>\n<<<<<<< a\n<artifactId>a</artifactId>\n=======\n<artifactId>b</artifactId>\n>>>>>>> b\n</project>',
    ],
  ])('survives %s', async (_, text) => {
    expect(await said({ 'pom.xml': text }, /^test: mvn test /)).toHaveLength(1);
  });

  it.each(['', 'not xml', '<settings/>', '<project'])('says nothing of %j', async (text) => {
    expect(await said({ 'pom.xml': text })).toEqual([]);
  });
});
