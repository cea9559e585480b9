import { type CfnSecurityGroup, CfnVolume, CfnVolumeAttachment } from 'aws-cdk-lib/aws-ec2';
import { Aws, CfnDeletionPolicy, Fn, Tags } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { databaseSecret } from '../config/service.ts';
import { Host, type Surroundings } from './host.ts';
import type { Roles } from './roles.ts';
import { databaseScript } from './user-data/parts.ts';

/** MariaDB on an instance, its data on a volume of its own that outlives the instance. */
export class Database extends Construct {
  readonly host: Host;

  constructor(
    scope: Construct,
    id: string,
    around: Surroundings,
    securityGroup: CfnSecurityGroup,
    roles: Roles,
  ) {
    super(scope, id);
    const volume = new CfnVolume(this, 'Volume', {
      availabilityZone: Fn.select(0, Fn.getAzs()),
      volumeType: 'gp3',
      size: around.service.database.volumeSize,
      encrypted: true,
    });
    Tags.of(volume).add('Name', 'database');
    volume.cfnOptions.deletionPolicy = CfnDeletionPolicy.SNAPSHOT;
    volume.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.SNAPSHOT;
    // The attachment needs the instance and set-up needs the attachment: it comes in between.
    this.host = new Host(this, 'Host', around, {
      name: 'database',
      kind: 'database',
      purpose: 'MySQL :3306',
      tier: around.network.database,
      securityGroup,
      script: databaseScript(around.service),
      variables: {
        REGION: Aws.REGION,
        SECRET: databaseSecret(around.service),
        VOLUME: volume.ref,
      },
      profile: roles.database,
      address: 'private',
    });
    const attachment = new CfnVolumeAttachment(this, 'VolumeAttachment', {
      instanceId: this.host.instance.ref,
      volumeId: volume.ref,
      device: '/dev/sdf',
    });
    this.host.ready.addResourceDependency(attachment);
  }
}
