import { describe, expect, it } from 'vitest';
import { memoryRepository } from '../forge/memory.ts';
import { FRAMEWORKS, frameworkNames, isKnownFramework, REGISTRIES } from './frameworks.ts';
import { stackOf } from './stack.ts';

/** Manifests as people write them; together they use every framework that a rule may name. */
const MANIFESTS: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({
    dependencies: {
      react: '^18',
      next: '14',
      vue: '3',
      '@angular/core': '17',
      svelte: '4',
      express: '4',
      fastify: '4',
      '@nestjs/core': '10',
      koa: '2',
      hono: '4',
      '@prisma/client': '5',
      typeorm: '0.3',
      '@grpc/grpc-js': '1',
    },
    devDependencies: { vitest: '1', jest: '29', mocha: '10', '@playwright/test': '1', prisma: '5' },
  }),
  'requirements.txt': 'Django==5.0\nFlask>=3\nfastapi\nSQLAlchemy~=2.0\nalembic\ncelery[redis]\npydantic==2.7\n',
  'requirements-dev.txt': 'pytest\n',
  'pom.xml': `<project>
    <parent><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-parent</artifactId><version>3.3.0</version></parent>
    <dependencies>
      <dependency><groupId>io.micronaut</groupId><artifactId>micronaut-core</artifactId></dependency>
      <dependency><groupId>org.junit.jupiter</groupId><artifactId>junit-jupiter</artifactId><scope>test</scope></dependency>
      <dependency><groupId>org.hibernate.orm</groupId><artifactId>hibernate-core</artifactId></dependency>
      <dependency><groupId>org.flywaydb</groupId><artifactId>flyway-core</artifactId></dependency>
      <dependency><groupId>org.liquibase</groupId><artifactId>liquibase-core</artifactId></dependency>
      <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-api</artifactId></dependency>
    </dependencies>
    <dependencyManagement><dependencies>
      <dependency><groupId>io.quarkus.platform</groupId><artifactId>quarkus-bom</artifactId><version>3.10</version><type>pom</type></dependency>
    </dependencies></dependencyManagement>
  </project>`,
  'go.mod': `module example.com/shop

require (
	github.com/gin-gonic/gin v1.10.0
	github.com/labstack/echo/v4 v4.12.0
	github.com/go-chi/chi/v5 v5.0.12
	google.golang.org/grpc v1.64.0
	gorm.io/gorm v1.25.10
	github.com/spf13/cobra v1.8.0
	github.com/jmoiron/sqlx v1.4.0
)
`,
  'Cargo.toml':
    '[dependencies]\ntokio = { version = "1", features = ["full"] }\naxum = "0.7"\nactix-web = "4"\nserde = "1"\ndiesel = "2"\n',
  Gemfile: "gem 'rails', '~> 7.1'\ngem 'sinatra'\ngroup :test do\n  gem 'rspec-rails'\nend\n",
  'composer.json': JSON.stringify({
    require: { 'laravel/framework': '^11', 'symfony/framework-bundle': '^7' },
    'require-dev': { 'phpunit/phpunit': '^11' },
  }),
  'mix.exs': 'defp deps do\n  [\n    {:phoenix, "~> 1.7"},\n    {:ecto, "~> 3.11"}\n  ]\nend\n',
  'pubspec.yaml': 'dependencies:\n  flutter:\n    sdk: flutter\n',
  'api/Api.csproj': `<Project Sdk="Microsoft.NET.Sdk.Web"><ItemGroup>
    <PackageReference Include="Microsoft.AspNetCore.OpenApi" Version="8.0.0" />
    <PackageReference Include="xunit" Version="2.8.0" />
  </ItemGroup></Project>`,
};

const frameworksOf = async (files: Readonly<Record<string, string>>) =>
  (await stackOf(memoryRepository(files))).frameworks();

describe('FRAMEWORKS', () => {
  it('are each shown by a manifest as people write them', async () => {
    const shown = await frameworksOf(MANIFESTS);
    expect(Object.keys(FRAMEWORKS).filter((name) => !shown.has(name))).toEqual([]);
  });

  it('name only registries that there are', () => {
    for (const entry of Object.values(FRAMEWORKS).flat())
      expect(REGISTRIES).toContain(entry.slice(0, entry.indexOf(':')));
  });

  it.each([
    ['a plugin', { 'build.gradle': "plugins {\n  id 'org.springframework.boot' version '3.2.0'\n}\n" }],
    ['a plugin in Kotlin', { 'build.gradle.kts': 'plugins {\n  id("org.springframework.boot") version "3.2.0"\n}\n' }],
    [
      'coordinates without a version',
      {
        'build.gradle.kts': 'dependencies {\n  implementation("org.springframework.boot:spring-boot-starter-web")\n}\n',
      },
    ],
    [
      'coordinates',
      { 'build.gradle': "dependencies {\n  implementation 'org.springframework.boot:spring-boot:3.2.0'\n}\n" },
    ],
    [
      'a version catalog',
      {
        'gradle/libs.versions.toml':
          '[libraries]\nboot = { module = "org.springframework.boot:spring-boot", version = "3" }\n',
      },
    ],
    [
      'a plugin of a version catalog',
      { 'gradle/libs.versions.toml': '[plugins]\nboot = { id = "org.springframework.boot", version = "3" }\n' },
    ],
  ])('knows Spring in a Gradle build by %s', async (_, files) => {
    const shown = await frameworksOf(files);
    expect(shown.has('spring')).toBe(true);
    expect(shown.has('spring-boot')).toBe(true);
  });
});

describe('frameworkNames', () => {
  it.each([
    ['npm', 'express', ['npm:express', 'express']],
    ['npm', 'express-session', ['npm:express-session']],
    ['pypi', 'Django', ['pypi:django', 'django']],
    ['pypi', 'Psycopg2_binary', ['pypi:psycopg2-binary']],
    ['pypi', 'zope.interface', ['pypi:zope-interface']],
    ['maven', 'org.springframework:spring-core', ['maven:org.springframework:spring-core', 'spring']],
    ['maven', 'org.springframework.data:spring-data-jpa', ['maven:org.springframework.data:spring-data-jpa', 'spring']],
    ['go', 'github.com/labstack/echo/v4', ['go:github.com/labstack/echo/v4', 'echo']],
    ['go', 'github.com/labstack/echo-contrib', ['go:github.com/labstack/echo-contrib']],
    ['nuget', 'Microsoft.AspNetCore.Mvc', ['nuget:microsoft.aspnetcore.mvc', 'aspnet-core']],
    ['npm', 'constructor', ['npm:constructor']],
  ])('%s %s', (registry, name, expected) => {
    expect(frameworkNames({ registry, name })).toEqual(expected);
  });
});

describe('isKnownFramework', () => {
  it.each([
    ['express', true],
    ['npm:left-pad', true],
    ['maven:a:b', true],
    ['gradle-plugin:org.springframework.boot', true],
    ['npm:', false],
    [':x', false],
    ['nmp:x', false],
    ['constructor', false],
    ['Express', false],
  ])('%s: %s', (name, expected) => {
    expect(isKnownFramework(name)).toBe(expected);
  });
});
