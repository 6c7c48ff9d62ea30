import type { Descriptor } from 'portolan';

export type ReferrerGroup = 'signatures' | 'sbom' | 'attestations' | 'others';

export const REFERRER_GROUPS: readonly { id: ReferrerGroup; title: string; about: string }[] = [
  { id: 'signatures', title: 'Signatures', about: 'Not verified here: portolan shows what is attached, not whom to trust.' },
  { id: 'sbom', title: 'Bills of materials', about: 'What the image is said to contain.' },
  { id: 'attestations', title: 'Attestations', about: 'What is claimed about how the image was made or scanned.' },
  { id: 'others', title: 'Others', about: 'Artifacts of other types that name this image as their subject.' },
];

const PATTERNS: readonly [ReferrerGroup, RegExp][] = [
  ['signatures', /signature|cosign\.artifact\.sig|notary|simplesigning/i],
  ['sbom', /spdx|cyclonedx|syft|sbom/i],
  ['attestations', /in-toto|attestation|provenance|slsa|sigstore\.bundle|vex|sarif|vuln/i],
];

/** Sorts referrers by what they are said to be: by their artifact type, else by what a sigstore bundle says it carries. */
export function groupReferrers(referrers: readonly Descriptor[]): Record<ReferrerGroup, Descriptor[]> {
  const groups: Record<ReferrerGroup, Descriptor[]> = { signatures: [], sbom: [], attestations: [], others: [] };
  for (const referrer of referrers) groups[groupOf(referrer)].push(referrer);
  return groups;
}

function groupOf(referrer: Descriptor): ReferrerGroup {
  const predicate = referrer.annotations['dev.sigstore.bundle.predicateType'] ?? referrer.annotations['predicateType'];
  for (const text of [predicate, referrer.artifactType, referrer.mediaType]) {
    const found = text && PATTERNS.find(([, pattern]) => pattern.test(text));
    if (found) return found[0];
  }
  return 'others';
}
