import type { Evaluated, Finding, Value } from './field.js';

/** What is found wrong or worth a look in one row. */
export class Findings {
  readonly faults: Finding[] = [];
  readonly warnings: Finding[] = [];

  /** @param origins of derived columns: a finding names the column of the file */
  constructor(private readonly origins: ReadonlyMap<string, string | undefined>) {}

  fault(finding: Finding): void {
    this.faults.push(this.located(finding));
  }

  warn(findings: readonly Finding[]): void {
    this.warnings.push(...findings.map((finding) => this.located(finding)));
  }

  /** The value that was found, what is to be said of it noted. */
  take({ value, fault, warnings }: Evaluated): Value | undefined {
    if (fault) this.fault(fault);
    this.warn(warnings);
    return value;
  }

  private located(finding: Finding): Finding {
    let { column } = finding;
    while (column !== undefined && this.origins.has(column)) column = this.origins.get(column);
    return { ...finding, column };
  }
}
