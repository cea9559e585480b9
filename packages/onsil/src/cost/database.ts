/** RDS instances: https://aws.amazon.com/rds/mysql/pricing/ */
import type { DbInstance } from '../region/db-instance.ts';
import type { Region } from '../region/region.ts';
import { type DeclaredResource, type Found, type Item, literal, type UnknownLine } from './item.ts';

/** @param resources for what the region does not keep of a database */
export function databases(region: Region, resources: readonly DeclaredResource[]): Found {
  const all = Object.values(region.dbInstances).map((each) =>
    databaseItems(
      each,
      resources.find(({ logicalId }) => logicalId === each.logicalId),
    ),
  );
  return {
    items: all.flatMap(({ items }) => items),
    unknown: all.flatMap(({ unknown }) => unknown),
  };
}

function databaseItems(database: DbInstance, declared: DeclaredResource | undefined): Found {
  const { logicalId: resource, engine, instanceClass, multiAz, allocatedStorage } = database;
  if (engine !== 'mysql') {
    const why = `the price table knows MySQL only, not ${engine}`;
    return { items: [], unknown: [{ resource, what: `database ${instanceClass}`, why }] };
  }
  const items = instanceItems(resource, instanceClass, multiAz);
  const unknown: UnknownLine[] = [];
  // RDS's own choice where a template says nothing.
  const storage = literal(declared?.properties['StorageType']) ?? 'gp2';
  if (allocatedStorage === undefined) {
    const why = 'the template does not say how much';
    unknown.push({ resource, what: 'database storage', why });
  } else {
    items.push(storageItem(resource, storage, allocatedStorage, multiAz));
  }
  const support = extendedSupport(database, declared);
  return {
    items: [...items, ...(support.items ?? [])],
    unknown: [...unknown, ...(support.unknown ?? [])],
  };
}

const zonesText = (multiAz: boolean): string => (multiAz ? 'Multi-AZ' : 'Single-AZ');

export function instanceItems(resource: string, instanceClass: string, multiAz: boolean): Item[] {
  const zones = zonesText(multiAz);
  return [
    {
      ...{ resource, what: `${instanceClass}, ${zones}`, service: 'RDS MySQL' },
      ...{ item: `${instanceClass} ${zones}`, quantity: 1 },
    },
  ];
}

export function storageItem(
  resource: string,
  type: string,
  quantity: number,
  multiAz: boolean,
): Item {
  const item = `${type} storage ${zonesText(multiAz)}`;
  return { resource, what: `${type} storage, GiB`, service: 'RDS MySQL', item, quantity };
}

/** Of the classes in the table; each has two up to `large`. */
const VCPUS = 2;
const TWO_VCPUS = /^db\.t(3|4g)\.(micro|small|medium|large)$/;

/**
 * What a version past its standard support costs on top, by the vCPU, of a standby too, unless the
 * template says that it is not to go on then.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/extended-support-charges.html
 */
function extendedSupport(
  { logicalId: resource, engineVersion, instanceClass, multiAz }: DbInstance,
  declared: DeclaredResource | undefined,
): Partial<Found> {
  const unknown = (why: string): Partial<Found> => ({
    unknown: [{ resource, what: 'RDS extended support', why }],
  });
  const lifecycle = literal(declared?.properties['EngineLifecycleSupport']);
  if (lifecycle === 'open-source-rds-extended-support-disabled') return {};
  if (engineVersion === undefined) {
    return unknown('the template names no version of MySQL: 8.0 has it, 8.4 has not');
  }
  const [major = '', minor = ''] = engineVersion.split('.');
  const version = `${major}.${minor}`;
  if (Number(major) > 8 || (major === '8' && Number(minor) >= 4)) return {};
  if (version !== '8.0' && engineVersion !== '8') {
    return unknown(`the price table has none of MySQL ${version}`);
  }
  if (!TWO_VCPUS.test(instanceClass)) {
    return unknown(`how many vCPUs ${instanceClass} has is not in the price table`);
  }
  return {
    items: [
      {
        ...{ resource, what: 'RDS extended support, vCPUs', service: 'RDS MySQL' },
        item: 'Extended Support, MySQL 8.0, year 1-2 (from 2026-08-01)',
        quantity: VCPUS * (multiAz ? 2 : 1),
      },
    ],
  };
}
