/** `errors.md`: every error, by code. */
import { catalogue } from '../../dsl/errors/catalogue.ts';
import { made, page, table } from './markdown.ts';

const groups: Record<string, string> = {
  FD1: 'The text of a runbook',
  FD2: 'The fleet file',
  FD3: 'Clusters and the federation',
  FD4: 'The load balancer',
  FD5: 'Traffic',
  FD6: 'A run',
  FD7: 'The command line and its processes',
  FD8: 'The lab',
};

const introduction = `An error names its code, the place, what was found, what was expected and what to do about it; for a file the place is
\`file:line:column\`. All errors of a stage come at once. This list says what each code means in general. With \`--json\`
a command prints the same as data.`;

export function errorsPage(): string {
  const codes = Object.keys(catalogue).sort() as (keyof typeof catalogue)[];
  const sections = Object.entries(groups).map(([prefix, title]) => {
    const rows = codes
      .filter((code) => code.startsWith(prefix))
      .map((code) => {
        const { title: what, remedy } = catalogue[code]!;
        return [`<a id="${code.toLowerCase()}"></a>${code}`, what, remedy];
      });
    return `## ${prefix}xxx: ${title}\n\n${table(['code', 'what', 'what to do'], rows)}`;
  });
  return page(made('`dsl/errors/`'), '# Errors', introduction, ...sections);
}
