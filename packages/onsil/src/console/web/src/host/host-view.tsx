export default function HostView({ name }: { readonly name: string | undefined }) {
  return <h1>{name ?? 'Hosts'}</h1>;
}
