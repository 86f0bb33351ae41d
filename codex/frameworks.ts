import type { Dependency } from '../facts/signal.ts';

/** Registries whose names rules may use: `npm:express`. */
export const REGISTRIES = [
  'npm',
  'pypi',
  'cargo',
  'go',
  'maven',
  'gradle-plugin',
  'jsr',
  'nuget',
  'rubygems',
  'packagist',
  'hex',
  'pub',
  'swift',
  'helm',
  'bazel',
] as const;

/**
 * Frameworks by the names rules use, and the packages that show them. A name that ends in `*` stands for any ending. Whatever is
 * not here is named by its registry.
 */
export const FRAMEWORKS: Readonly<Record<string, readonly string[]>> = {
  react: ['npm:react'],
  next: ['npm:next'],
  vue: ['npm:vue'],
  angular: ['npm:@angular/core'],
  svelte: ['npm:svelte'],
  express: ['npm:express'],
  fastify: ['npm:fastify'],
  nest: ['npm:@nestjs/core'],
  koa: ['npm:koa'],
  hono: ['npm:hono'],
  vitest: ['npm:vitest'],
  jest: ['npm:jest'],
  mocha: ['npm:mocha'],
  playwright: ['npm:@playwright/test', 'npm:playwright', 'pypi:playwright'],
  prisma: ['npm:prisma', 'npm:@prisma/client'],
  typeorm: ['npm:typeorm'],
  django: ['pypi:django'],
  flask: ['pypi:flask'],
  fastapi: ['pypi:fastapi'],
  sqlalchemy: ['pypi:sqlalchemy'],
  alembic: ['pypi:alembic'],
  celery: ['pypi:celery'],
  pytest: ['pypi:pytest'],
  pydantic: ['pypi:pydantic'],
  // Gradle builds often name no more than the plugin, which brings the versions of the rest.
  spring: ['maven:org.springframework*', 'gradle-plugin:org.springframework.boot'],
  'spring-boot': ['maven:org.springframework.boot:*', 'gradle-plugin:org.springframework.boot'],
  quarkus: ['maven:io.quarkus:*', 'maven:io.quarkus.platform:*', 'gradle-plugin:io.quarkus'],
  micronaut: ['maven:io.micronaut*', 'gradle-plugin:io.micronaut*'],
  junit: ['maven:junit:junit', 'maven:org.junit*'],
  hibernate: ['maven:org.hibernate:*', 'maven:org.hibernate.orm:*'],
  flyway: ['maven:org.flywaydb:*', 'gradle-plugin:org.flywaydb.flyway'],
  liquibase: ['maven:org.liquibase:*', 'gradle-plugin:org.liquibase.gradle'],
  slf4j: ['maven:org.slf4j:*'],
  gin: ['go:github.com/gin-gonic/gin'],
  echo: ['go:github.com/labstack/echo', 'go:github.com/labstack/echo/*'],
  chi: ['go:github.com/go-chi/chi', 'go:github.com/go-chi/chi/*'],
  grpc: ['go:google.golang.org/grpc', 'npm:@grpc/grpc-js', 'pypi:grpcio', 'maven:io.grpc:*', 'cargo:tonic'],
  gorm: ['go:gorm.io/gorm'],
  cobra: ['go:github.com/spf13/cobra'],
  tokio: ['cargo:tokio'],
  axum: ['cargo:axum'],
  'actix-web': ['cargo:actix-web'],
  serde: ['cargo:serde'],
  sqlx: ['cargo:sqlx', 'go:github.com/jmoiron/sqlx'],
  diesel: ['cargo:diesel'],
  rails: ['rubygems:rails'],
  sinatra: ['rubygems:sinatra'],
  rspec: ['rubygems:rspec', 'rubygems:rspec-rails'],
  laravel: ['packagist:laravel/framework'],
  symfony: ['packagist:symfony/framework-bundle'],
  phpunit: ['packagist:phpunit/phpunit'],
  phoenix: ['hex:phoenix'],
  ecto: ['hex:ecto'],
  flutter: ['pub:flutter'],
  'aspnet-core': ['nuget:Microsoft.AspNetCore*'],
  xunit: ['nuget:xunit*'],
};

const EXACT = new Map<string, string[]>();
const PREFIXES: (readonly [string, string])[] = [];
for (const [name, packages] of Object.entries(FRAMEWORKS)) {
  for (const entry of packages) {
    const key = frameworkKey(entry);
    if (key.endsWith('*')) PREFIXES.push([key.slice(0, -1), name]);
    else EXACT.set(key, [...(EXACT.get(key) ?? []), name]);
  }
}

/** One spelling for a framework's or package's name: letters are small, and on PyPI `Foo_Bar` is `foo-bar` (PEP 503). */
export function frameworkKey(name: string): string {
  const key = name.toLowerCase();
  return key.startsWith('pypi:') ? key.replace(/[-_.]+/g, '-') : key;
}

/** What a dependency shows: its own `registry:name`, and the frameworks it belongs to. */
export function frameworkNames({ registry, name }: Pick<Dependency, 'registry' | 'name'>): readonly string[] {
  const key = frameworkKey(`${registry}:${name}`);
  return [
    key,
    ...(EXACT.get(key) ?? []),
    ...PREFIXES.filter(([prefix]) => key.startsWith(prefix)).map(([, framework]) => framework),
  ];
}

/** Whether a rule may name it. */
export function isKnownFramework(name: string): boolean {
  if (Object.hasOwn(FRAMEWORKS, name)) return true;
  const colon = name.indexOf(':');
  return colon > 0 && colon < name.length - 1 && (REGISTRIES as readonly string[]).includes(name.slice(0, colon));
}
