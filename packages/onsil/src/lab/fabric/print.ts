import type { FabricPlan, LinkEnd, NamespacePlan, Setting } from './plan.ts';

/** The whole plan as text, as `--dry-run` shows it: one block for each namespace. */
export function printFabric(plan: FabricPlan): string {
  const links = plan.links.map(
    ({ ends: [one, other], mtu }) => `  ${linkEnd(one)} <-> ${linkEnd(other)} mtu ${mtu}`,
  );
  const interfaces = plan.interfaces.map((each) =>
    [
      `network interface ${each.id} in ${each.namespace}`,
      `  link ${each.name} <-> guest/${each.guest.name} address ${each.macAddress} mtu ${each.mtu}`,
      ...each.settings.map(settingLine),
      ...each.guest.settings.map(
        (setting) => `  guest${settingLine(setting).replaceAll('%', each.guest.name)}`,
      ),
    ].join('\n'),
  );
  return [
    ...plan.namespaces.map(printNamespace),
    ['links', ...links].join('\n'),
    ...interfaces,
    '',
  ].join('\n\n');
}

function printNamespace({
  name,
  sysctls,
  conntrackSysctls,
  settings,
  ruleset,
}: NamespacePlan): string {
  return [
    `namespace ${name}`,
    ...[...sysctls, ...conntrackSysctls].map((each) => `  sysctl ${each}`),
    ...settings.map(settingLine),
    ...ruleset
      .trimEnd()
      .split('\n')
      .filter(Boolean)
      .map((line) => `  ${line}`),
  ].join('\n');
}

function linkEnd({ namespace, name, macAddress }: LinkEnd): string {
  return `${namespace}/${name}${macAddress === undefined ? '' : ` address ${macAddress}`}`;
}

function settingLine(setting: Setting): string {
  return `  ${setting.object} ${setting.arguments}`;
}
