/** What `nginxdemos/hello` answers: the HTML page, and the `plain-text` tag's lines. */
import type { PodAnswer } from './nginx.ts';

export function helloPlainText(variables: Record<string, string>): PodAnswer {
  const { server_addr, server_port, hostname, time_local, request_uri, request_id } = variables;
  return {
    status: 200,
    headers: { 'content-type': 'text/plain', 'cache-control': 'no-cache' },
    body: `Server address: ${server_addr}:${server_port}\nServer name: ${hostname}\nDate: ${time_local}\nURI: ${request_uri}\nRequest ID: ${request_id}\n`,
  };
}

export function helloPage(variables: Record<string, string>): PodAnswer {
  const { server_addr, server_port, hostname, time_local, request_uri, request_id } = variables;
  return {
    status: 200,
    headers: { 'content-type': 'text/html', 'cache-control': 'no-cache' },
    body: `<!DOCTYPE html>
<html>
<head>
<title>Hello World</title>
</head>
<body>
<div class="container">
<div class="info">
<p><span>Server&nbsp;address:</span> <span>${server_addr}:${server_port}</span></p>
<p><span>Server&nbsp;name:</span> <span>${hostname}</span></p>
<p class="smaller"><span>Date:</span> <span>${time_local}</span></p>
<p class="smaller"><span>URI:</span> <span>${request_uri}</span></p>
</div>
<div class="check"><input type="checkbox" id="check" onchange="changeCookie()"> Auto Refresh</div>
<div id="footer">
<div id="center" align="center">
Request ID: ${request_id}<br/>
</div>
</div>
</div>
</body>
</html>
`,
  };
}

/** nginx's variables for one request. */
export function requestVariables(
  pod: { name: string; address: string; port: number },
  uri: string,
  id: string,
  nowMs: number,
) {
  return {
    hostname: pod.name,
    server_addr: pod.address,
    server_port: String(pod.port),
    request_uri: uri,
    uri: uri.split('?', 1)[0] ?? '/',
    request_id: id,
    time_local: commonLogTime(nowMs),
  };
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `23/Nov/2026:10:04:05 +0000` */
function commonLogTime(nowMs: number): string {
  const [year, month, rest] = new Date(nowMs).toISOString().split('-') as [string, string, string];
  return `${rest.slice(0, 2)}/${months[Number(month) - 1]}/${year}:${rest.slice(3, 11)} +0000`;
}
