/** Plugs a machine, or any process with a network namespace of its own, into the fabric. */
import { inParallel, ipBatch, ipBatchIn, linksOf, settingLine } from './kernel.ts';
import { FabricError } from './names.ts';
import type { NamespaceReference } from './namespace.ts';
import type { InterfacePlan } from './network-interface.ts';
import type { FabricPlan } from './plan.ts';

export interface Attachment {
  readonly networkInterfaceId: string;
  /** Where the guest's end goes. A user namespace of its own does no harm. */
  readonly guest: NamespaceReference;
  /** The guest's name of the link; the plan's (`ens5` for the first) where absent. */
  readonly guestName?: string;
}

/** See attachInterfaces. */
export async function attachInterface(
  plan: FabricPlan,
  networkInterfaceId: string,
  guest: NamespaceReference,
  guestName?: string,
): Promise<void> {
  const name = guestName === undefined ? {} : { guestName };
  await attachInterfaces(plan, [{ networkInterfaceId, guest, ...name }]);
}

/**
 * Makes the link of each network interface, its guest's end at once inside the guest's network
 * namespace with address, route and MTU set, and in the router the routes that lead to it. The
 * link goes when the guest goes; what an earlier guest left is replaced.
 * Throws FabricError on an unknown interface, CommandError with the kernel's words.
 */
export async function attachInterfaces(
  plan: FabricPlan,
  attachments: readonly Attachment[],
): Promise<void> {
  const planned = attachments.map((attachment) => {
    const found = plan.interfaces.find(({ id }) => id === attachment.networkInterfaceId);
    if (found === undefined) {
      throw new FabricError(
        `The lab ${plan.lab} has no network interface ${attachment.networkInterfaceId}. ` +
          `It has: ${plan.interfaces.map(({ id }) => id).join(', ') || 'none'}.`,
      );
    }
    return { ...attachment, plan: found, guestName: attachment.guestName ?? found.guest.name };
  });
  const routers = Map.groupBy(planned, (each) => each.plan.namespace);
  await Promise.all(
    [...routers].map(async ([namespace, each]) => {
      const links = await linksOf(namespace);
      await ipBatch(
        each.flatMap((one) => routerLines(one.plan, one.guest, one.guestName, links)),
        namespace,
      );
    }),
  );
  const guests = Map.groupBy(planned, (each) => JSON.stringify(each.guest));
  await inParallel([...guests.values()], 4, async (ends) => {
    const [first] = ends;
    if (first === undefined) return;
    await ipBatchIn(first.guest, [
      'link set dev lo up',
      ...ends.flatMap((each) => guestLines(each.plan, each.guestName)),
    ]);
  });
}

function routerLines(
  { name, mtu, macAddress, settings }: InterfacePlan,
  guest: NamespaceReference,
  guestName: string,
  links: ReadonlySet<string>,
): readonly string[] {
  const where = 'pid' in guest ? guest.pid : guest.namespace;
  return [
    ...(links.has(name) ? [`link del dev ${name}`] : []),
    `link add name ${name} mtu ${mtu} type veth ` +
      `peer name ${guestName} address ${macAddress} mtu ${mtu} netns ${where}`,
    // Answers for others at once: the kernel's default waits up to 0.8 s.
    `ntable change name arp_cache dev ${name} proxy_delay 0`,
    `link set dev ${name} up`,
    ...settings.map(settingLine),
  ];
}

function guestLines({ guest }: InterfacePlan, name: string): readonly string[] {
  return [
    `link set dev ${name} up`,
    ...guest.settings.map((setting) => settingLine(setting).replaceAll('%', name)),
  ];
}
