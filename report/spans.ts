/** Half-open spans of time, epoch ms. */
export interface Span {
  fromMs: number;
  untilMs: number;
}

export function overlaps(a: Span, b: Span): boolean {
  return a.fromMs < b.untilMs && b.fromMs < a.untilMs;
}

export function lengthMs(span: Span): number {
  return span.untilMs - span.fromMs;
}

export function clipped(span: Span, to: Span): Span | undefined {
  const both = { fromMs: Math.max(span.fromMs, to.fromMs), untilMs: Math.min(span.untilMs, to.untilMs) };
  return both.fromMs < both.untilMs ? both : undefined;
}

/** What is left of a span when others are taken out of it. */
export function without<S extends Span>(span: S, taken: Span[]): S[] {
  return taken.reduce<S[]>(
    (rest, one) =>
      rest.flatMap((part) =>
        overlaps(part, one)
          ? [
              { ...part, untilMs: Math.min(part.untilMs, one.fromMs) },
              { ...part, fromMs: Math.max(part.fromMs, one.untilMs) },
            ].filter((piece) => piece.fromMs < piece.untilMs)
          : [part],
      ),
    [span],
  );
}
