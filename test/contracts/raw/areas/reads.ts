import type { Area } from '../case.ts';
import { CONFIG_MAPS, CORE, configMap, DEPLOYMENTS } from '../objects.ts';

export const reads: Area = {
  title: 'Reads',
  plane: 'member',
  cases: {
    async 'an object'(api) {
      await api.post(CONFIG_MAPS, configMap('a', { tier: 'x' }));
      return api.get(`${CONFIG_MAPS}/a`);
    },
    'an object that is not there': (api) => api.get(`${CONFIG_MAPS}/none`),
    'an object of a group that is not there': (api) => api.get(`${DEPLOYMENTS}/none`),
    'a cluster-wide object that is not there': (api) => api.get('/api/v1/nodes/{own}'),
    'a namespace that is not there': (api) => api.get('/api/v1/namespaces/{own}-none'),
    'an object in a namespace that is not there': (api) => api.get('/api/v1/namespaces/{own}-none/pods/a'),
    'a version yet to come': (api) => api.get(`${CONFIG_MAPS}/none`, { resourceVersion: 0 }),
    'a resource that is not served': (api) => api.get(`${CORE}/nothings`),
    'a group that is not served': (api) => api.get('/apis/nothing.example.com/v1/nothings'),
    'a version that is not served': (api) => api.get('/apis/apps/v9/namespaces/{own}/deployments'),
    'a subresource that is not there': (api) => api.get(`${CONFIG_MAPS}/none/scale`),
    'a path that is nothing': (api) => api.get('/nothing'),
    'a method that a list has not': (api) => api.patch(CONFIG_MAPS, 'merge', {}),
    'a method that an object has not': (api) => api.post(`${CONFIG_MAPS}/a`, configMap('a')),
    'a method that a subresource has not': (api) => api.delete(`${DEPLOYMENTS}/a/scale`),
  },
};
