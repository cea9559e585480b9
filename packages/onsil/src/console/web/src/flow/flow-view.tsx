export default function FlowView() {
  return <h1>Flow</h1>;
}
