import { describe, expect, it } from 'vitest';
import { inVpc } from '../../cloudformation/testing.ts';
import { created, input, refusalOf, statuses, testEngine } from './testing.ts';

describe('exports', () => {
  const exporting = (value: string) =>
    `${inVpc('')}\nOutputs: {Block: {Value: ${value}, Export: {Name: block}}}`;
  const importing = `Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !ImportValue block}}`;

  it('are kept while another stack imports them', async () => {
    const { engine } = await created(exporting('10.7.0.0/16'));
    engine.createStack({ stackName: 'user', templateBody: importing, parameters: {} });
    await engine.settled('user');
    expect(engine.imports('block')).toEqual(['user']);
    expect(refusalOf(() => engine.updateStack(input(inVpc(''))))).toBe(
      'ValidationError: Export block cannot be deleted as it is in use by user',
    );
    expect(refusalOf(() => engine.updateStack(input(exporting('10.8.0.0/16'))))).toBe(
      'ValidationError: Export block cannot be updated as it is in use by user',
    );
    expect(refusalOf(() => engine.deleteStack('shop'))).toContain('as it is in use by user');
  });

  it('that nobody made roll the stack back before its first resource', async () => {
    const { engine } = testEngine();
    engine.createStack(input(importing));
    const { status } = await engine.settled('shop');
    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(statuses(engine)).toEqual([
      ...['shop CREATE_IN_PROGRESS', 'shop ROLLBACK_IN_PROGRESS', 'shop ROLLBACK_COMPLETE'],
    ]);
    const [, began] = engine.events(engine.find('shop')?.id ?? '');
    expect(began?.reason).toBe('No export named block found. Rollback requested by user.');
  });

  it('that another stack has already roll the stack back in the end', async () => {
    const { engine, applier } = await created(exporting('10.7.0.0/16'));
    const before = applier.region();
    const again = exporting('10.7.0.0/16').replace('GroupName: test', 'GroupName: other');
    engine.createStack({ stackName: 'again', templateBody: again, parameters: {} });
    const { status, id } = await engine.settled('again');
    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(statuses(engine, id)).toContain('Group CREATE_COMPLETE');
    expect(engine.events(id).map(({ reason }) => reason)).toContain(
      'Export with name block is already exported by another stack. Rollback requested by user.',
    );
    expect(applier.region()).toEqual(before);
  });
});
