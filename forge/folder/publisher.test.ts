import type { AuditEntry } from '../audit.ts';
import { makeRepository } from '../git/testing/make-repo.ts';
import { describePublisherContract, type PublishingPlace, START } from '../testing/publisher-contract.ts';
import { folderForge } from './forge.ts';
import { readRepository } from './local-repository.ts';
import { notesPath, notesText } from './merge-requests.ts';
import { pushAsPerson } from './testing/push-as-person.ts';

describePublisherContract('a bare repository in a folder', () => openPlace({ bare: true }));
describePublisherContract('a working tree in a folder', () => openPlace({ bare: false }));

async function openPlace({ bare }: { readonly bare: boolean }): Promise<PublishingPlace> {
  const repository = await makeRepository({ files: START }, { bare, name: bare ? 'shop.git' : 'shop' });
  const entries: AuditEntry[] = [];
  const audit = { append: (entry: AuditEntry) => void entries.push(entry) };
  const forge = await folderForge(repository.root, { audit });
  const project = await forge.project('shop');
  return {
    publisher: forge.publisher(project),
    dryRun: async (record) => (await folderForge(repository.root, { audit, record })).publisher(project),
    base: repository.commit,
    git: repository.git,
    push: (branch, files) => pushAsPerson(repository, branch, files),
    mergeRequests: async (branch) => (await forge.standing(project, { branch, files: [] })).mergeRequests,
    notes: async (iid) => notesText(notesPath(await readRepository(repository.dir), iid)),
    audit: entries,
    close: repository.cleanup,
  };
}
