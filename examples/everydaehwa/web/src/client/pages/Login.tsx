import { pages } from '../../pages.ts';
import { api, type User } from '../api.ts';
import { Field } from '../components/Field.tsx';
import { Form } from '../components/Form.tsx';
import { Heading } from '../components/Heading.tsx';
import { Link } from '../components/Link.tsx';

export function Login({ onDone }: { readonly onDone: (user: User) => void }) {
  return (
    <>
      <Heading>다시 만나 반가워요</Heading>
      <Form action="로그인" send={api.login} onDone={onDone}>
        {(errors) => (
          <>
            <Field
              name="email"
              label="이메일"
              type="email"
              autoComplete="username"
              error={errors['email']}
            />
            <Field
              name="password"
              label="비밀번호"
              type="password"
              autoComplete="current-password"
              error={errors['password']}
            />
          </>
        )}
      </Form>
      <p className="quiet">
        아직 계정이 없나요? <Link to={pages.signUp}>가입하기</Link>
      </p>
    </>
  );
}
