import { describe, expect, it } from 'vitest';
import { inVpc } from '../../cloudformation/testing.ts';
import { created, input, refusalOf, testEngine, WEB } from './testing.ts';

describe('a change set', () => {
  it('says what would be done, and why, and does it when it is executed', async () => {
    const { engine, applier } = await created(inVpc(WEB()));
    const moved = inVpc(WEB()).replace('10.0.2.0/24', '10.0.3.0/24');
    const set = engine.createChangeSet({ ...input(moved), changeSetName: 'move', type: 'UPDATE' });
    expect(set.changes).toMatchObject([
      {
        action: 'Modify',
        logicalId: 'Private',
        replacement: 'True',
        scope: ['Properties'],
        details: [
          {
            property: 'CidrBlock',
            requiresRecreation: 'Always',
            before: '10.0.2.0/24',
            after: '10.0.3.0/24',
          },
        ],
      },
      {
        logicalId: 'Web',
        replacement: 'True',
        details: [{ property: 'SubnetId', requiresRecreation: 'Always', causingEntity: 'Private' }],
      },
    ]);
    expect(applier.done).not.toContain('remove Web');
    engine.executeChangeSet('move', 'shop');
    expect((await engine.settled('shop')).status).toBe('UPDATE_COMPLETE');
    expect(refusalOf(() => engine.executeChangeSet('move', 'shop'))).toContain(
      'InvalidChangeSetStatus',
    );
  });

  it('is obsolete when the stack has changed', async () => {
    const { engine } = await created(inVpc(WEB()));
    const moved = inVpc(WEB()).replace('10.0.2.0/24', '10.0.3.0/24');
    engine.createChangeSet({ ...input(moved), changeSetName: 'move', type: 'UPDATE' });
    engine.updateStack(input(inVpc('')));
    await engine.settled('shop');
    expect(engine.changeSets('shop')[0]?.executionStatus).toBe('OBSOLETE');
  });

  it('without changes fails, and one of a new stack makes it', async () => {
    const { engine } = testEngine();
    const first = engine.createChangeSet({
      ...input(inVpc('')),
      changeSetName: 'first',
      type: 'CREATE',
    });
    expect(engine.find('shop')?.status).toBe('REVIEW_IN_PROGRESS');
    engine.executeChangeSet(first.id);
    expect((await engine.settled('shop')).status).toBe('CREATE_COMPLETE');
    const none = engine.createChangeSet({
      ...input(inVpc('')),
      changeSetName: 'none',
      type: 'UPDATE',
    });
    expect(none).toMatchObject({ status: 'FAILED', executionStatus: 'UNAVAILABLE', changes: [] });
    expect(none.statusReason).toContain("didn't contain changes");
    engine.deleteChangeSet('none', 'shop');
    expect(engine.changeSets('shop').map(({ name }) => name)).toEqual(['first']);
  });
});
