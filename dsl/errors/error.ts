/** One entry of the error catalogue; `docs/errors.md` is made from these. */
export interface CatalogueEntry {
  /** What went wrong, in general, one line. */
  title: string;
  /** What to do about it, in general. The error itself names the concrete place and remedy. */
  remedy: string;
}
export type Errors = Record<`FD${number}`, CatalogueEntry>;
