import { AwsError } from './error.ts';
import { type Exchange, send } from './exchange.ts';
import { xmlDocument } from './xml.ts';

/** How a service writes its errors. */
export type Protocol = 's3' | 'json' | 'query' | 'ec2';

/** Names that other services give to what S3 calls otherwise. */
const JSON_CODES: Readonly<Record<string, string>> = {
  AccessDenied: 'AccessDeniedException',
  AuthorizationHeaderMalformed: 'IncompleteSignature',
  ExpiredToken: 'ExpiredTokenException',
  InternalError: 'InternalServerError',
  InvalidAccessKeyId: 'UnrecognizedClientException',
  InvalidToken: 'UnrecognizedClientException',
  SignatureDoesNotMatch: 'InvalidSignatureException',
};
const QUERY_CODES: Readonly<Record<string, string>> = {
  AuthorizationHeaderMalformed: 'IncompleteSignature',
  InternalError: 'InternalFailure',
  InvalidAccessKeyId: 'InvalidClientTokenId',
  InvalidToken: 'InvalidClientTokenId',
};

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
const EC2_CODES: Readonly<Record<string, string>> = {
  AuthorizationHeaderMalformed: 'AuthFailure',
  ExpiredToken: 'RequestExpired',
  InvalidAccessKeyId: 'AuthFailure',
  InvalidToken: 'AuthFailure',
  RequestTimeTooSkewed: 'RequestExpired',
  SignatureDoesNotMatch: 'AuthFailure',
};

/** Sends an AwsError in the protocol's shape; anything else as an internal error. */
export function sendError(exchange: Exchange, protocol: Protocol, cause: unknown): void {
  const error =
    cause instanceof AwsError
      ? cause
      : new AwsError(500, 'InternalError', 'We encountered an internal error. Please try again.');
  const { status, type, headers, body } = shape(exchange, protocol, error);
  send(exchange, status, { ...error.headers, ...headers, 'content-type': type }, body);
}

interface Shape {
  readonly status: number;
  readonly type: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

function shape(exchange: Exchange, protocol: Protocol, error: AwsError): Shape {
  const { status, code, message, details } = error;
  const { path, requestId } = exchange;
  switch (protocol) {
    case 's3': {
      const elements = { Code: code, Message: message, ...details, Resource: path };
      const body = xmlDocument('Error', { ...elements, RequestId: requestId });
      return { status, type: 'application/xml', body };
    }
    case 'json': {
      const name = JSON_CODES[code] ?? code;
      return {
        // This protocol has no other status for a client's mistake.
        status: status < 500 && status !== 413 ? 400 : status,
        type: 'application/x-amz-json-1.1',
        headers: { 'x-amzn-errortype': name },
        body: JSON.stringify({ __type: name, message }),
      };
    }
    case 'ec2': {
      const name = EC2_CODES[code] ?? code;
      const elements = {
        Errors: { Error: { Code: name, Message: message } },
        RequestID: requestId,
      };
      const known = name === 'AuthFailure' ? 401 : status;
      return { status: known, type: 'text/xml', body: xmlDocument('Response', elements) };
    }
    case 'query': {
      const name = QUERY_CODES[code] ?? code;
      const type = status < 500 ? 'Sender' : 'Receiver';
      const elements = { Error: { Type: type, Code: name, Message: message } };
      const body = xmlDocument('ErrorResponse', { ...elements, RequestId: requestId });
      return { status, type: 'text/xml', body };
    }
  }
}
