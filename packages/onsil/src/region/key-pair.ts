/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-key-pairs.html */
export interface KeyPair {
  readonly id: string;
  readonly name: string;
  /** In OpenSSH form. */
  readonly publicKey: string;
}
