/** https://docs.aws.amazon.com/acm/latest/APIReference/API_CertificateDetail.html */
export interface Certificate {
  readonly arn: string;
  /** May begin with `*.`. */
  readonly domainName: string;
  readonly subjectAlternativeNames: readonly string[];
}
