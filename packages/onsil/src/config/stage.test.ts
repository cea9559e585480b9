import { expect, test } from 'vitest';
import { ConfigError } from './config-error.ts';
import { ofStage } from './stage.ts';
import { validate } from './validate.ts';

const BASE = {
  name: 'shop',
  domain: 'shop.example',
  web: { source: 'web', port: 3100 },
  api: { source: 'api', instances: 3 },
  network: { cidr: '10.0.0.0/16', subnets: { app: '10.0.9.0/24' } },
  sizes: { api: 't4g.small' },
  stages: {
    dev: { api: { instances: 1 }, network: { cidr: '10.1.0.0/16' }, sizes: { web: 't4g.small' } },
    prod: { name: 'shop', domain: 'shop.example' },
  },
};

test('a stage has a name, a domain and a network of its own, and the rest of the configuration', () => {
  const dev = validate(ofStage(BASE, 'dev', 'file'), 'file');
  expect(dev).toMatchObject({
    name: 'shop-dev',
    domain: 'dev.shop.example',
    web: { port: 3100 },
    api: { source: 'api', instances: 1 },
    network: { cidr: '10.1.0.0/16', subnets: { app: '10.1.1.0/24' } },
    sizes: { api: 't4g.small', web: 't4g.small' },
  });
  expect(dev).not.toHaveProperty('stages');
});

test('a stage may say that it has the names of the configuration', () => {
  const prod = validate(ofStage(BASE, 'prod', 'file'), 'file');
  expect(prod).toEqual(validate(BASE, 'file'));
});

test('a stage that is not there is answered with those that are', () => {
  expect(() => ofStage(BASE, 'stagin', 'file')).toThrow(ConfigError);
  expect(() => ofStage(BASE, 'stagin', 'file')).toThrow('stage of the configuration: dev, prod');
  expect(() => ofStage({ name: 'shop' }, 'dev', 'file')).toThrow('write stages: { dev: {} }');
});

test('what is wrong in a stage is said', () => {
  const wrong = { ...BASE, stages: { dev: { network: { cidr: '8.8.0.0/16' } } } };
  expect(() => validate(ofStage(wrong, 'dev', 'file'), 'file')).toThrow('network.cidr');
  expect(() => validate({ ...BASE, stages: { dev: 3 } }, 'file')).toThrow('stages');
});
