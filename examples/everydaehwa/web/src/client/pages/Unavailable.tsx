import { Heading } from '../components/Heading.tsx';

interface Props {
  readonly reason: string;
  readonly onRetry: () => void;
}

export function Unavailable({ reason, onRetry }: Props) {
  return (
    <>
      <Heading>잠시 쉬고 있어요</Heading>
      <div role="alert">
        <p className="problem">{reason}</p>
      </div>
      <button type="button" onClick={onRetry}>
        다시 시도
      </button>
    </>
  );
}
