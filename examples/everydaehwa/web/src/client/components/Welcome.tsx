/** What the site is about. The conversation is a picture made of words, and hidden from screen readers. */
export function Welcome() {
  return (
    <header className="welcome">
      <p className="brand">
        <img src="/favicon.svg" alt="" width="32" height="32" />
        에브리 대화
      </p>
      <p className="tagline">매일 나누는 작은 대화가 자라는 곳</p>
      <div className="conversation" aria-hidden="true">
        <p>오늘 하루는 어땠어요?</p>
        <p>출근길에 새싹이 돋은 걸 봤어요.</p>
        <p>내일은 꽃이 필지도 모르겠네요.</p>
      </div>
    </header>
  );
}
