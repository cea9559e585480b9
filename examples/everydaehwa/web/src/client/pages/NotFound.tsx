import { pages } from '../../pages.ts';
import { Heading } from '../components/Heading.tsx';
import { Link } from '../components/Link.tsx';

export function NotFound() {
  return (
    <>
      <Heading>페이지를 찾을 수 없습니다</Heading>
      <p className="quiet">
        주소를 다시 확인하거나 <Link to={pages.home}>처음으로 돌아가 주세요.</Link>
      </p>
    </>
  );
}
