import { ecosystem } from '../ecosystem.ts';
import { command, plain } from './native/leads.ts';

/** Formatter, linter and package managers that C and C++ projects use beside whatever builds them. */
export const clang = ecosystem({
  id: 'clang',
  title: 'C and C++ tools',
  files: ['/.clang-format', '/.clang-tidy', '/conanfile.txt', '/conanfile.py', '/vcpkg.json'],
  *detect(repo) {
    const format = repo.file('.clang-format');
    if (format) yield plain('formatter', 'clang-format', '', format.at(format.find(/^\w/) ?? 1));
    const tidy = repo.file('.clang-tidy');
    if (tidy) yield plain('linter', 'clang-tidy', '', tidy.at(tidy.find(/^\w/) ?? 1));
    const conan = repo.file('conanfile.txt');
    // A conanfile.py may only pack the project for others; the text form can do nothing but install.
    if (conan) {
      const line = conan.find(/^\[requires\]/) ?? 1;
      yield command('install', 'conan install conanfile.txt --build=missing', '', conan.at(line));
    }
    const recipe = repo.file('conanfile.py');
    const requires = recipe?.find(/^\s*(?:self\.)?requires\s*[(=]|def requirements\b/);
    const named = recipe?.find('conan');
    if (recipe && requires !== undefined && named !== undefined) {
      yield command('install', 'conan install . --build=missing', '', [recipe.at(named), recipe.at(requires)], {
        weight: -2,
      });
    }
    const vcpkg = repo.file('vcpkg.json');
    const dependencies = vcpkg?.json()?.get('dependencies');
    if (vcpkg && dependencies && dependencies.items().length > 0) {
      yield command('install', 'vcpkg install', '', vcpkg.at(dependencies.keyLine), { weight: -2 });
    }
  },
});
