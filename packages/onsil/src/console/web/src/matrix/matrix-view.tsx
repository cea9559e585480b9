export default function MatrixView() {
  return <h1>Matrix</h1>;
}
