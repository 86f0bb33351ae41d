/** A share of what was counted; without a value where there was nothing to count. */
export interface Rate {
  readonly hits: number;
  readonly of: number;
  readonly value: number | null;
  /** Where the true share lies, 19 times of 20. */
  readonly low: number;
  readonly high: number;
}

/** Of the normal distribution, for 95 %. */
const Z = 1.959964;

/** A share with the interval of Wilson (1927), which holds for the small numbers that sets of cases have. */
export function rateOf(hits: number, of: number): Rate {
  if (of === 0) return { hits, of, value: null, low: 0, high: 1 };
  const value = hits / of;
  const middle = value + (Z * Z) / (2 * of);
  const spread = Z * Math.sqrt((value * (1 - value)) / of + (Z * Z) / (4 * of * of));
  const whole = 1 + (Z * Z) / of;
  return {
    ...{ hits, of, value },
    low: hits === 0 ? 0 : Math.max(0, (middle - spread) / whole),
    high: hits === of ? 1 : Math.min(1, (middle + spread) / whole),
  };
}

/** The harmonic mean of precision and recall; `null` where one of them is not known. */
export function f1Of(precision: Rate, recall: Rate): number | null {
  if (precision.value === null || recall.value === null) return null;
  const sum = precision.value + recall.value;
  return sum === 0 ? 0 : (2 * precision.value * recall.value) / sum;
}
