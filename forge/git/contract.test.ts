import { afterAll } from 'vitest';
import type { RepoReader } from '../reader.ts';
import { describeReaderContract, type OpenReader } from '../testing/reader-contract.ts';
import { type OpenOptions, openRepository } from './open.ts';
import { makeRepository, type RepositoryShape, type TestRepository } from './testing/make-repo.ts';

const made: TestRepository[] = [];
afterAll(async () => {
  for (const repository of made.splice(0)) await repository.cleanup();
});

describeReaderContract('a bare repository at HEAD', real({ bare: true }));
describeReaderContract('a bare repository at a revision', real({ bare: true }, { rev: 'main' }));
describeReaderContract('a working tree', real({}));
describeReaderContract('a working tree at a revision', real({}, { rev: 'HEAD' }));

function real(shape: RepositoryShape, options: OpenOptions = {}): OpenReader {
  return async (files, limits): Promise<RepoReader> => {
    const repository = await makeRepository({ files }, shape);
    made.push(repository);
    return openRepository(repository.dir, limits ? { ...options, limits } : options);
  };
}
