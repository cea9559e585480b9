/**
 * `node scripts/icons.ts` writes packages/onsil/src/diagram/icons.ts: the few icons of AWS that the
 * picture uses, from the npm package aws-icons.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const RESOURCES = {
  internet: 'Globe',
  admin: 'User',
  outside: 'Client',
  instance: 'AmazonEC2Instance',
  'nat-instance': 'AmazonEC2Instance',
  'load-balancer': 'ElasticLoadBalancingApplicationLoadBalancer',
  database: 'AmazonAuroraAmazonRDSInstance',
  'network-interface': 'AmazonVPCElasticNetworkInterface',
  service: 'AmazonVPCEndpoints',
  'internet-gateway': 'AmazonVPCInternetGateway',
  'nat-gateway': 'AmazonVPCNATGateway',
  'peering-connection': 'AmazonVPCPeeringConnection',
} as const;
const GROUPS = {
  region: 'Region',
  vpc: 'VirtualprivatecloudVPC',
  'public-subnet': 'Publicsubnet',
  'private-subnet': 'Privatesubnet',
} as const;

export const ICONS_FILE = fileURLToPath(
  new URL('../packages/onsil/src/diagram/icons.ts', import.meta.url),
);

/** What the file is to hold. */
export function iconsText(): string {
  const nodes = Object.entries(RESOURCES).map(([kind, name]) =>
    line(kind, inner('resource', name)),
  );
  const boxes = Object.entries(GROUPS).map(([kind, name]) =>
    line(kind, inner('architecture-group', name)),
  );
  return `/**
 * Icons of AWS, written by \`node scripts/icons.ts\` from the npm package aws-icons (MIT; the art is
 * AWS's, for diagrams of architectures: https://aws.amazon.com/architecture/icons/).
 * What stands outside of AWS has the colour of the text.
 */
import type { NodeKind, SceneBox } from './scene.ts';

/** What is inside of an svg of \`0 0 48 48\`. */
export const NODE_ICONS: Readonly<Record<NodeKind, string>> = {
${nodes.join('\n')}
};

/** What is inside of an svg of \`0 0 40 40\`. */
export const BOX_ICONS: Readonly<Record<Exclude<SceneBox['kind'], 'zone'>, string>> = {
${boxes.join('\n')}
};
`;
}

function inner(folder: string, name: string): string {
  const file = fileURLToPath(import.meta.resolve(`aws-icons/icons/${folder}/${name}.svg`));
  return readFileSync(file, 'utf8')
    .replace(/^<svg[^>]*>/, '')
    .replace(/<\/svg>\s*$/, '')
    .replace(/<title>.*?<\/title>/, '')
    .replaceAll(/#23?2f3[de]|#242f3e/g, 'currentColor');
}

function line(kind: string, markup: string): string {
  const key = /^\w+$/.test(kind) ? kind : `'${kind}'`;
  const value = `'${markup}'`;
  // As the formatter has it: the value of a very short name stays on its line.
  const isBroken = key.length > 3 && key.length + value.length + 5 > 100;
  return isBroken ? `  ${key}:\n    ${value},` : `  ${key}: ${value},`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(ICONS_FILE, iconsText());
