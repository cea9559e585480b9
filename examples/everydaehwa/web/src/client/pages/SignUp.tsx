import { pages } from '../../pages.ts';
import { api, type User } from '../api.ts';
import { Field } from '../components/Field.tsx';
import { Form } from '../components/Form.tsx';
import { Heading } from '../components/Heading.tsx';
import { Link } from '../components/Link.tsx';

export function SignUp({ onDone }: { readonly onDone: (user: User) => void }) {
  return (
    <>
      <Heading>처음 오셨군요, 환영해요</Heading>
      <Form action="회원가입" send={api.signUp} onDone={onDone}>
        {(errors) => (
          <>
            <Field
              name="name"
              label="이름"
              type="text"
              autoComplete="name"
              error={errors['name']}
            />
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
              autoComplete="new-password"
              hint="10자 이상. 긴 문장일수록 안전해요."
              error={errors['password']}
            />
          </>
        )}
      </Form>
      <p className="quiet">
        이미 계정이 있나요? <Link to={pages.home}>로그인하기</Link>
      </p>
    </>
  );
}
