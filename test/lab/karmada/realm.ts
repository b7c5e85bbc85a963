/**
 * jest runs tests in a realm of its own, but hands them the outer realm's structuredClone: its objects have other
 * prototypes, and isDeepStrictEqual finds a copy different from its original. The lab would then see changes where
 * there are none. Import first.
 */
globalThis.structuredClone = <T>(value: T): T =>
  value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T);
