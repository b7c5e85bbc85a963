/** `lab.md`: the two labs, from the tables that their code works with. */
import { command } from '../../cli/commands/lab.ts';
import { minutes } from '../../cli/lab/binaries.ts';
import { faultKinds } from '../../lab/faults.ts';
import { leastGo } from '../../lab/rig/binaries/obstacles.ts';
import { buildSeconds, neededTools, toolNames, tools } from '../../lab/rig/binaries/tools.ts';
import { pinnedVersions } from '../../lab/rig/binaries/versions.ts';
import { rigFaultKinds } from '../../lab/rig/edge/fault-kinds.ts';
import { code, made, page, table } from './markdown.ts';

const { karmada, kubernetes, etcd, kwok } = pinnedVersions();

const introduction = `Firedrill brings two labs to drill on, with the same three clusters (\`aks1\`, \`aks2\`, \`k3s\`), the same Front Door and the
same commands. They differ in who answers: the **sandbox** is ours, the **rig** is the real thing, as far as one machine
without containers can have it. A runbook is written and tried on the sandbox, and believed on the rig.`;

const compared = table(
  ['', 'sandbox', 'rig'],
  [
    ['fleet file', '`fleets/lab.yaml`, `fleets/lab-classic.yaml`', '`fleets/rig.yaml`'],
    [
      'API servers',
      'ours, in one process',
      `kube-apiserver ${kubernetes}, one for each plane, on one etcd ${etcd}`,
    ],
    [
      'controllers, scheduler',
      'ours: what drills need of them',
      `kube-controller-manager and kube-scheduler ${kubernetes}`,
    ],
    ['Karmada', 'ours, after 1.18', `${karmada}: API server, webhook, controller manager, scheduler`],
    ['nodes and pods', 'objects', `objects, kept alive by kwok ${kwok}: no container runs`],
    [
      'entry points, Front Door',
      'ours: they answer for the pods by the EndpointSlices',
      'the same, fed by the real EndpointSlices and Pods',
    ],
    ['access', 'http and a token', 'https and client certificates'],
    ['needs', 'Node', `Node and the programs below (Go ${leastGo(toolNames)} to build them)`],
    ['state', '`.firedrill/lab/`', '`.firedrill/rig/`, logs in its `logs/`'],
    ['started by', 'any command that needs it', 'any command that needs it, once its programs are there'],
  ],
);

const differences = `Neither has kubelets, a network between pods, or Azure. Everything listens on 127.0.0.1 only, but for
the estimators (they know no other way; they ask for a certificate). Both keep their ports and
their objects over a stop and a start; a lab that was killed is found by its record, and what it left is ended before
the next one starts. Where the sandbox answers otherwise than real servers do is listed in [fidelity](fidelity.md);
[speed](speed.md) has the rig's start, memory and pace.`;

const commands = `\`\`\`sh
npx firedrill lab up --tier rig            # in the background; \`run\` has it in this terminal
npx firedrill lab status                   # processes, nodes, replicas, faults
npx firedrill lab logs                     # names of its logs; with a NAME, that log
npx firedrill lab logs aks1/kube-apiserver --follow
npx firedrill lab break partition k3s      # \`lab break\` alone lists what can be broken
npx firedrill lab mend
npx firedrill lab down --tier rig
npm run start-workflow scenario-b -- --fleet rig
\`\`\`

Without \`--tier\`, \`up\` and \`run\` mean the sandbox, the others the one that is up; when both are, they ask. A drill starts
the lab of its fleet file by itself. Like everything local it stops when nobody has needed it for 15 minutes.

Started with \`FIREDRILL_LAB_PULL=k3s\`, the rig has that member in pull mode: karmada-agent inside it fetches what it is to
run, and nothing else reaches its API. \`FIREDRILL_RIG_DESCHEDULER=1\` adds Karmada's descheduler and an estimator for each
member. A drill on such a rig: \`npx firedrill start scenario-b --fleet rig-pull\`.`;

function programs(): string {
  const rows = toolNames.map((tool) => {
    const { needed, purpose, of, seconds } = tools[tool];
    return [code(tool), pinnedVersions()[of], needed ? 'yes' : '', purpose, `${seconds} s`];
  });
  return [
    `The rig runs the programs of Kubernetes, Karmada, etcd and kwok as they are. Each is looked for in the folder that
\`FIREDRILL_RIG_BIN\` names, then on \`PATH\`, then where \`lab build\` puts them. The named folder is meant: a program of
another version in it is used, and that is said. On \`PATH\` only the pinned version counts.`,
    '```sh\nnpx firedrill lab build                    # what is missing of the needed ones\nnpx firedrill lab build --optional         # all of them\nnpx firedrill lab build --only kubectl     # this one\nFIREDRILL_RIG_BIN=/opt/rig/bin npx firedrill lab up --tier rig\n```',
    `\`lab build\` makes them with Go from two tool modules, \`lab/rig/tools/\`, whose \`go.mod\` and \`go.sum\` pin every source. The
needed ones take ${minutes(buildSeconds(neededTools))} on 2 cores and about 10 GB of Go's caches, once: they lie in
\`~/.cache/firedrill/rig/\` (\`XDG_CACHE_HOME\`), in a folder named after the versions, for every checkout. A build that was
interrupted goes on where it was. It checks first that there is a Go that is new enough, room, and a way to the sources
(\`GOPROXY\`). Beside the programs it puts \`assets/\`: Karmada's own custom resource definitions and webhook configurations,
which the rig installs. To use programs on a machine without Go, copy the folder that holds \`bin/\` and \`assets/\`, and name
its \`bin\`.`,
    table(['program', 'version', 'needed', 'what for', 'build'], rows),
    'Seconds are for 2 cores in this order; each finds compiled what it shares with those before it.',
  ].join('\n\n');
}

function faults(): string {
  const rows = Object.entries(faultKinds).map(([name, { on, doc }]) => {
    const rig = rigFaultKinds[name];
    return [code(name), on, doc, rig === undefined ? '—' : rig.doc === doc ? 'the same' : rig.doc];
  });
  return [
    `What \`lab break KIND TARGET\` and the step [\`lab/break\`](kinds.md#labbreak) can break. What would have to change an API
server's answers under its TLS is the sandbox's alone.`,
    table(['fault', 'on', 'sandbox', 'rig'], rows),
  ].join('\n\n');
}

const flags = (): string =>
  table(
    ['flag', ''],
    Object.entries(command.flags).map(([name, { value, summary }]) => [
      code(`--${name}${value === undefined ? '' : ` ${value}`}`),
      summary,
    ]),
  );

const races = `A real Karmada races with itself: a graceful eviction is judged by the reports of before the move or of
after it, and by that the old pods go at once or stay until the new ones are ready (6 and 4 of 10 measured runs). The
rig does as it does. The sandbox has both outcomes, turn by turn; \`karmada.ungracefulRace\` of its settings chooses one
(\`lose\`, \`keep\`, \`alternate\`):

\`\`\`sh
curl -X PATCH "$(cat .firedrill/lab/control.url)/settings" -d '{"karmada": {"ungracefulRace": "keep"}}'
\`\`\`

Karmada's two switches that no API shows are there too: \`failover\` and \`noExecuteTaintEviction\`.`;

const kind = `Where there is Docker, Karmada's own quick start is a third place to try a drill: one control plane and three members on
kind, with kubelets and containers. [\`fleets/kind.yaml\`](../fleets/kind.yaml) says in its head what to install besides, and
[\`runbooks/kind/member-lost.yaml\`](../runbooks/kind/member-lost.yaml) is a drill for it, without a load balancer. **Both
were only linted, never run**: the machines that Firedrill is made on have no containers.`;

export function labPage(): string {
  return page(
    made('`lab/` and `cli/lab/`'),
    '# Sandbox and rig',
    introduction,
    compared,
    differences,
    '## Commands',
    commands,
    flags(),
    '## The programs of the rig',
    programs(),
    '## Faults',
    faults(),
    '## Races',
    races,
    '## On kind',
    kind,
  );
}
