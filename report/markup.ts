/** Text that goes into HTML or XML, where neither markup nor a control character may get in. */
const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** XML 1.0 has no way to write these. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

export function escaped(text: string): string {
  return text.replace(forbidden, '').replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

/** Already markup; everything else that is put into a template is escaped. */
export interface Markup {
  markup: string;
}

export type Part = Markup | string | number | undefined | false | Part[];

/** Tag of templates: `html`<p>${text}</p>``. Strings are escaped, lists joined, nothing is left out of both. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Markup {
  return { markup: strings.map((string, index) => string + rendered(parts[index])).join('') };
}

/** For markup made elsewhere (an SVG of the charting library). */
export function raw(markup: string): Markup {
  return { markup };
}

function rendered(part: Part): string {
  if (part === undefined || part === false) return '';
  if (Array.isArray(part)) return part.map(rendered).join('');
  return typeof part === 'object' ? part.markup : escaped(String(part));
}
