/** RDS instances: https://aws.amazon.com/rds/mysql/pricing/ */
import { type DeclaredResource, type Found, type Item, literal, type UnknownLine } from './item.ts';

/** Undefined for other types. */
export function databaseItems({ type, properties }: DeclaredResource): Found | undefined {
  if (type !== 'AWS::RDS::DBInstance') return undefined;
  const engine = literal(properties['Engine']);
  const instanceClass = literal(properties['DBInstanceClass']);
  if (engine !== 'mysql' || instanceClass === undefined) {
    const of = engine === undefined ? 'an engine' : engine;
    const why =
      engine === 'mysql'
        ? 'the template does not say its class'
        : `the price table knows MySQL only, not ${of}`;
    return { items: [], unknown: [{ what: `database ${instanceClass ?? ''}`.trim(), why }] };
  }
  const zones = literal(properties['MultiAZ']) === 'true' ? 'Multi-AZ' : 'Single-AZ';
  const storage = literal(properties['StorageType']) ?? 'gp2';
  const size = Number(literal(properties['AllocatedStorage']));
  const unknown: UnknownLine[] = [];
  const items: Item[] = [
    {
      what: `databases ${instanceClass}, ${zones}`,
      service: 'RDS MySQL',
      item: `${instanceClass} ${zones}`,
      quantity: 1,
    },
  ];
  if (Number.isFinite(size)) {
    items.push({
      what: `database storage ${storage}, GiB`,
      service: 'RDS MySQL',
      item: `${storage} storage ${zones}`,
      quantity: size,
    });
  } else {
    unknown.push({ what: 'database storage', why: 'the template does not say how much' });
  }
  return { items, unknown };
}
