/** Where the fleet lock stands on the federation: a Lease of this name in this namespace. */
export const LOCK = { namespace: 'firedrill-system', name: 'firedrill' } as const;

/** A namespace of the federation with this label is not propagated to the members. */
export const NOT_PROPAGATED = { 'namespace.karmada.io/skip-auto-propagation': 'true' } as const;
