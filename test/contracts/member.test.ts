import { KubeConfig } from '@kubernetes/client-node';
import { Agent } from 'undici';
import { createMemberCluster } from '../../adapters/kubernetes/member.ts';
import { openSandbox } from '../clusters/sandbox.ts';
import { memberContract } from './member.ts';
import { applyAs, tokenOfReader } from './reader.ts';

function configOf(server: string, token: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromClusterAndUser({ name: 'aks1', server, skipTLSVerify: true }, { name: 'user', token });
  return config;
}

const entry = () => ({ url: 'http://127.0.0.1/', host: 'hello.example.com' });

memberContract('sandbox', async () => {
  const sandbox = await openSandbox();
  const member = sandbox.ports.member('aks1');
  const { server } = member.endpoint();
  const open = (address: string, token: string) =>
    createMemberCluster('aks1', configOf(address, token), entry);
  const reader = await tokenOfReader(member);
  const agent = new Agent();
  const headers = { authorization: `Bearer ${sandbox.world.adminToken}` };
  const connection = { url: server, administrator: { dispatcher: agent, headers }, nobody: agent };
  return {
    member,
    reader: open(server, reader),
    stranger: open(server, 'nobody-knows-it'),
    nowhere: open('http://127.0.0.1:9', 'any'),
    applyAsOther: (object) => applyAs('somebody-else', connection, object),
    close: () => sandbox.close(),
  };
});
