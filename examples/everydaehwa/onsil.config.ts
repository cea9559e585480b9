import { defineService } from 'onsil';

export default defineService({
  name: 'everydaehwa',
  domain: 'everydaehwa.net',
  region: 'ap-northeast-2',
  web: { source: './web', port: 3000 },
  api: { source: './api', port: 8080, instances: 2, health: '/api/health' },
  database: { engine: 'mariadb', volumeSize: 8 },
});
