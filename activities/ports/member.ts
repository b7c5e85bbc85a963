/** One member cluster, as far as a drill needs it. */
export interface MemberCluster {
  readonly name: string;
}
