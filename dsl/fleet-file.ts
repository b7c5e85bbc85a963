/** A fleet file's text → Fleet, with every problem at its place. */
import { isByReport } from './askable.ts';
import { type Fleet, fleet as fleetSchema } from './fleet.ts';
import { findings } from './issue.ts';
import { nearest } from './nearest.ts';
import { type Complaint, inOrder, type Problem } from './problem.ts';
import { type Path, parseSource, type Source } from './source.ts';

const codes: Record<string, string> = { FD1101: 'FD2101', FD1102: 'FD2102', FD1103: 'FD2103' };

/** `file` is where it was read from, absolute: references to files in it are relative to its folder. */
export function parseFleet(file: string, text: string): { fleet?: Fleet; problems: Problem[] } {
  const { source, problems } = parseSource(file, text);
  if (source === undefined) return { problems: inOrder(problems) };
  const parsed = fleetSchema.safeParse(source.value);
  if (!parsed.success) {
    const remedy = 'See fleets/azure.example.yaml';
    for (const { path, atKey, complaint } of findings(fleetSchema, source.value, parsed.error.issues, remedy))
      problems.push(
        source.problem(atKey ? source.atKey(path) : source.at(path), {
          ...complaint,
          code: codes[complaint.code] ?? complaint.code,
        }),
      );
    return { problems: inOrder(problems) };
  }
  const fleet: Fleet = { ...parsed.data, file };
  problems.push(...contradictions(fleet).map(({ path, ...complaint }) => locate(source, path, complaint)));
  const errors = problems.some(({ severity }) => severity === 'error');
  return { ...(!errors && { fleet }), problems: inOrder(problems) };
}

function locate(source: Source, path: Path, complaint: Complaint): Problem {
  return source.problem(source.at(path), complaint);
}

type Located = Complaint & { path: Path };

/** What each part says rightly by itself, but not together. */
function contradictions(fleet: Fleet): Located[] {
  const members = Object.keys(fleet.members);
  const names: [Path, string | undefined][] = [
    [['federation', 'on'], fleet.federation?.on],
    [['hosts', 'temporal'], fleet.hosts.temporal],
    ...fleet.hosts.workers.map((name, index): [Path, string] => [['hosts', 'workers', index], name]),
    ...Object.keys(fleet.loadBalancer?.backends ?? {}).map((name): [Path, string] => [
      ['loadBalancer', 'backends', name],
      name,
    ]),
  ];
  return [
    ...(members.length === 0 ? [noMembers()] : []),
    ...names.flatMap(([path, name]) =>
      name === undefined || members.includes(name) ? [] : [unknownMember(path, name, members)],
    ),
    ...members.flatMap((name) =>
      isByReport(fleet.members[name]!)
        ? unreported(fleet, name)
        : unreachable(['members', name], fleet.members[name]!),
    ),
    ...(fleet.federation === undefined ? [] : unreachable(['federation'], fleet.federation)),
    ...patterns(fleet),
    ...(fleet.lab !== undefined && fleet.tier === 'fleet' ? [labOfRealClusters()] : []),
  ];
}

function noMembers(): Located {
  return {
    path: ['members'],
    code: 'FD2104',
    what: 'the fleet has no members',
    found: 'none',
    expected: 'at least one cluster',
    remedy: 'Add the clusters under `members`',
  };
}

function labOfRealClusters(): Located {
  return {
    path: ['lab'],
    code: 'FD2107',
    what: 'real clusters are no lab',
    found: '`lab` in a fleet of tier fleet',
    expected: '`lab` only with tier sandbox or rig',
    remedy: 'Remove `lab`, or correct `tier`',
  };
}

function unknownMember(path: Path, name: string, members: string[]): Located {
  return {
    path,
    code: 'FD2104',
    what: `the fleet has no member '${name}'`,
    found: name,
    expected: `one of ${members.join(', ')}`,
    nearest: nearest(name, members),
    remedy: 'Correct the name, or add the member',
  };
}

/** Who but a federation could report? */
function unreported({ federation }: Fleet, name: string): Located[] {
  if (federation !== undefined) return [];
  return [
    {
      path: ['members', name, 'mode'],
      code: 'FD2108',
      what: 'nothing tells of a member whose API nothing reaches',
      found: 'mode: pull, no address, and no federation',
      expected: '`federation`, which its agent reports to',
      remedy: 'Add `federation`, or say how to reach the member',
    },
  ];
}

type Plane = Pick<Fleet['members'][string], 'kubeconfig' | 'context' | 'inCluster' | 'server' | 'token'>;

/** A plane is reached in exactly one way. */
function unreachable(path: Path, plane: Plane): Located[] {
  const ways = [
    plane.kubeconfig === undefined && plane.context === undefined ? undefined : 'kubeconfig',
    plane.inCluster === undefined ? undefined : 'inCluster',
    plane.server === undefined ? undefined : 'server',
  ].filter((way) => way !== undefined);
  if (ways.length === 1) return [];
  return [
    {
      path,
      code: 'FD2105',
      what:
        ways.length === 0
          ? 'nothing says how to reach this cluster'
          : 'there is more than one way to this cluster',
      found: ways.length === 0 ? 'no kubeconfig, inCluster or server' : ways.join(' and '),
      expected: 'exactly one of kubeconfig (with context), inCluster, or server (with token)',
      remedy:
        ways.length === 0 && path[0] === 'members'
          ? 'Give one; or write mode: pull, when only its karmada-agent reaches its API'
          : 'Keep one of them',
    },
  ];
}

function patterns(fleet: Fleet): Located[] {
  return Object.entries(fleet.identity ?? {}).flatMap(([field, marker]): Located[] => {
    if (marker === undefined || !('body' in marker)) return [];
    const groups = groupsOf(marker.body);
    if (groups !== undefined && groups >= 1) return [];
    return [
      {
        path: ['identity', field, 'body'],
        code: 'FD2106',
        what:
          groups === undefined
            ? 'not a regular expression'
            : 'the pattern has no group to read the name from',
        found: marker.body,
        expected: 'a regular expression whose first group is the name',
        remedy: "Write e.g. 'Cluster: (\\S+)'",
      },
    ];
  });
}

function groupsOf(pattern: string): number | undefined {
  try {
    return new RegExp(`${pattern}|`).exec('')!.length - 1;
  } catch {
    return undefined;
  }
}
