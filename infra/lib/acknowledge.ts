// Findings of cdk-nag that are meant to be so.
import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Acknowledges findings on a construct; `reasons`: by their rules. */
export function acknowledge(construct: IConstruct, reasons: { readonly [rule: string]: string }) {
  for (const [id, reason] of Object.entries(reasons)) {
    Validations.of(construct).acknowledge({ id, reason });
  }
}
