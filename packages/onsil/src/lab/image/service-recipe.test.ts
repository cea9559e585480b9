import { expect, test } from 'vitest';
import { imageKey, imageRecipe } from './recipe.ts';
import { serviceRecipe } from './service-recipe.ts';

const recipe = serviceRecipe('PEM', 'deb somewhere\n');

test('the service image has the servers, none of which starts by itself', () => {
  expect(recipe.packages).toEqual(
    expect.arrayContaining(['haproxy', 'mariadb-server', 'postgresql', 'systemd']),
  );
  for (const name of ['haproxy', 'mariadb', 'postgresql']) {
    const link = `etc/systemd/system/multi-user.target.wants/${name}.service`;
    expect(recipe.removed).toContain(link);
  }
});

test('nobody logs in, and nothing fetches user data', () => {
  expect(recipe.packages).not.toContain('openssh-server');
  expect(recipe.packages).not.toContain('cloud-init');
  expect(recipe.files.map(({ path }) => path)).toEqual([
    'etc/apt/sources.list',
    'etc/apt/apt.conf.d/90languages',
    'etc/systemd/system/network-interface.service',
    'usr/local/share/ca-certificates/onsil-lab.crt',
    'etc/machine-id',
    'etc/fstab',
  ]);
});

test('it is another image than that of instances', () => {
  const other = imageKey(imageRecipe('PEM', 'deb somewhere\n'), 'x64');
  expect(imageKey(recipe, 'x64')).not.toBe(other);
});
