/** The Karmada control plane, as far as a drill needs it. */
export interface Federation {
  readonly members: string[];
}
